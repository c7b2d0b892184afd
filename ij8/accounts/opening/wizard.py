"""Opening a school in steps. What was typed lies in the session as it was sent, right or wrong, until the school is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as PydanticError

from ij8.accounts.models import School
from ij8.accounts.opening.logos import from_text, store_logo
from ij8.accounts.opening.schools import SchoolFacts, open_school
from ij8.accounts.opening.wizard_forms import AdminForm, DatesForm, DefaultsForm, SchoolStep
from ij8.core.ids import uuid7
from ij8.core.validation import invalid_from

KEY = "opening"
KEPT = 5000  # characters of one field


@dataclass(frozen=True)
class Step:
    name: str
    label: Promise
    form: type[forms.Form]


STEPS = (
    Step("school", _("School"), SchoolStep),
    Step("dates", _("Terms and addresses"), DatesForm),
    Step("defaults", _("Defaults"), DefaultsForm),
    Step("admin", _("First admin"), AdminForm),
)
LAST = "check"


class Draft:
    """`sent(step)` is what was typed there. Nothing of it is validated before it is asked for."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session
        self._kept: dict[str, Any] = session.get(KEY) or {}

    def sent(self, step: Step) -> dict[str, str] | None:
        return self._kept.get(step.name)

    def keep(self, step: Step, sent: Mapping[str, str]) -> None:
        fields = step.form().fields
        typed = {
            name: str(sent[name])[:KEPT] for name in fields if name in sent and not isinstance(fields[name], forms.FileField)
        }
        self._kept[step.name] = typed
        self._save()

    def keep_logo(self, text: str) -> None:
        self._kept["logo"] = text
        self._save()

    @property
    def logo(self) -> str:
        return str(self._kept.get("logo", ""))

    def bound(self, step: Step) -> forms.Form:
        """With what was typed and what is wrong in it."""
        return step.form(self.sent(step) or {})

    def first_wrong(self) -> tuple[Step, forms.Form] | None:
        for step in STEPS:
            form = self.bound(step)
            if not form.is_valid():
                return step, form
        return None

    def forget(self) -> None:
        self._session.pop(KEY, None)

    def _save(self) -> None:
        self._session[KEY] = self._kept


def index_of(name: str) -> int:
    """The place of a step; `len(STEPS)` for the last look, 0 for what is no step."""
    names = [*(step.name for step in STEPS), LAST]
    return names.index(name) if name in names else 0


def found_in(draft: Draft) -> dict[str, Any]:
    """Everything the steps say, cleaned. ValidationError of Django when a step is not in order."""
    cleaned: dict[str, Any] = {}
    for step in STEPS:
        form = draft.bound(step)
        if not form.is_valid():
            raise ValidationError(f"{step.name} is not in order")
        cleaned |= form.cleaned_data
    return cleaned


def open_from(draft: Draft) -> School:
    """Outside of a transaction: the logo is stored first, whole or not at all, then the rows are written together."""
    cleaned = found_in(draft)
    try:
        facts = SchoolFacts(**{name: cleaned[name] for name in SchoolFacts.model_fields})
    except PydanticError as error:
        raise invalid_from(error, SchoolFacts) from error
    ident = uuid7()
    logo_key = store_logo(ident, from_text(draft.logo)) if draft.logo else ""
    school = open_school(
        facts=facts, admin_name=cleaned["admin_name"], admin_email=cleaned["admin_email"], logo_key=logo_key, id=ident
    )
    draft.forget()
    return school
