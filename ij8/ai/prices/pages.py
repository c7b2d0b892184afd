"""/platform/prices/ and /api/admin/prices/: what providers ask, and a new price from a day on."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.accounts.access import member_required, platform_required
from ij8.accounts.models import User
from ij8.ai.models import Price
from ij8.ai.prices.table import add_price, history
from ij8.core.errors import Forbidden, Ij8Error
from ij8.core.validation import validated

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[\w.-]+$")]
Model = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=r"^[\w./:-]+$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class PriceJson(BaseModel):
    """`amount` in `currency` for one `unit`; `rate_usd`: USD for one of the currency. Money as decimal text."""

    model_config = ConfigDict(extra="forbid")

    provider: Name
    model: Model
    variant: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    unit: Price.Unit
    amount: Annotated[Decimal, Field(ge=0, le=100_000, max_digits=14, decimal_places=8)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    rate_usd: Annotated[Decimal, Field(gt=0, le=100_000, max_digits=14, decimal_places=8)] = Decimal(1)
    valid_from: date
    source: Note = ""
    note: Note = ""


class KeptPriceJson(PriceJson):
    id: uuid.UUID
    price_usd: str
    shipped: bool


class PricesJson(BaseModel):
    prices: list[KeptPriceJson]


class PriceForm(forms.ModelForm):
    class Meta:
        model = Price
        fields = ("provider", "model", "variant", "unit", "amount", "currency", "rate_usd", "valid_from", "source", "note")
        labels = {
            "provider": gettext_lazy("Provider"),
            "model": gettext_lazy("Model"),
            "variant": gettext_lazy("Only for the quality or size"),
            "unit": gettext_lazy("Price of"),
            "amount": gettext_lazy("Amount"),
            "currency": gettext_lazy("Currency"),
            "rate_usd": gettext_lazy("One of it in USD"),
            "valid_from": gettext_lazy("From the day"),
            "source": gettext_lazy("Where you read it"),
            "note": gettext_lazy("Note"),
        }
        help_texts = {"variant": gettext_lazy("Empty: for all. Else as the provider calls it, like low or 2K.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "select" if name == "unit" else "input"
        self.fields["valid_from"].widget = forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")


@require_http_methods(["GET", "HEAD", "POST"])
@platform_required("admin", "dev")
@member_required
def platform_prices(request: HttpRequest) -> HttpResponse:
    """What holds now, by provider; older and coming prices of a line below it. POST adds one."""
    form = PriceForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if form.is_valid():
        try:
            values = validated(PriceJson, {name: value for name, value in form.cleaned_data.items() if value != ""})
            add_price(by=_user(request), **values.model_dump())
        except Ij8Error as error:
            form.add_error(error.extra.get("field"), error.message)
        else:
            messages.success(request, _("The price was added."))
            return redirect("platform_prices")
    context = {"providers": _grouped(), "form": form, "is_open": bool(form.errors or request.GET.get("model"))}
    return render(request, "money/prices.html", context, status=400 if form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """A line's own names, where its "New price" was pressed."""
    named = {name: request.GET.get(name, "")[:140] for name in ("provider", "model", "variant", "unit")}
    return {**named, "valid_from": timezone.localdate(), "currency": "USD", "rate_usd": "1"}


def _grouped() -> dict[str, list[dict[str, Any]]]:
    """Lines by provider: the price that holds, and the others of the same model, variant and unit. One query."""
    today = timezone.now().date()
    lines: dict[tuple[str, ...], list[Price]] = {}
    for row in history():
        lines.setdefault((row.provider, row.model, row.variant, row.unit), []).append(row)
    found: dict[str, list[dict[str, Any]]] = {}
    for (provider, *_rest), rows in lines.items():
        now = next((row for row in rows if row.valid_from <= today), None)
        others = [row for row in rows if row is not now]
        found.setdefault(provider, []).append({"price": now or rows[-1], "holds": now is not None, "others": others})
    return found


@extend_schema(methods=["GET"], responses=PricesJson, tags=["admin"], summary="Every price, by model, newest first")
@extend_schema(
    methods=["POST"], request=PriceJson, responses={201: KeptPriceJson}, tags=["admin"], summary="Add a price from a day on"
)
@api_view(["GET", "POST"])
def api_prices(request: Request) -> Response:
    user = _platform_user(request)
    if request.method == "POST":
        asked = validated(PriceJson, request.data)
        return Response(_as_json(add_price(by=user, **asked.model_dump())), status=201)
    return Response({"prices": [_as_json(row) for row in history()]})


def _platform_user(request: Request) -> User:
    user = request.member.user  # type: ignore[attr-defined]
    if not user.platform_role:
        raise Forbidden(_("Only the people who run this installation can do this."), code="platform_only")
    return user  # type: ignore[no-any-return]


def _as_json(row: Price) -> dict[str, Any]:
    names = ("provider", "model", "variant", "unit", "currency", "source", "note")
    money = {name: f"{getattr(row, name).normalize():f}" for name in ("amount", "rate_usd", "price_usd")}
    kept = {"id": str(row.pk), "valid_from": row.valid_from.isoformat(), "shipped": row.added_by_id is None}
    return {**{name: getattr(row, name) for name in names}, **money, **kept}


def _user(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    return user
