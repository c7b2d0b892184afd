"""Words typed into a search box as a query for Postgres' own full-text search (no extension needed)."""

import re

from django.contrib.postgres.search import SearchQuery
from django.utils.translation import gettext as _

from ij8.core.errors import Invalid

CONFIG = "simple"  # no stemming: prompts come in every language
LONGEST = 200


def words_query(q: str, *, field: str = "q") -> SearchQuery | None:
    """All words must occur, the last one as a beginning ("blue wav" finds "blue waves"). None when `q` has no words."""
    if len(q) > LONGEST:
        raise Invalid(_("The search is too long."), field=field, allowed=f"at most {LONGEST} characters")
    words = re.findall(r"\w+", q)
    if not words:
        return None
    terms = " & ".join(f"'{word}'" for word in words[:20])
    return SearchQuery(f"{terms}:*", config=CONFIG, search_type="raw")
