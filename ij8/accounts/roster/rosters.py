"""A roster from the dry run to its undo: who may, what is kept, and that nothing is half done."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.joining.invitations import send_new
from ij8.accounts.models import Cohort, Membership, Roster
from ij8.accounts.people.rules import leads, led_by, lock_school, refuse_archived, refuse_strangers
from ij8.accounts.roster.committing import Choices, bring_in
from ij8.accounts.roster.known import known_to
from ij8.accounts.roster.planning import digest_of, plan_of
from ij8.accounts.roster.shapes import Done, Plan, Problem, Read, Row
from ij8.accounts.roster.table import read_table
from ij8.accounts.roster.undoing import put_back
from ij8.accounts.words import refused_words
from ij8.core.chores import Chore
from ij8.core.errors import Conflict, Forbidden, NotFound

UNDO_DAYS = 30
KEPT = timedelta(days=UNDO_DAYS)
BULKY = ("rows", "plan", "undo")


def make_roster(*, by: Membership, data: bytes, file_name: str = "", cohort: Cohort | None = None, encoding: str = "") -> Roster:
    """The dry run. `cohort`: the class of rows that name none. Nothing changes but this row.

    Invalid and TooLarge for a file that cannot be read; what is wrong with a row stands in the plan.
    """
    refuse_others(by, cohort)
    read = read_table(data, encoding)
    _refuse_words(read, by)
    if cohort:
        _put_into(cohort, read)
    plan = plan_of(read.rows, known_to(by, read.rows))
    told = {"columns": read.columns, "unused": read.unused, "encoding": read.encoding, "delimiter": read.delimiter}
    return Roster.objects.create(
        school_id=by.school_id,
        cohort=cohort,
        made_by=by,
        file_name=file_name[-200:],
        counts={**plan.counts(), "rows": len(read.rows)},
        rows=[row.model_dump(mode="json") for row in read.rows],
        plan={**plan.model_dump(mode="json"), "read": told},
        digest=digest_of(plan),
    )


def _refuse_words(read: Read, by: Membership) -> None:
    named = [" ".join(filter(None, (row.username, row.name, *(name for name, _ in row.classes)))) for row in read.rows]
    for row, words in zip(read.rows, refused_words(by, named), strict=True):
        if words:
            row.problems.append(Problem(code="words", params={"words": ", ".join(words)[:60]}))


def _put_into(cohort: Cohort, read: Read) -> None:
    for row in read.rows:
        row.classes = row.classes or [(cohort.name, "")]


def commit_roster(*, roster: Roster, by: Membership, choices: Choices) -> bool:
    """Brings it in, whole. False when the school has changed since the dry run: the roster has the new plan, look again.

    Conflict when it was brought in already, when nothing can be, or when rows have problems and `skip_errors` is not chosen.
    """
    refuse_others(by, roster.cohort)
    try:
        with transaction.atomic():
            return _commit(roster, by, choices)
    except IntegrityError:  # a username or an address was taken by somebody who came in past the lock
        plan = _plan_again(roster, by)
        Roster.objects.filter(pk=roster.pk, state=Roster.State.PLANNED).update(**plan)
        return False


def _commit(roster: Roster, by: Membership, choices: Choices) -> bool:
    lock_school(by.school_id)
    roster = Roster.objects.select_for_update(of=("self",)).select_related("cohort").filter(pk=roster.pk).first() or roster
    if roster.state != Roster.State.PLANNED or not roster.rows:
        raise Conflict(_("This list was brought in already, or is too old. Send the file again."), code="not_planned")
    by = _anew(by)
    refuse_others(by, roster.cohort)
    fresh = _plan_again(roster, by)
    if fresh["digest"] != roster.digest:
        Roster.objects.filter(pk=roster.pk).update(**fresh)
        return False
    plan = Plan.model_validate(roster.plan)
    counts = plan.counts()
    if counts["error"] and not choices.skip_errors:
        raise Conflict(
            _("Some rows have problems. Mend them in the file, or choose to leave them out."), code="rows_with_problems"
        )
    if not (counts["new"] or counts["changed"] or counts["invited"] or (choices.end_missing and counts["leaving"])):
        raise Conflict(_("Nothing in this list would change anything."), code="nothing_to_do")
    done = bring_in(plan, choices, by)
    Roster.objects.filter(pk=roster.pk).update(
        state=Roster.State.COMMITTED,
        committed_at=timezone.now(),
        undo=done.model_dump(mode="json"),
        rows=[],
        counts={**roster.counts, "ended": len(done.ended), "left": len(done.left_seats), "created": len(done.cohorts)},
    )
    if done.invitations:
        transaction.on_commit(lambda: send_new(done.invitations))
    return True


def _plan_again(roster: Roster, by: Membership) -> dict[str, object]:
    rows = [Row.model_validate(row) for row in roster.rows]
    plan = plan_of(rows, known_to(by, rows))
    return {
        "plan": {**plan.model_dump(mode="json"), "read": roster.plan.get("read", {})},
        "digest": digest_of(plan),
        "counts": {**plan.counts(), "rows": len(rows)},
    }


def undo_roster(*, roster: Roster, by: Membership) -> None:
    """Puts back what was, whole, within 30 days. Forbidden for others than `may_undo` says.

    Conflict when it is too late, and, with names, where something has changed since.
    """
    with transaction.atomic():
        lock_school(by.school_id)
        by = _anew(by)
        roster = Roster.objects.select_for_update(of=("self",)).select_related("cohort").filter(pk=roster.pk).first() or roster
        refuse_others(by, roster.cohort)
        if not _is_open(roster):
            raise Conflict(_("This list cannot be undone any more."), code="not_committed")
        if not may_undo(roster, by):
            raise Forbidden(_("Only who brought this list in and the admins of your school can undo it."))
        done = Done.model_validate(roster.undo)
        _refuse_reach(done, by)
        put_back(done)
        Roster.objects.filter(pk=roster.pk).update(state=Roster.State.UNDONE, undone_at=timezone.now(), undo={}, plan={})


def may_undo(roster: Roster, by: Membership) -> bool:
    """While it can be: what an admin brought in any admin takes back, what a teacher did she herself too."""
    if not _is_open(roster):
        return False
    return by.role == Membership.Role.ADMIN or (roster.undo["by"] == str(by.pk) and not roster.undo["as_admin"])


def _is_open(roster: Roster) -> bool:
    is_late = roster.committed_at is not None and roster.committed_at < timezone.now() - KEPT
    return roster.state == Roster.State.COMMITTED and bool(roster.undo) and not is_late


def _refuse_reach(done: Done, by: Membership) -> None:
    """Nobody gives herself a role, not by an undo either; so whoever undoes stays an admin, and a school keeps one."""
    if {"role", "active"} & done.changed_members.get(str(by.pk), {}).keys():
        raise Forbidden(_("This list changed your own role. Ask another admin to undo it."))
    if by.role == Membership.Role.ADMIN:
        return
    touched = {cohort for cohort, _member, _role in done.seats} | {seat.cohort for seat in done.left_seats}
    if not touched <= {str(cohort) for cohort in led_by(by).filter(role="lead_teacher").values_list("cohort_id", flat=True)}:
        raise Forbidden(_("You do not lead all classes of this list any more. Ask an admin of your school to undo it."))


def forget_old() -> None:
    """Lists hold names. Nobody can use those of more than 30 days ago, so these lose them."""
    old = Roster.objects.alias(since=Coalesce("committed_at", "created")).filter(since__lt=timezone.now() - KEPT)
    old.exclude(rows=[], plan={}, undo={}).update(rows=[], plan={}, undo={})


OLD_ROSTERS = Chore(3600.0, forget_old)


def rosters_of(by: Membership, cohort: Cohort | None = None) -> QuerySet[Roster]:
    """Those that this person may see, without their people."""
    rows = Roster.objects.filter(school_id=by.school_id).defer(*BULKY).select_related("made_by__user", "cohort")
    if cohort:
        rows = rows.filter(cohort=cohort)
    if by.role != Membership.Role.ADMIN:
        mine = led_by(by).filter(role="lead_teacher").values("cohort")
        rows = rows.filter(Q(made_by=by) | Q(cohort__in=mine))
    return rows


def access_roster(by: Membership, roster_id: uuid.UUID) -> Roster:
    """NotFound for another school's; Forbidden for whoever neither made it nor leads its class nor is an admin."""
    roster = Roster.objects.filter(school_id=by.school_id, pk=roster_id).select_related("cohort", "made_by__user").first()
    if roster is None:
        raise NotFound()
    if by.role != Membership.Role.ADMIN and not (
        by.role == Membership.Role.TEACHER
        and (roster.made_by_id == by.pk or (roster.cohort is not None and leads(by, roster.cohort)))
    ):
        raise Forbidden(_("Only who made this list and the admins of your school can open it."))
    return roster


def refuse_others(by: Membership, cohort: Cohort | None) -> None:
    """Lists are for admins, and for teachers who lead the class that the list is for."""
    if cohort:
        refuse_strangers(by, cohort)
        refuse_archived(cohort)
    is_hers = cohort is not None and by.role == Membership.Role.TEACHER and leads(by, cohort)
    if by.role != Membership.Role.ADMIN and not is_hers:
        raise Forbidden(_("Lists are brought in by the admins of your school, and into a class by its lead teachers."))


def _anew(by: Membership) -> Membership:
    """The acting person as she is now, after the lock: an admin may have stopped being one."""
    found = Membership.objects.filter(pk=by.pk, active=True).select_related("school").first()
    if found is None:
        raise Forbidden(_("You do not belong to this school any more."))
    return found
