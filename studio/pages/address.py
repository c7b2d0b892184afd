"""Addresses of the studio's pages."""

import uuid

from ij8.core.addresses import next_url as next_url
from ij8.core.addresses import with_query as with_query

BLANK_ID = uuid.UUID(int=0)  # a place in addresses that scripts fill in


def id_of(text: str) -> uuid.UUID:
    """What is no id finds nothing."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return BLANK_ID
