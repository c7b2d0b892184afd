"""What the demo's school has of safety: consent that four of six guardians gave, and one refusal by the real filter."""

from collections.abc import Mapping
from datetime import date

from ij8.accounts.models import Cohort, Membership
from ij8.safety.check import Context, WordsRefused, check_words
from ij8.safety.consent import Given, record_consent
from ij8.safety.models import Consent, ConsentKind, Refusal

CONSENTING = ("student1@demo.test", "student2@demo.test", "student4@demo.test", "student6@demo.test")
REFUSED = "a knight with a machine gun, silver and red"


def seed_safety(members: Mapping[str, Membership], cohort: Cohort) -> None:
    teacher = members["teacher@demo.test"]
    if Consent.objects.filter(school_id=teacher.school_id).exists():
        return
    given = Given(ConsentKind.PUBLICATION, date(2026, 9, 7), Consent.How.PAPER, version=0)
    record_consent(by=teacher, member_ids=[members[email].pk for email in CONSENTING], given=given)
    try:
        check_words(members["student4@demo.test"], REFUSED, Refusal.Where.PROMPT, context=Context(cohort.pk))
    except WordsRefused:
        return
