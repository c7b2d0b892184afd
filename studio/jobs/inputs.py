"""The works that go into a piece of work: named by id in its params, looked at when it is asked for and again when it runs."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Failed, Invalid, NotFound
from studio.engines.base import Input
from studio.models import Artifact
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


def inputs_of(member: Membership, operation: Operation, params: Mapping[str, Any]) -> tuple[Input, ...]:
    """With their bytes, in the order of the operation's `works`. Raises NotFound when one is gone by now."""
    found, inputs = _found(member, operation, params), []
    for _field, role, ident in named_works(operation, params):
        if ident not in found:
            raise NotFound(_("A work that this was to be made from is gone by now."))
        inputs.append(Input(role, _read(found[ident]), found[ident].content_type, str(ident)))
    return tuple(inputs)


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
    return {one.id: one for one in Artifact.objects.visible_to(member).filter(pk__in=ids, root__trashed_at=None)}


def _read(artifact: Artifact) -> bytes:
    try:
        with default_storage.open(artifact.key) as file:
            return bytes(file.read())
    except Exception as error:  # remote storages raise errors of their vendors, which share no base class
        raise Failed(_("A work could not be read from storage. It will be tried again."), code="storage_failed") from error
