"""A select with hundreds of options, drawn in one go: Django would take a template for each of them."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Options = list[tuple[str, str]]


class LongSelect(forms.Select):
    """Choices are pairs (value, words), or (head, pairs) for a group."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen, given = str(value or ""), flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        choices: Any = self.choices
        parts = (
            _group(key, shown, chosen) if isinstance(shown, list) else _options([(key, shown)], chosen) for key, shown in choices
        )
        return format_html("<select{}>{}</select>", given, format_html_join("", "{}", ((part,) for part in parts)))


def _group(head: str, options: Options, chosen: str) -> SafeString:
    return format_html('<optgroup label="{}">{}</optgroup>', head, _options(options, chosen))


def _options(options: Options, chosen: str) -> SafeString:
    rows = ((flatatt({"value": value, "selected": value == chosen}), words) for value, words in options)
    return format_html_join("", "<option{}>{}</option>", rows)
