"""The demo's two schools, its people and their first works, made by the built-in painter in the first seconds."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.conf import settings
from django.db import transaction

from ij8.accounts.models import OPEN_SCHOOL, AgeBand, Cohort, CohortMembership, Membership, School, Slot, User
from ij8.accounts.opening.demo import seed_opening
from ij8.ai.models import Budget
from ij8.core.tenancy import acting_in
from ij8.embedded.demo_drawings import seed_drawing
from ij8.embedded.demo_history import seed_history
from ij8.embedded.demo_joining import seed_joining
from ij8.embedded.demo_prompts import seed_prompts
from ij8.embedded.demo_safety import seed_safety
from ij8.embedded.demo_texts import seed_texts
from studio.jobs.backends import ensure_backends
from studio.jobs.submit import submit_job
from studio.models import JobClass, StudioSession

LONG_PX = settings.DEMO_LONG_PX
SHAPES = {
    "square": (LONG_PX * 4 // 5, LONG_PX * 4 // 5),
    "landscape": (LONG_PX, LONG_PX * 2 // 3),
    "portrait": (LONG_PX * 2 // 3, LONG_PX),
}
CLASS_NAME = "Art 6b"
PAINTER = "procedural/auto"


@dataclass(frozen=True)
class Someone:
    """One person of the demo, and what is in their one session: (prompt, shape, seed) for each work."""

    email: str
    name: str
    school: str
    role: str
    cohort_role: str = ""
    platform_role: str = ""
    session: str = ""
    works: tuple[tuple[str, str, int], ...] = ()


SCHOOLS = {OPEN_SCHOOL: "Open school", "linden": "Linden School", "harbour": "Harbour School"}
LESSONS = ((Slot.Weekday.MONDAY, time(9), time(10, 30)), (Slot.Weekday.THURSDAY, time(11), time(12, 30)))
CLASSES = {"linden": CLASS_NAME, "harbour": "Studio 5"}

PEOPLE = (
    Someone(
        "student1@demo.test", "Mia", "linden", "student", "student", session="Water and light",
        works=(
            ("ocean currents, blue and silver, flowing", "landscape", 11),
            ("a calm lake at dawn, soft pink and gold", "landscape", 12),
            ("moonlight on a river, indigo and silver", "portrait", 13),
        ),
    ),
    Someone(
        "student2@demo.test", "Noah", "linden", "student", "student", session="My garden",
        works=(
            ("a fern in spring, bright green, growing", "portrait", 21),
            ("autumn leaves, warm red and orange, scattered", "square", 22),
            ("moss and lichen, organic, soft green", "square", 23),
        ),
    ),
    Someone(
        "student3@demo.test", "Amina", "linden", "student", "student", session="Desert evenings",
        works=(
            ("desert dunes at sunset, warm sand, waves", "landscape", 31),
            ("copper and turquoise mosaic", "square", 32),
        ),
    ),
    Someone(
        "student4@demo.test", "Leo", "linden", "student", "student", session="Space",
        works=(
            ("a spiral galaxy, violet and gold, dense", "square", 41),
            ("northern lights, green over a dark sky", "landscape", 42),
            ("planets, circles, red and black, bold", "portrait", 43),
        ),
    ),
    Someone(
        "student5@demo.test", "Hana", "linden", "student", "student", session="Patterns",
        works=(
            ("coral cells, pink, organic maze", "square", 51),
            ("stained glass, jewel colours, radial", "square", 52),
        ),
    ),
    Someone(
        "student6@demo.test", "Mateo", "linden", "student", "student", session="Weather",
        works=(
            ("storm clouds, grey and white, wild", "landscape", 61),
            ("snow crystals, ice blue, radial, delicate", "square", 62),
        ),
    ),
    Someone(
        "teacher@demo.test", "Amara", "linden", "teacher", "lead_teacher", session="Examples for the class",
        works=(
            ("flow field, black ink, sparse", "landscape", 71),
            ("circles, pastel, balanced", "square", 72),
        ),
    ),
    Someone(
        "assistant@demo.test", "Jonas", "linden", "user", "assistant", session="Trying things out",
        works=(("stippling, black ink, mountain", "portrait", 81),),
    ),
    Someone(
        "school@demo.test", "Sofia", "linden", "admin", session="For the corridor",
        works=(("a tree in summer, green and gold", "portrait", 91),),
    ),
    Someone(
        "admin@demo.test", "Robin", OPEN_SCHOOL, "user", platform_role="admin", session="First look",
        works=(("marble, white and gold, smooth", "landscape", 101),),
    ),
    Someone(
        "artist@demo.test", "Ilse", OPEN_SCHOOL, "user", session="Studies in ochre",
        works=(
            ("ochre and indigo, attractor, fine lines", "square", 111),
            ("volcanic lava, glowing red, turbulent", "landscape", 112),
            ("forest at dusk, branches, deep green", "portrait", 113),
        ),
    ),
    Someone(
        "teacher@other.test", "Marek", "harbour", "teacher", "lead_teacher", session="Harbour colours",
        works=(("city lights at night, blue and orange", "landscape", 121),),
    ),
    Someone(
        "student@other.test", "Elif", "harbour", "student", "student", session="Birds",
        works=(("feathers, teal and violet, flowing", "portrait", 131), ("waves on the sea, sparse", "landscape", 132)),
    ),
)  # fmt: skip


def seed_demo() -> None:
    """Makes whatever of the demo is missing. Asked again it changes nothing, and what people did since is kept."""
    ensure_backends()
    schools = {slug: _school(slug, name) for slug, name in SCHOOLS.items()}
    with transaction.atomic():
        cohorts = {slug: _cohort(schools[slug], name) for slug, name in CLASSES.items()}
        members = {one.email: _member(one, schools[one.school], cohorts.get(one.school)) for one in PEOPLE}
    _budgets(schools["linden"], cohorts["linden"])
    seed_safety(members, cohorts["linden"])
    seed_opening(schools["linden"])
    seed_joining(members, cohorts["linden"])
    for one in PEOPLE:
        _works(one, members[one.email], cohorts.get(one.school) if one.cohort_role else None)
    seed_history(members)
    seed_drawing(members)
    seed_texts(members)
    seed_prompts(members)


def _school(slug: str, name: str) -> School:
    return School.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def _cohort(school: School, name: str) -> Cohort:
    cohort, made = Cohort.objects.get_or_create(school=school, name=name)
    for weekday, starts, ends in LESSONS if made else ():
        Slot.objects.create(school=school, cohort=cohort, weekday=weekday, starts=starts, ends=ends)
    return cohort


def _member(one: Someone, school: School, cohort: Cohort | None) -> Membership:
    """A person of the demo has no password: a card or a code opens the account, in the demo only."""
    user = User.objects.filter(email=one.email).first() or User.objects.create_user(
        one.email, name=one.name, is_demo=True, platform_role=one.platform_role
    )
    if one.role == Membership.Role.STUDENT and not user.username:
        User.objects.filter(pk=user.pk).update(school=school, username=one.name.lower())
    band = AgeBand.ADULT if one.role == Membership.Role.USER else ""
    member, _ = Membership.objects.get_or_create(user=user, school=school, defaults={"role": one.role, "age_band": band})
    if cohort is not None and one.cohort_role:
        CohortMembership.objects.get_or_create(cohort=cohort, member=member, defaults={"school": school, "role": one.cohort_role})
    return member


def _budgets(school: School, cohort: Cohort) -> None:
    """What a school may begin with; nothing in the demo costs anything until a provider is connected."""
    for level, place, usd in (("school", None, 40), ("cohort", cohort, 15), ("each", cohort, 1)):
        amounts = {"hard_usd": usd, "soft_usd": usd // 2 or None}
        Budget.objects.get_or_create(school=school, level=level, cohort=place, member=None, defaults=amounts)


def _works(one: Someone, member: Membership, cohort: Cohort | None) -> None:
    """A first session with its jobs, in the lane that gives way to what a person asks for now."""
    with acting_in(member.school_id):
        if StudioSession.objects.filter(member=member).exists():
            return
        session = StudioSession.objects.create(school_id=member.school_id, member=member, cohort=cohort, title=one.session)
        for prompt, shape, seed in one.works:
            width, height = SHAPES[shape]
            params: dict[str, Any] = {"model": PAINTER, "prompt": prompt, "width": width, "height": height, "seed": seed}
            submit_job(member=member, operation="image.generate", params=params, session=session, job_class=JobClass.BATCH)
