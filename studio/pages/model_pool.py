"""Several models in turn: a set from which each turn takes one, by its number or by chance. It is kept as the box's other
settings are, in the params of the turn, which so tell from what the model was taken.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from studio.models import StudioSession
from studio.pages.model_picker import Picker

PREFIX = "pool:"  # the checkbox of a model is called by its id
OF_MODELS = ("negative_prompt", "steps", "cfg", "quality")  # settings that only some models have
BY_TURN, BY_CHANCE = "turn", "random"


def pool_in(data: Mapping[str, str]) -> dict[str, Any]:
    """The fields posted as parameters; nothing where fewer than two are marked, or another model was picked since."""
    models = [name.removeprefix(PREFIX) for name in data if name.startswith(PREFIX)]
    if len(models) < 2 or data.get("pool_shown", data.get("model", "")) != data.get("model", ""):
        return {}
    return {"pool": models, "pool_by": BY_CHANCE if data.get("pool_by") == BY_CHANCE else BY_TURN}


@contextmanager
def one_at_a_time(session: StudioSession, data: Mapping[str, str]) -> Iterator[None]:
    """Around the drawing of a model and the turn that uses it: of two sends at once the second sees the first one's turn."""
    if not pool_in(data):
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"pool:{session.pk}"])
        yield


def drawn_from(params: dict[str, Any], session: StudioSession, picker: Picker) -> dict[str, Any]:
    """With the model whose turn it is, of those that can be used now, and the settings that it has. Without a pool as it was."""
    usable = [one for one in picker.choices if one.is_open and one.id in params.get("pool", ())]
    if not usable:
        return params
    by_turn = params["pool_by"] == BY_TURN
    model = usable[session.turns.count() % len(usable)] if by_turn else secrets.choice(usable)
    lacking = set(OF_MODELS) - set(model.supports)
    return {**{name: value for name, value in params.items() if name not in lacking}, "model": model.id}
