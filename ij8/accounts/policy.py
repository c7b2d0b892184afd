"""What a school's admins decide for all of it, on /school/policy/: one page of sections. An app brings its section by one class
and one line in its `ready()`; its answers lie in a table of its own.
"""

from typing import Any, Protocol

from django.forms import Form
from django.utils.functional import Promise

from ij8.accounts.models import Membership
from ij8.core.registry import Registry


class PolicySection(Protocol):
    """`rank`: low stands first. `about`: one sentence under the heading.

    A method `more` may name a page beside it, by its address and its words.
    """

    label: Promise | str
    about: Promise | str
    rank: int

    def form(self, member: Membership, sent: Any = None) -> Form:
        """Filled with what holds now; `sent` is the POST of this section, its fields prefixed with the entry's name."""

    def save(self, form: Form, by: Membership) -> None:
        """Keeps a valid form. In the caller's transaction."""


POLICY_SECTIONS: Registry[PolicySection] = Registry("section of the policy page")
