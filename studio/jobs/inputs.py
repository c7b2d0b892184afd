"""The works that go into a piece of work: named by id in its params, looked at when it is asked for and again when it runs."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.ai.asking import why_not_seen
from ij8.ai.providers import PROVIDERS
from ij8.core.errors import Failed, Forbidden, Invalid, NotFound
from ij8.safety.providers import may_see_minors
from studio.engines.base import Input
from studio.models import Artifact, Backend
from studio.operations.base import Operation

NOT_PICTURES = frozenset({"image/svg+xml"})


def check_works(member: Membership, operation: Operation, params: Mapping[str, Any]) -> None:
    """Raises NotFound for works that this person may not see, or that lie in the trash; Invalid for what is no picture."""
    found = _found(member, operation, params)
    for field, _role, ident in named_works(operation, params):
        if ident not in found:
            raise NotFound(_("There is no such work that you can see."), field=f"params.{field}")
        if found[ident].medium != "image" or found[ident].content_type in NOT_PICTURES:
            raise Invalid(_("Only pictures can be used here."), field=f"params.{field}", allowed=_("the id of a picture"))


def refuse_for_makers(member: Membership, operation: Operation, params: Mapping[str, Any], places: Sequence[Backend]) -> None:
    """Raises Forbidden where a work of another, such as a pupil's that her teacher takes up, may not go to one of `places`."""
    providers = [place.engine for place in places if place.engine in PROVIDERS]
    if not providers:
        return
    for one in _found(member, operation, params).values():
        for provider in providers:
            if one.owner_id != member.pk and not may_see_minors(provider, one.owner):
                raise Forbidden(why_not_seen(provider), code="not_for_minors")


def inputs_of(member: Membership, operation: Operation, params: Mapping[str, Any]) -> tuple[Input, ...]:
    """With their bytes, in the order of the operation's `works`. Raises NotFound when one is gone by now."""
    found, inputs = _found(member, operation, params), []
    for _field, role, ident in named_works(operation, params):
        if ident not in found:
            raise NotFound(_("A work that this was to be made from is gone by now."))
        inputs.append(Input(role, _read(found[ident]), found[ident].content_type, str(ident)))
    return tuple(inputs)


def works_of(member: Membership, operation: Operation, params: Mapping[str, Any]) -> list[Artifact]:
    """Those that this person still sees. One query; none for operations that take no works."""
    return list(_found(member, operation, params).values())


def named_works(operation: Operation, params: Mapping[str, Any]) -> Iterator[tuple[str, str, uuid.UUID]]:
    """(parameter, role, id) of each."""
    works: Mapping[str, str] = getattr(operation, "works", {})
    for field, role in works.items():
        value = params.get(field)
        for ident in value if isinstance(value, list) else [value] if value else []:
            yield field, role, uuid.UUID(str(ident))


def _found(member: Membership, operation: Operation, params: Mapping[str, Any]) -> dict[uuid.UUID, Artifact]:
    """One query; none for operations that take no works."""
    ids = {ident for _field, _role, ident in named_works(operation, params)}
    if not ids:
        return {}
    rows = Artifact.objects.visible_to(member).filter(pk__in=ids, root__trashed_at=None)
    return {one.id: one for one in rows.select_related("owner__school")}


def _read(artifact: Artifact) -> bytes:
    try:
        with default_storage.open(artifact.key) as file:
            return bytes(file.read())
    except Exception as error:  # remote storages raise errors of their vendors, which share no base class
        raise Failed(_("A work could not be read from storage. It will be tried again."), code="storage_failed") from error
