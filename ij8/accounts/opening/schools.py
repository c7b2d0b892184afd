"""What a school is when it opens, and how it changes. The API, the pages and what is granted all come through here."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ij8.accounts.models import Membership, School, SignUpPolicy, Term
from ij8.accounts.opening.letters import write_later
from ij8.accounts.opening.people import bring_in
from ij8.accounts.preferences import zones
from ij8.core.errors import Conflict, NotFound
from ij8.core.registry import Registry

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
Spans = list[tuple[date, date]]  # first and last days
TERMS_CHANGED: Registry[Callable[[School, Spans], None]] = Registry("follower of terms")  # gets the terms as they were
SLUG_LENGTH, MOST_TERMS, MOST_DOMAINS = 50, 12, 20


def check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug):
        raise ValidationError(_("Use small letters from a to z, digits, and single dashes between them."))
    if School.objects.filter(slug=slug).exists():
        suggestion = {"slug": slug, "free": free_slug(slug)}
        raise ValidationError(_("Another school has “%(slug)s”. “%(free)s” is free.") % suggestion)


def free_slug(name: str) -> str:
    """A short name for addresses, made from `name`, that no school has yet. One query."""
    base = (slugify(name) or "school").strip("-_").replace("_", "-")[: SLUG_LENGTH - 4].strip("-") or "school"
    taken = set(School.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def _is_zone(name: str) -> str:
    if name not in zones():
        raise ValueError("a zone of the IANA list, such as Europe/Berlin")
    return str(ZoneInfo(name))


def _is_language(code: str) -> str:
    if code and code not in dict(settings.LANGUAGES):
        raise ValueError("a language that is spoken here: " + ", ".join(dict(settings.LANGUAGES)))
    return code


def clean_domain(typed: str) -> str:
    """ "@Linden.Example" → "linden.example". ValueError when it is no domain."""
    domain = typed.strip().lower().removeprefix("@").rstrip(".")
    try:
        plain = domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        plain = ""
    if not DOMAIN.fullmatch(plain):
        raise ValueError(_("“%(typed)s” is no domain, such as school.example.") % {"typed": typed.strip()})
    return plain


Domain = Annotated[str, Field(max_length=300), AfterValidator(clean_domain)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class TermFacts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=60)]
    starts: date
    ends: date

    @model_validator(mode="after")
    def _in_order(self) -> "TermFacts":
        if self.ends < self.starts:
            raise ValueError(_("A term ends after it starts."))
        return self


class SchoolFacts(BaseModel):
    """Everything about a school that opening it asks for. `locale` "": as the browser asks."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=200)]
    slug: Annotated[str, Field(max_length=SLUG_LENGTH, pattern=rf"^{SLUG.pattern}$")]
    time_zone: Annotated[str, AfterValidator(_is_zone)] = "UTC"
    locale: Annotated[str, Field(max_length=10), AfterValidator(_is_language)] = ""
    email_domains: Annotated[list[Domain], Field(max_length=MOST_DOMAINS)] = []
    terms: Annotated[list[TermFacts], Field(max_length=MOST_TERMS)] = []
    simple_up_to: Literal["", "under_13", "13_15", "16_17", "adult"] = ""
    sign_up: Literal["closed", "ask", "listed", "adults"] = "closed"


class SchoolChanges(BaseModel):
    """What is left out stays. `slug` never changes: addresses and printed cards carry it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=200)] = ""
    time_zone: Annotated[str, AfterValidator(_is_zone)] = "UTC"
    locale: Annotated[str, Field(max_length=10), AfterValidator(_is_language)] = ""
    email_domains: Annotated[list[Domain], Field(max_length=MOST_DOMAINS)] = []
    terms: Annotated[list[TermFacts], Field(max_length=MOST_TERMS)] = []
    simple_up_to: Literal["", "under_13", "13_15", "16_17", "adult"] = ""


COLUMNS = ("name", "time_zone", "locale", "email_domains", "simple_up_to")


def open_school(*, facts: SchoolFacts, admin_name: str, admin_email: str, logo_key: str = "", **ident: Any) -> School:
    """The school, its terms, who may sign up, and its first admin, in one transaction. Conflict when the slug was just taken.

    `logo_key` names a picture that is stored already, under the `id` given as `ident`.
    """
    try:
        with transaction.atomic():
            columns = {name: getattr(facts, name) for name in COLUMNS}
            school = School.objects.create(slug=facts.slug, logo_key=logo_key, **columns, **ident)
            _keep_terms(school, facts.terms)
            SignUpPolicy.objects.create(school=school, mode=facts.sign_up)
            admin = bring_in(school=school, email=admin_email, name=admin_name, role=Membership.Role.ADMIN)
            write_later("school_open", admin.user, school=school)
    except IntegrityError as error:
        raise Conflict(_("Another school took “%(slug)s” just now.") % {"slug": facts.slug}, code="slug_taken") from error
    return school


def access_any_school(school_id: uuid.UUID) -> School:
    """For the platform, whose pages span schools; whoever calls has asked for the role."""
    school = School.objects.filter(pk=school_id).first()
    if school is None:
        raise NotFound()
    return school


def change_school(school: School, changes: SchoolChanges) -> School:
    with transaction.atomic():
        given = changes.model_fields_set
        for name in set(COLUMNS) & given:
            setattr(school, name, getattr(changes, name))
        school.save(update_fields=[name for name in COLUMNS if name in given])
        if "terms" in given:
            before = spans_of(school)
            _keep_terms(school, changes.terms)
            for name in TERMS_CHANGED:
                TERMS_CHANGED[name](school, before)
    return school


def spans_of(school: School) -> Spans:
    return list(Term.objects.filter(school=school).values_list("starts", "ends"))


def _keep_terms(school: School, terms: list[TermFacts]) -> None:
    Term.objects.filter(school=school).delete()
    Term.objects.bulk_create(Term(school=school, **term.model_dump()) for term in terms)


def sign_up_of(school: School) -> SignUpPolicy:
    """What holds at the school's door; closed where nobody said otherwise, and in the demo's open school open to adults."""
    try:
        return school.sign_up
    except SignUpPolicy.DoesNotExist:
        pass
    open_to_adults = settings.DEMO and school.is_open_school
    return SignUpPolicy(school=school, mode=SignUpPolicy.Mode.ADULTS if open_to_adults else SignUpPolicy.Mode.CLOSED)
