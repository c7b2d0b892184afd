"""A roster as its page shows it: the rows of one kind, a hundred at a time, in the reader's words."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import AgeBand, CohortMembership, Membership, Roster
from ij8.accounts.roster.shapes import Change, Entry, Leave, Plan
from ij8.accounts.roster.words import says

PAGE = 100
KINDS: dict[str, Promise] = {  # in the order in which one wants to see them
    "error": gettext_lazy("Problems"),
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "invited": gettext_lazy("Invited"),
    "leaving": gettext_lazy("Leaving"),
    "unchanged": gettext_lazy("Unchanged"),
}
ICONS = {
    "error": "triangle-alert",
    "new": "user-plus",
    "changed": "pencil",
    "invited": "mail",
    "leaving": "user-minus",
    "unchanged": "check",
}
COLUMNS: dict[str, Promise] = {
    "username": gettext_lazy("username"),
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail address"),
    "role": gettext_lazy("role"),
    "age band": gettext_lazy("age band"),
}


@dataclass(frozen=True)
class Line:
    """`line`: of the file, None for who is not in it. `told`: what would happen, each a sentence; `wrong`: why it cannot."""

    line: int | None
    name: str
    key: str
    told: list[str]
    wrong: list[str]


def shown(roster: Roster, kind: str, begin: int) -> dict[str, Any]:
    """What the page of a dry run needs. `kind` "" is the first that has any; `begin` the place of the first line."""
    plan = Plan.model_validate(roster.plan)
    counts = plan.counts()
    chips = [
        {"kind": one, "label": label, "count": counts[one], "icon": ICONS[one]} for one, label in KINDS.items() if counts[one]
    ]
    chosen = kind if counts.get(kind) and kind in KINDS else chips[0]["kind"] if chips else ""
    if chosen == "leaving":
        rows: list[Any] = list(plan.leaving)
    else:
        rows = [entry for entry in plan.entries if entry.verdict == chosen]
    page = rows[begin : begin + PAGE]
    return {
        "chips": chips,
        "kind": chosen,
        "lines": [leaving_line(row) if isinstance(row, Leave) else entry_line(row) for row in page],
        "next_begin": begin + PAGE if len(rows) > begin + PAGE else None,
        "counts": counts,
        "good": counts["new"] + counts["changed"] + counts["invited"],
        "missing": plan.missing,
        "ends": sum(leave.ends for leave in plan.leaving),
        "read": roster.plan.get("read", {}),
    }


def entry_line(entry: Entry) -> Line:
    role = entry.row.role
    told = [_change(change) for change in entry.changes]
    if entry.verdict in ("new", "invited"):
        told.append(_("comes in as %(role)s") % {"role": Membership.Role(role).label})
        if entry.row.age_band:
            told.append(str(AgeBand(entry.row.age_band).label))
    for name, place in entry.joins:
        told.append(_("joins %(name)s as %(place)s") % {"name": name, "place": CohortMembership.Role(place).label})
    told += [says(note) for note in entry.notes]
    key = entry.row.username or entry.row.email
    return Line(entry.line, entry.row.name or key, key, told, [says(problem) for problem in entry.problems])


def leaving_line(leave: Leave) -> Line:
    told = [_("leaves %(name)s") % {"name": ", ".join(leave.classes)}]
    if leave.ends:
        told.append(_("leaves the school, being in no other class"))
    return Line(None, leave.name or leave.username, leave.username, told, [])


def _change(change: Change) -> str:
    words = {"role": Membership.Role, "age band": AgeBand}.get(change.field)
    old = str(words(change.old).label) if words and change.old else change.old
    new = str(words(change.new).label) if words else change.new
    told = {"column": COLUMNS[change.field], "old": old, "new": new}
    return _("%(column)s: %(old)s → %(new)s") % told if old else _("%(column)s: %(new)s") % told
