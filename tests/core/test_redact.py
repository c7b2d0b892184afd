"""What looks like a secret is hidden in log lines, and ordinary words are not."""

import json
import logging

import pytest

from ij8.core.logs import JsonFormatter
from ij8.core.redact import HIDDEN, redact


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Incorrect API key provided: sk-proj-AbCdEf0123456789xyz.", "AbCdEf0123456789xyz"),
        ("key AIzaSyA-0123456789abcdefghijklmnopqrstuv here", "SyA-0123456789"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJHcm91cE5hbWUiOiJhIn0.c2lnbmF0dXJl", "eyJHcm91cE5hbWUi"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh12345678"),
        ("GET https://a.test/v1/models?key=abcd1234&x=1", "abcd1234"),
        ("postgres://ij8:hunter2@127.0.0.1/ij8", "hunter2"),
    ],
)
def test_a_secret_is_hidden_by_its_shape(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert HIDDEN in redact(text)


@pytest.mark.parametrize(
    "text", ["GET /works/task-force-of-many-words/ 200", "https://a.test/b/c", "a key=1 and sk-ies", "12:30:45"]
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


def test_a_log_line_hides_a_key_wherever_it_stands() -> None:
    record = logging.makeLogRecord({"msg": "no: %s", "args": ("sk-0123456789abcdef",), "fields": {"x": "Bearer abcdefgh1234"}})
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["x"]) == (f"no: {HIDDEN}", f"Bearer {HIDDEN}")
