"""Who is in the classes of a file and not in the file itself."""

import uuid

from ij8.accounts.roster.known import Known, Pupil
from ij8.accounts.roster.shapes import Entry, Leave


def leaving(entries: list[Entry], known: Known) -> list[Leave]:
    """By class: whoever the file moves to another of its classes leaves the old one. Somebody whose row has a problem stays.

    For an admin, a pupil who is in no class any more and nowhere in the file leaves the school.
    """
    wanted, uncertain = _named(entries, known)
    names = {ident: name for found in known.cohorts.values() for ident, name in found}
    gone: dict[uuid.UUID, list[Pupil]] = {}
    for pupil in known.pupils:
        stays = pupil.member in uncertain or pupil.cohort in wanted.get(pupil.member, set())
        if not stays and known.leads(pupil.cohort):
            gone.setdefault(pupil.member, []).append(pupil)
    return [
        Leave(
            member=str(member),
            name=places[0].name,
            username=places[0].username,
            seats=[str(one.seat) for one in places],
            classes=[names[one.cohort] for one in places],
            ends=known.is_admin and member not in wanted and known.others[member] == len(places) and member != known.by.pk,
        )
        for member, places in gone.items()
    ]


def _named(entries: list[Entry], known: Known) -> tuple[dict[uuid.UUID, set[uuid.UUID]], set[uuid.UUID]]:
    """The classes that the file wants each member in; and those whose rows cannot be followed, or name no class."""
    wanted: dict[uuid.UUID, set[uuid.UUID]] = {}
    uncertain: set[uuid.UUID] = set()
    for entry in entries:
        people = (known.by_username.get(entry.row.username), known.by_email.get(entry.row.email))
        for person in people:
            if person is None or person.member is None:
                continue
            found = [known.cohorts.get(name.lower(), []) for name, _ in entry.row.classes]
            wanted.setdefault(person.member, set()).update(ident for one in found for ident, _ in one)
            if entry.problems or not entry.row.classes:
                uncertain.add(person.member)
    return wanted, uncertain
