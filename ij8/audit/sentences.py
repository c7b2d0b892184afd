"""What the log says: each entry as one sentence, and what changed from what to what, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.asks import ASKS
from ij8.accounts.models import Ask, Cohort, Membership, User
from ij8.audit.models import Entry
from ij8.audit.tracked import GROUPS, TRACKED, Tracked

Names = dict[str, str]
ROLES = {
    Membership.Role.ADMIN: gettext_lazy("%(who)s made %(whom)s a school admin."),
    Membership.Role.TEACHER: gettext_lazy("%(who)s made %(whom)s a teacher."),
    Membership.Role.STUDENT: gettext_lazy("%(who)s made %(whom)s a student."),
    Membership.Role.USER: gettext_lazy("%(who)s made %(whom)s an artist."),
}
SUBJECTS: dict[str, type] = {"person": User, "cohort": Cohort}  # kinds whose own row has a name
GIVEN = {"CharField", "TextField", "SlugField", "EmailField", "URLField", "JSONField", "ArrayField"}
INSERT, UPDATE, DELETE = Entry.Act.INSERT, Entry.Act.UPDATE, Entry.Act.DELETE


@dataclass(frozen=True)
class Change:
    """`is_data`: what it was and becomes are names and signs as people and places gave them, the same in every language."""

    label: str
    was: str
    becomes: str
    is_data: bool = False


@dataclass(frozen=True)
class Line:
    """`changes` is what the sentence leaves out."""

    entry: Entry
    who: str
    group: str
    sentence: str
    changes: list[Change] = field(default_factory=list)


def lines_of(entries: list[Entry]) -> list[Line]:
    """`entries` come with actor, about and behind. Three queries for the names in them, however many."""
    names = _names(entries)
    return [_line(entry, names) for entry in entries]


def _names(entries: Iterable[Entry]) -> Names:
    ids: dict[type, set[str]] = {Membership: set(), Cohort: set(), User: set()}
    for entry in entries:
        if entry.kind in SUBJECTS:
            ids[SUBJECTS[entry.kind]].add(entry.subject)
        for name, model_field in _relations(entry):
            if model_field.related_model in ids:
                ids[model_field.related_model] |= {str(side[name]) for side in (entry.was, entry.becomes) if side.get(name)}
    members = Membership.objects.filter(pk__in=ids[Membership]).select_related("user")
    return {
        **{str(row.pk): str(row.user) for row in members},
        **{str(row.pk): row.name for row in Cohort.objects.filter(pk__in=ids[Cohort])},
        **{str(row.pk): str(row) for row in User.objects.filter(pk__in=ids[User])},
    }


def _relations(entry: Entry) -> list[tuple[str, Any]]:
    if entry.kind not in TRACKED:
        return []
    tracked = TRACKED[entry.kind]
    found = [(tracked.column_of(name), _field(tracked, name)) for name in tracked.columns]
    return [(column, one) for column, one in found if isinstance(one, ForeignKey)]


def _field(tracked: Tracked, name: str) -> "Field[Any, Any]":
    found: Field[Any, Any] = apps.get_model(tracked.model)._meta.get_field(name)
    return found


def who_words(entry: Entry) -> str:
    if entry.behind:
        return _("%(by)s (looking in as %(name)s)") % {"by": entry.behind.user, "name": entry.actor and entry.actor.user}
    if entry.actor:
        return str(entry.actor.user)
    how, _space, what = entry.via.partition(" ")
    words = {"request": _("A visitor"), "job": _("A job"), "worker": _("The worker"), "command": _("The command “%(name)s”")}
    return words.get(how, _("Somebody at the database")) % {"name": what}


def _line(entry: Entry, names: Names) -> Line:
    if entry.kind not in TRACKED:
        return Line(entry, who_words(entry), "", _("%(who)s changed %(thing)s.") % {"who": who_words(entry), "thing": entry.kind})
    tracked = TRACKED[entry.kind]
    found = {name: _change(tracked, name, entry, names) for name in (*tracked.columns, *tracked.hidden_columns)}
    values = {name: change.becomes or change.was if change else "" for name, change in found.items()}
    name = (names.get(entry.subject, "") if entry.kind == "cohort" else "") or values.get("name", "")
    said = {**values, "who": who_words(entry), "whom": _whom(entry, names), "name": name}
    sentence, told = _special(entry, said) or _general(entry, tracked, said)
    changes = [change for name, change in found.items() if change and name not in told]
    return Line(entry, said["who"], str(GROUPS.get(tracked.group, "")), sentence, changes)


def _whom(entry: Entry, names: Names) -> str:
    if entry.about:
        return str(entry.about.user)
    return names.get(entry.subject, "") if entry.kind == "person" else ""


def _change(tracked: Tracked, name: str, entry: Entry, names: Names) -> Change | None:
    column = tracked.column_of(name)
    if column not in {**entry.was, **entry.becomes}:
        return None
    if name in tracked.hidden_columns:
        return Change(str(tracked.hidden_columns[name]), "", _("changed")) if entry.act == UPDATE else None
    watched = _field(tracked, name)
    was, becomes = (_value(watched, side.get(column), names) for side in (entry.was, entry.becomes))
    return Change(str(tracked.columns[name]), was, becomes, _is_data(watched)) if was or becomes else None


def _is_data(model_field: "Field[Any, Any]") -> bool:
    if isinstance(model_field, ForeignKey):
        return True
    return model_field.get_internal_type() in GIVEN and not model_field.flatchoices and not _is_kind_of_ask(model_field)


def _is_kind_of_ask(model_field: "Field[Any, Any]") -> bool:
    return (model_field.model, model_field.name) == (Ask, "kind")


def _value(model_field: "Field[Any, Any]", value: Any, names: Names) -> str:
    """As a person reads it; "" for nothing."""
    if value in (None, "", []):
        return ""
    if isinstance(model_field, ForeignKey):
        return names.get(str(value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if _is_kind_of_ask(model_field) and value in ASKS:
        return str(ASKS[value].label)
    kind = model_field.get_internal_type()
    if kind == "DateTimeField" and (moment := parse_datetime(str(value))):
        return _moment(moment)
    if kind == "DateField" and (day := parse_date(str(value))):
        return str(date_format(day, "DATE_FORMAT"))
    if kind == "DecimalField":
        return f"${float(value):g}" if model_field.name.endswith("_usd") else f"{float(value):g}"
    return str(dict(model_field.flatchoices).get(value, value))


def _moment(moment: date | datetime) -> str:
    local = timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment
    return str(date_format(local, "SHORT_DATETIME_FORMAT"))


def _special(entry: Entry, said: dict[str, str]) -> tuple[str, set[str]] | None:
    """A sentence of its own for what is asked most, and the columns that it tells; None for all others."""
    made = {key: entry.becomes.get(key) for key in ("role", "active", "platform_role")}
    match (entry.kind, entry.act):
        case ("membership", "INSERT"):
            return _("%(who)s brought %(whom)s in as %(role)s.") % said, {"role", "active"}
        case ("membership", "UPDATE") if made["role"] in ROLES:
            return str(ROLES[Membership.Role(str(made["role"]))]) % said, {"role"} if "active" not in entry.becomes else set()
        case ("membership", "UPDATE") if made["active"] is False:
            return _("%(who)s ended the membership of %(whom)s.") % said, {"active", "left_at"}
        case ("membership", "UPDATE") if made["active"] is True:
            return _("%(who)s took %(whom)s back in.") % said, {"active", "left_at"}
        case ("cohort_membership", "INSERT"):
            return _("%(who)s put %(whom)s into %(cohort)s as %(role)s.") % said, {"cohort", "role"}
        case ("cohort_membership", "DELETE"):
            return _("%(who)s took %(whom)s out of %(cohort)s.") % said, {"cohort", "role"}
        case ("person", _act) if made["platform_role"]:
            return _("%(who)s made %(whom)s a %(platform_role)s.") % said, {"platform_role", "is_active"}
        case ("impersonation", "INSERT"):
            return _("%(by)s looked in as %(whom)s: %(reason)s") % said, {"by", "reason", "ended_at"}
        case ("impersonation", "UPDATE"):
            who = str(entry.behind.user) if entry.behind else said["who"]
            return _("%(who)s stopped looking in as %(whom)s.") % {**said, "who": who}, {"ended_at"}
        case ("provider_key", "INSERT"):
            return _("%(who)s added a key for %(provider)s.") % said, {"provider"}
        case _other:
            return None


def _general(entry: Entry, tracked: Tracked, said: dict[str, str]) -> tuple[str, set[str]]:
    """ "Sofia changed a budget of Mia.", and the columns that it tells."""
    thing = _("%(thing)s %(name)s") % {"thing": tracked.thing, "name": said["name"]} if said["name"] else str(tracked.thing)
    words = {"who": said["who"], "thing": thing, "whom": said["whom"]}
    if said["whom"]:
        patterns = {INSERT: _("%(who)s added %(thing)s of %(whom)s."), UPDATE: _("%(who)s changed %(thing)s of %(whom)s."),
                    DELETE: _("%(who)s removed %(thing)s of %(whom)s.")}  # fmt: skip
    else:
        patterns = {INSERT: _("%(who)s added %(thing)s."), UPDATE: _("%(who)s changed %(thing)s."),
                    DELETE: _("%(who)s removed %(thing)s.")}  # fmt: skip
    return patterns[Entry.Act(entry.act)] % words, set() if entry.act == UPDATE else {"name"}
