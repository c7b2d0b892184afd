"""Marks texts for translation; who shows them translates them (`ij8.core.marked.told`)."""


def gettext_noop(text: str) -> str:
    return text
