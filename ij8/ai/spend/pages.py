"""/school/spend/, /platform/spend/ and one's own at /settings/spend/: the same parts, each with what its viewer may see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ij8.accounts.access import member_required, platform_required, role_required
from ij8.accounts.models import Cohort, Membership, School
from ij8.ai.budgets.own import own_budgets
from ij8.ai.spend.bars import chart
from ij8.ai.spend.export import csv_pieces
from ij8.ai.spend.filters import PERIODS, Filters, filters_of_school, id_of, led_cohorts, read_days
from ij8.ai.spend.sums import Asked, Sum, Sums, sums
from ij8.core.addresses import with_query
from ij8.core.errors import NotFound
from ij8.core.streams import streamed

MOST_LINES = 25


@dataclass(frozen=True)
class Line:
    """One line of a table: a class, a person, a model; `url` narrows the page to it."""

    name: str
    sum: Sum
    url: str = ""


@require_safe
@role_required("admin", "teacher")
def school_spend(request: HttpRequest) -> HttpResponseBase:
    viewer = _member(request)
    filters = filters_of_school(viewer, request.GET.dict())
    if request.GET.get("as") == "csv":
        return _csv(request, filters.asked)
    found = sums(filters.asked)
    tables = {
        _("Classes"): _cohort_lines(request, found) if not filters.cohort else [],
        _("People"): _member_lines(request, found) if not filters.member else [],
        _("Models"): _model_lines(request, found),
    }
    is_admin = led_cohorts(viewer) is None
    return _page(request, "money/school_spend.html", filters, found, tables, has_tabs=is_admin)


@require_safe
@platform_required("admin", "dev")
@member_required
def platform_spend(request: HttpRequest) -> HttpResponseBase:
    since, until, days = read_days(request.GET.dict(), timezone.get_current_timezone_name())
    school = _school(request.GET["school"]) if request.GET.get("school") else None
    asked = Asked(since, until, (school.pk,) if school else None, model=request.GET.get("model") or None)
    if request.GET.get("as") == "csv":
        return _csv(request, asked, with_people=False)
    found = sums(asked)
    tables = {_("Schools"): _school_lines(request, found) if not school else [], _("Models"): _model_lines(request, found)}
    return _page(request, "money/platform_spend.html", Filters(asked, days), found, tables, school=school)


@require_safe
@member_required
def own_spend(request: HttpRequest) -> HttpResponseBase:
    member = _member(request)
    since, until, days = read_days(request.GET.dict(), member.school.time_zone)
    asked = Asked(since, until, (member.school_id,), member=member.pk, model=request.GET.get("model") or None)
    if request.GET.get("as") == "csv":
        return _csv(request, asked)
    found = sums(asked)
    tables = {_("Models"): _model_lines(request, found)}
    more = {"section": "spend", "budgets": own_budgets(member), "keeps_budgets": member.is_staff_of_school}
    return _page(request, "money/own_spend.html", Filters(asked, days), found, tables, **more)


def _page(
    request: HttpRequest, template: str, filters: Filters, found: Sums, tables: dict[str, list[Line]], **more: Any
) -> HttpResponse:
    asked = filters.asked
    context = {
        "filters": filters,
        "periods": [(days, with_query(request, days=str(days), since=None, until=None)) for days in PERIODS],
        "narrowed": _narrowed(request, filters, more.get("school")),
        "total": found.total,
        "chart": chart(found.day, asked.since, asked.until),
        "tables": {name: lines for name, lines in tables.items() if lines},
        "csv_url": with_query(request, **{"as": "csv"}),
        **more,
    }
    return render(request, template, context)


def _narrowed(request: HttpRequest, filters: Filters, school: School | None) -> list[tuple[str, str]]:
    """What the page is narrowed to, each with the address without it."""
    chosen = {"school": school, "cohort": filters.cohort, "member": filters.member and filters.member.user}
    named = {**{name: str(one) for name, one in chosen.items() if one}, "model": filters.asked.model or ""}
    return [(label, with_query(request, **{name: None})) for name, label in named.items() if label]


def _csv(request: HttpRequest, asked: Asked, *, with_people: bool = True) -> HttpResponseBase:
    name = _("spend %(since)s to %(until)s") % {"since": asked.since, "until": asked.until}
    return streamed(
        request, csv_pieces(asked, with_people=with_people), content_type="text/csv; charset=utf-8", name=f"{name}.csv"
    )


def _largest(found: dict[Any, Sum]) -> list[tuple[Any, Sum]]:
    return sorted(found.items(), key=lambda pair: (pair[1].usd, pair[1].house_usd), reverse=True)[:MOST_LINES]


def _cohort_lines(request: HttpRequest, found: Sums) -> list[Line]:
    largest = _largest(found.cohort)
    names = _names(Cohort.objects.filter(pk__in=[pk for pk, _sum in largest if pk]))
    outside = _("Outside of classes")
    return [
        Line(names.get(pk, outside), one, with_query(request, cohort=str(pk)) if pk else "") for pk, one in largest
    ]  # fmt: skip


def _member_lines(request: HttpRequest, found: Sums) -> list[Line]:
    largest = _largest(found.member)
    rows = Membership.objects.filter(pk__in=[pk for pk, _sum in largest]).select_related("user")
    names = {row.pk: str(row.user) for row in rows}
    return [Line(names.get(pk, ""), one, with_query(request, member=str(pk))) for pk, one in largest]


def _school_lines(request: HttpRequest, found: Sums) -> list[Line]:
    largest = _largest(found.school)
    names = _names(School.objects.filter(pk__in=[pk for pk, _sum in largest]))
    return [Line(names.get(pk, ""), one, with_query(request, school=str(pk))) for pk, one in largest]


def _model_lines(request: HttpRequest, found: Sums) -> list[Line]:
    return [Line(name, one, with_query(request, model=name)) for name, one in _largest(found.model)]


def _names(rows: Iterable[Any]) -> dict[uuid.UUID, str]:
    return {row.pk: str(row) for row in rows}


def _school(text: str) -> School:
    found = School.objects.filter(pk=id_of(text)).first()
    if found is None:
        raise NotFound()
    return found


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
