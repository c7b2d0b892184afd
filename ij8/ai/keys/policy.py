"""A school's part of the policy page: whose keys may be used for which provider."""

from typing import Any, cast

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership
from ij8.ai.keys.forms import RulesForm
from ij8.ai.keys.rules import By


class ProvidersSection:
    label = _("Providers and keys")
    about = _("Whose keys may be used for which provider. Where several may, one's own comes first, then the school's.")
    rank = 40

    def form(self, member: Membership, sent: Any = None) -> Form:
        return RulesForm(sent, school=member.school, by=By.SCHOOL, prefix="providers")

    def save(self, form: Form, by: Membership) -> None:
        cast(RulesForm, form).keep()
