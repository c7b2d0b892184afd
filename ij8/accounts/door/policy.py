"""What a school decides about signing in: its section on /school/policy/, and the answers."""

import ipaddress
import uuid
from typing import Any

from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.door.tries import forget_ranges
from ij8.accounts.models import DoorPolicy, Membership
from ij8.accounts.settings_forms import HouseForm

KEPT_S = 60
LEAST_MINUTES, MOST_MINUTES = 5, 24 * 60
MOST_RANGES = 20
WIDEST = {4: 16, 6: 32}  # a larger network is a provider's, not a school's


def policy_of(school_id: uuid.UUID) -> DoorPolicy:
    """Kept for a minute: it is asked for at nearly every page. A change is seen at once, unless Redis was away."""
    kept = cache.get(_key(school_id))
    if kept is None:
        row = DoorPolicy.objects.filter(pk=school_id).first() or DoorPolicy(pk=school_id)
        kept = {
            "staff_second_step": row.staff_second_step,
            "idle_minutes": row.idle_minutes,
            "address_ranges": row.address_ranges,
        }
        cache.set(_key(school_id), kept, KEPT_S)
    return DoorPolicy(pk=school_id, **kept)


def keep_policy(*, school_id: uuid.UUID, **answers: Any) -> None:
    """`answers`: columns of DoorPolicy."""
    DoorPolicy.objects.update_or_create(pk=school_id, defaults=answers)
    transaction.on_commit(lambda: _forget(school_id))


def _forget(school_id: uuid.UUID) -> None:
    cache.delete(_key(school_id))
    forget_ranges()


def _key(school_id: uuid.UUID) -> str:
    return f"door-policy:{school_id}"


class DoorPolicyForm(HouseForm):
    staff_second_step = forms.BooleanField(
        label=gettext_lazy("Staff sign in with a second step"),
        required=False,
        help_text=gettext_lazy("A code from an app, or a passkey. Whoever has none is led to set it up first."),
    )
    idle_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes until a pupil who does nothing is signed out"),
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    address_ranges = forms.CharField(
        label=gettext_lazy("Addresses of the school’s own network"),
        required=False,
        help_text=gettext_lazy("One per line, as 203.0.113.0/24. Whole classes sign in from there at once."),
        widget=forms.Textarea(attrs={"class": "input mono", "rows": 3, "spellcheck": "false"}),
    )

    def clean_address_ranges(self) -> list[str]:
        lines = self.cleaned_data["address_ranges"].replace(",", "\n").split()
        if len(lines) > MOST_RANGES:
            raise ValidationError(_("At most %(n)s lines.") % {"n": MOST_RANGES})
        return [_network(line) for line in lines]


def _network(line: str) -> str:
    try:
        network = ipaddress.ip_network(line, strict=False)
    except ValueError:
        raise ValidationError(_("“%(line)s” is no address or network.") % {"line": line[:60]}) from None
    if network.prefixlen < WIDEST[network.version]:
        raise ValidationError(_("“%(line)s” is larger than the network of a school.") % {"line": line[:60]})
    return str(network)


class SignInSection:
    label = gettext_lazy("Signing in")
    about = gettext_lazy("How staff prove who they are, when pupils are signed out, and from where whole classes come.")
    rank = 20

    def form(self, member: Membership, sent: Any = None) -> forms.Form:
        kept = policy_of(member.school_id)
        initial = {
            "staff_second_step": kept.staff_second_step,
            "idle_minutes": kept.idle_minutes,
            "address_ranges": "\n".join(kept.address_ranges),
        }
        return DoorPolicyForm(sent, initial=initial, prefix="sign-in")

    def save(self, form: forms.Form, by: Membership) -> None:
        keep_policy(school_id=by.school_id, **form.cleaned_data)
