"""What no log line and no report may carry: keys of providers, tokens and passwords in addresses, by their shape."""

import re

HIDDEN = "[hidden]"
_KEPT_BEFORE = r"(Bearer |[?&](?:api_)?key=|://(?=[^/@\s:\"']+:[^/@\s\"']+@))"
_SHAPES = (
    r"\b(?:sk|pk|rk|ij8)[-_][A-Za-z0-9_-]{12,}",  # OpenAI and those that follow it; our own tokens
    r"\b(?:AIza|AQ\.)[A-Za-z0-9_-]{30,}",  # Google
    r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?",  # JSON web tokens: MiniMax
    _KEPT_BEFORE + r"[^&\s\"'@/]{4,}",
)
_SECRET = re.compile("|".join(_SHAPES))


def redact(text: str) -> str:
    """`text` with whatever looks like a secret replaced."""
    return _SECRET.sub(lambda found: (found[1] or "") + HIDDEN, text)
