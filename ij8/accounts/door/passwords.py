"""Passwords that staff make for pupils. They are returned once and kept as hashes alone."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from ij8.accounts.door.sessions import end_all_of
from ij8.accounts.door.words import new_password
from ij8.accounts.models import GivenPassword, KnownDevice, Membership, User

ALONE = 2  # so few are hashed in the caller's thread


def set_words(user: User, typed: str) -> None:
    """A password of which case, spaces and dashes do not matter, for a pupil. Does not save."""
    user.password = make_password(typed, hasher="words")


def give_passwords(*, members: Sequence[Membership], by: Membership | None) -> dict[Membership, str]:
    """New passwords for these, whose schools and users are loaded. Whoever was signed in with the old one is signed out.

    Hashing takes 0.05 s of a core each and is done before the transaction, on all cores.
    """
    made = {member: new_password(member.school.locale) for member in members}
    hashes = _hashed(list(made.values()))
    with transaction.atomic():
        for member, encoded in zip(made, hashes, strict=True):
            member.user.password = encoded
        User.objects.bulk_update([member.user for member in made], ["password"], batch_size=500)
        _remember(members, by)
        KnownDevice.objects.filter(user__in=[member.user_id for member in members]).delete()
        end_all_of([member.user for member in members])
    return made


def _hashed(passwords: list[str]) -> list[str]:
    if len(passwords) <= ALONE:
        return [make_password(one, hasher="words") for one in passwords]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # Argon2 lets go of the interpreter's lock
        return list(pool.map(lambda one: make_password(one, hasher="words"), passwords))


def _remember(members: Sequence[Membership], by: Membership | None) -> None:
    now = timezone.now()
    GivenPassword.objects.bulk_create(
        [GivenPassword(member=one, school_id=one.school_id, made_by=by, made_at=now) for one in members],
        update_conflicts=True,
        update_fields=["made_by", "made_at"],
        unique_fields=["member"],
    )
