"""Texts of kits and engines, which know no framework: marked where they stand, translated where they are shown.

A kit marks a text by a `gettext_noop` of its own, so that makemessages collects it; its pages say it by `told`.
"""

from django.utils import translation


def told(text: str) -> str:
    """In the language in force; what nobody marked, such as a vendor's name, comes back as it is."""
    return translation.gettext(text) if text else ""
