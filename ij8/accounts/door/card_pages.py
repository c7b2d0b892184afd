"""The page of cards: /classes/<class>/cards/ for its lead teachers, /school/cards/ for the school's admins.

Passwords are in the one answer that made them and nowhere else; a reload makes others, which the browser asks about.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import access_cohort, member_required, role_required
from ij8.accounts.door import cards, forgotten
from ij8.accounts.door.passwords import give_passwords
from ij8.accounts.door.pdf import PAPERS, cards_pdf
from ij8.accounts.models import Cohort, Membership
from ij8.accounts.people.links import class_tabs
from ij8.accounts.people.rules import refuse_archived
from ij8.core.errors import Invalid, NotFound
from ij8.core.places import address_of

either = require_http_methods(["GET", "HEAD", "POST"])
never_kept = cache_control(no_store=True, private=True)


@dataclass(frozen=True)
class Part:
    """The pupils of one sheet, in the order of their names. `made`: how many of them were given a password before."""

    number: int
    members: list[Membership]

    @property
    def made(self) -> int:
        return sum(1 for one in self.members if _was_given(one))

    @property
    def first(self) -> str:
        return str(self.members[0].user)

    @property
    def last(self) -> str:
        return str(self.members[-1].user)


@transaction.non_atomic_requests  # hashing a class takes seconds, which no transaction waits for
@never_kept
@either
@member_required
def class_cards(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    cohort = access_cohort(_member(request), cohort_id, "change")
    if request.method == "POST":
        refuse_archived(cohort)
    return _cards(request, cohort)


@transaction.non_atomic_requests
@never_kept
@either
@role_required("admin")
def school_cards(request: HttpRequest) -> HttpResponse:
    return _cards(request, None)


@require_safe
@member_required
def person_card(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """Leads to the line of this pupil, on the page of a class that one leads or of the school."""
    by = _member(request)
    found = cards.pupils_of(by.school).filter(pk=member_id).first()
    page = cards.page_for(found, by) if found else None
    if page is None:
        raise NotFound()
    return redirect(f"{page}?member={member_id}#member-{member_id}")


def _cards(request: HttpRequest, cohort: Cohort | None) -> HttpResponse:
    pupils = cards.with_state(cards.pupils_of(_member(request).school, cohort))
    if request.method != "POST":
        return _page(request, cohort, pupils)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid(_("This form is incomplete. Reload the page."), field="act", allowed=", ".join(ACTS))
    return act(request, cohort, _chosen(request, pupils))


def _page(request: HttpRequest, cohort: Cohort | None, pupils: QuerySet[Membership]) -> HttpResponse:
    rows = list(pupils)
    waiting = forgotten.waiting_among(cards.pupils_of(_member(request).school, cohort))
    asked = request.GET.get("member", "")
    parts = [
        Part(number, rows[start : start + cards.PART]) for number, start in enumerate(range(0, len(rows), cards.PART), start=1)
    ]
    context = {
        **_whose(cohort),
        "tabs": class_tabs(cohort, _member(request), request.path) if cohort else [],
        "parts": parts,
        "waiting": waiting,
        "asked": asked,
        "count": len(rows),
        "nameless": cards.without_username(_member(request).school, cohort),
        "papers": PAPERS,
    }
    return render(request, "door/cards.html", context)


def _whose(cohort: Cohort | None) -> dict[str, Any]:
    return {"cohort": cohort, "class_url": address_of("class_people", cohort.pk) if cohort else ""}


def _print(request: HttpRequest, cohort: Cohort | None, members: list[Membership]) -> HttpResponse:
    """Cards with a QR and no password."""
    return _pdf(request, cohort, cards.make_cards(members=members, by=_member(request)))


def _sheet(request: HttpRequest, cohort: Cohort | None, members: list[Membership]) -> HttpResponse:
    """Cards with new passwords on them."""
    made = _given(request, members)
    return _pdf(request, cohort, cards.make_cards(members=members, by=_member(request), passwords=made))


def _show(request: HttpRequest, cohort: Cohort | None, members: list[Membership]) -> HttpResponse:
    """New passwords, on a page that is shown once."""
    return render(request, "door/passwords.html", {**_whose(cohort), "made": list(_given(request, members).items())})


def _revoke(request: HttpRequest, cohort: Cohort | None, members: list[Membership]) -> HttpResponse:
    count = cards.revoke_cards(members)
    words = ngettext("%(n)s card ended. Its QR opens nothing now.", "%(n)s cards ended. Their QRs open nothing now.", count)
    messages.success(request, words % {"n": count})
    return redirect("class_cards", cohort.pk) if cohort else redirect("school_cards")


ACTS = {"print": _print, "sheet": _sheet, "passwords": _show, "revoke": _revoke}


def _given(request: HttpRequest, members: list[Membership]) -> dict[Membership, str]:
    by = _member(request)
    made = give_passwords(members=members, by=by)
    forgotten.answered(members, by)
    return made


def _chosen(request: HttpRequest, pupils: QuerySet[Membership]) -> list[Membership]:
    """`member`: one of them by id; `part`: a sheet by its number. NotFound for a person who is none of them."""
    if ident := request.POST.get("member"):
        found = pupils.filter(pk=_uuid(ident)).first()
        if found is None:
            raise NotFound()
        return [found]
    number = request.POST.get("part", "1")
    start = (int(number) - 1) * cards.PART if number.isdecimal() and int(number) else 0
    rows = list(pupils[start : start + cards.PART])
    if not rows:
        raise NotFound()
    return rows


def _pdf(request: HttpRequest, cohort: Cohort | None, faces: list[cards.Face]) -> HttpResponse:
    paper = request.POST.get("paper", "")
    content = cards_pdf(faces, paper=paper if paper in PAPERS else PAPERS[0])
    headers = {"Content-Disposition": f'attachment; filename="cards-{_part(request)}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _part(request: HttpRequest) -> str:
    number = request.POST.get("part", "1")
    return number if number.isdecimal() else "1"


def _was_given(member: Membership) -> bool:
    return hasattr(member, "given_password")


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound() from None


def _member(request: Any) -> Membership:
    member: Membership = request.member
    return member
