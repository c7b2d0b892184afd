"""A sheet of variations: from the fields of All settings to jobs, and as its turn draws it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error, Invalid
from ij8.core.validation import validated
from studio.jobs.sheets import LONGEST_VALUE, Axis, Sheet
from studio.jobs.submit import submit_job
from studio.models import Turn
from studio.pages.advice import plan_of
from studio.pages.model_picker import Picker, money_words, picker_of
from studio.pages.prompt_form import params_of
from studio.pages.sessions import title_of
from studio.sessions import access_session, tell_session

OPERATION = "image.generate"
WHOLE, BROKEN = ("seed", "steps"), ("cfg",)


@dataclass(frozen=True)
class SheetView:
    """`across`: heads of the columns; `rows`: (head, takes)."""

    across: list[str]
    rows: list[tuple[str, list[dict[str, Any]]]]


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_POST
@member_required
def studio_sheet(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Makes what the prompt box says, once for each cell."""
    from studio.pages.session import render_turn  # which draws turns, and they this sheet

    member: Membership = request.member  # type: ignore[attr-defined]
    session = access_session(member, session_id, "make")
    was_new, data = not session.title, request.POST.dict()
    try:
        sheet = sheet_of(data, picker_of(OPERATION, member)).checked()
        model = str(sheet.across.values[0]) if sheet.across.input == "model" else ""
        jobs = submit_job(
            member=member,
            operation=OPERATION,
            params={**params_of(data, model=model), "count": 1},
            session=session,
            dedupe_key=data.get("dedupe_key") or None,
            sheet=sheet,
        )
    except Ij8Error as error:
        return _refused(request, session_id, error)
    turn = Turn.objects.filter(batch=jobs[0].batch).select_related("session").get()
    if was_new:
        tell_session(session)
    if request.htmx:  # type: ignore[attr-defined]
        return render_turn(request, turn, new_title=title_of(session))
    return redirect(f"{reverse('studio_session', args=[session.id])}#turn-{turn.id}")


def _refused(request: HttpRequest, session_id: uuid.UUID, error: Ij8Error) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        raise error
    answer = render(request, "studio/_prompt_wrong.html", {"wrong": error}, status=error.status)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#sheet-wrong", "innerHTML"
    return answer


@transaction.non_atomic_requests  # an engine may have to ask its server
@require_safe
@member_required
def studio_sheet_price(request: HttpRequest) -> HttpResponse:
    """How many pictures the fields in the query ask for and what they cost, or what is wrong with them; plain words."""
    data = request.GET.dict()
    try:
        sheet = sheet_of(data, picker_of(OPERATION, request.member)).checked()  # type: ignore[attr-defined]
        words = f"{_pictures(sheet.count)} · {_price(sheet, data)}"
    except Ij8Error as error:
        words = error.message if data.get("sheet_across_values") else ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _pictures(count: int) -> str:
    return ngettext("%(n)d picture", "%(n)d pictures", count) % {"n": count}


def _price(sheet: Sheet, data: Mapping[str, str]) -> str:
    """Of all its pictures. Each model is asked once: the other inputs change no price."""
    total = Decimal(0)
    cells = [str(cell.get("model", "")) for cell in sheet.cells({"prompt": ".", "model": data.get("model", "")})]
    for model in dict.fromkeys(cells):
        plan = plan_of({**data, "model": model, "count": 1})
        if plan is None or plan.total_usd is None:
            return _("its price is not known")
        total += plan.total_usd * cells.count(model)
    return money_words(total)


def sheet_of(data: Mapping[str, str], picker: Picker) -> Sheet:
    """The posted fields. Raises Invalid, which says which values cannot be read."""
    across, down = _axis(data, "across", picker), _axis(data, "down", picker)
    if across is None:
        raise Invalid(_("Say what the sheet varies, and its values."), field="sheet", allowed="seed, cfg, steps, model, phrase")
    return validated(Sheet, {"across": across, "down": down})


def _axis(data: Mapping[str, str], name: str, picker: Picker) -> Axis | None:
    chosen, typed = data.get(f"sheet_{name}", ""), data.get(f"sheet_{name}_values", "").strip()
    if not chosen or not typed:
        return None
    parts = [part.strip() for part in typed.replace("\n", ";").split(";" if ";" in typed or "\n" in typed else ",")]
    return validated(Axis, {"input": chosen, "values": [_value(chosen, part, picker) for part in parts if part]})


def _value(chosen: str, part: str, picker: Picker) -> int | float | str:
    is_plain = part.isascii() and len(part) <= 16
    if chosen in WHOLE:
        if not (is_plain and part.isdigit()):
            raise Invalid(_("%(part)s is no whole number.") % {"part": part[:40]}, field="sheet", allowed=_("digits only"))
        return int(part)
    if chosen in BROKEN:
        if not (is_plain and part.replace(".", "", 1).isdigit()):
            raise Invalid(_("%(part)s is no number.") % {"part": part[:40]}, field="sheet", allowed=_("digits and a point"))
        return float(part)
    if chosen == "model":
        known = {key.casefold(): one.id for one in picker.choices for key in (one.id, str(one.name))}
        if part.casefold() not in known:
            names = ", ".join(str(one.name) for one in picker.choices)
            raise Invalid(_("There is no model %(part)s.") % {"part": part[:40]}, field="sheet", allowed=names)
        return known[part.casefold()]
    return part[:LONGEST_VALUE]


def sheet_view(kept: Mapping[str, Any] | None, takes: list[dict[str, Any]], model_names: Mapping[str, str]) -> SheetView | None:
    """None for a turn that is no sheet."""
    if not kept:
        return None
    sheet = Sheet.model_validate(kept)
    width = len(sheet.across.values)
    heads = [head_of(sheet.down, value, model_names) for value in sheet.down.values] if sheet.down else [""]
    rows = [(head, takes[at * width : (at + 1) * width]) for at, head in enumerate(heads)]
    return SheetView([head_of(sheet.across, value, model_names) for value in sheet.across.values], rows)


def head_of(axis: Axis, value: int | float | str, model_names: Mapping[str, str]) -> str:
    """Like "Seed 7"; models by their names, phrases as they are."""
    if axis.input == "model":
        return model_names.get(str(value), str(value))
    if axis.input == "phrase":
        return str(value)
    label = {"seed": _("Seed"), "steps": _("Steps"), "cfg": "cfg"}[axis.input]
    return f"{label} {value:g}" if isinstance(value, float) else f"{label} {value}"
