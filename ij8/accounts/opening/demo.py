"""The demo's school has a school year, and somebody who waits at its door."""

from datetime import date

from django.utils import timezone

from ij8.accounts.asks import make_ask
from ij8.accounts.models import Ask, School, Term
from ij8.accounts.opening.kinds import Knock


def seed_opening(school: School) -> None:
    """Asked again it changes nothing."""
    if not Term.objects.filter(school=school).exists():
        Term.objects.bulk_create(_year(school, timezone.localdate()))
    if not Ask.objects.filter(school=school, kind="account").exists():
        visitor = Knock(name="Ada", email="ada@demo.test")
        words = "I teach drawing and take over on Fridays from next month."
        make_ask(kind="account", school=school, asked_by=None, details=visitor, words=words)


def _year(school: School, today: date) -> list[Term]:
    """The school year around today, which begins in September."""
    begins = today.year if today.month >= 9 else today.year - 1
    autumn = Term(school=school, name="Autumn", starts=date(begins, 9, 1), ends=date(begins, 12, 18))
    return [autumn, Term(school=school, name="Spring", starts=date(begins + 1, 1, 11), ends=date(begins + 1, 6, 30))]
