"""When two accounts become one, books stay as they were written, and keys are handed to nobody."""

import uuid
from collections.abc import Callable
from decimal import Decimal

from django.test import Client

from ij8.accounts.models import Membership
from ij8.accounts.people.merge import merge_members
from ij8.ai import ledger
from ij8.ai.keys.service import scope_of, set_key
from ij8.ai.models import LedgerEntry, ProviderKey, ProviderRules, SpendDay
from ij8.safety.models import Refusal
from tests.canary import canary


def test_what_was_spent_stays_with_the_old_account_and_the_page_says_so(
    school_admin: Membership, student: Membership, classmate: Membership, as_: Callable[[Membership], Client]
) -> None:
    ref = uuid.uuid4()
    ledger.reserve(member=classmate, refs=[ref], amount_usd=Decimal("0.5"), model="shop/small")
    ledger.settle(member=classmate, ref=ref, attempt=1, amount_usd=Decimal("0.25"), model="shop/small")
    page = as_(school_admin).get(f"/school/people/{student.pk}/merge/?other={classmate.pk}").content.decode()
    assert "what was spent so far stays under “Noah”" in page
    merge_members(kept=student, dropped=classmate, by=school_admin)
    ledger.release(member=student, ref=ref, model="shop/small")  # of work that ran meanwhile
    assert SpendDay.objects.get().member == classmate
    assert set(LedgerEntry.objects.values_list("kind", "member")) == {
        ("reservation", classmate.pk), ("settlement", classmate.pk), ("release", student.pk),
    }  # fmt: skip


def test_a_key_of_ones_own_is_forgotten_and_refusals_follow(
    school_admin: Membership, teacher: Membership, person: Callable[..., Membership]
) -> None:
    twin = person(teacher.school, "teacher", "Amara2")
    ProviderRules.objects.create(school=teacher.school, by="school", off=[])
    set_key(scope_of(twin, "personal", change=True), "openai", key=canary("own"))
    row = {"school": teacher.school, "where": "prompt", "text": "x", "categories": [], "hits": []}
    for member, digest in ((teacher, "a"), (twin, "a"), (twin, "b")):
        Refusal.objects.create(member=member, digest=digest, **row)
    merge_members(kept=teacher, dropped=twin, by=school_admin)
    assert not ProviderKey.objects.exists()
    assert sorted(Refusal.objects.filter(member=teacher).values_list("digest", flat=True)) == ["a", "b"]
