"""Pictures and works for tests."""

import io
import uuid
from typing import Any

from PIL import Image

from ij8.accounts.models import Membership
from studio.artifacts.store import prepare, store_artifact
from studio.models import Artifact, StudioSession


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG", **save: Any) -> bytes:
    """A gradient, so that a turned or damaged copy differs."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.putpixel((0, 0), (200, 30, 30))
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def make_work(member: Membership, *, session: StudioSession | None = None, **fields: Any) -> Artifact:
    """A stored work. `fields` go to `prepare`; those of the row (`starred`, `created`) are set afterwards."""
    row = {name: fields.pop(name) for name in ("starred", "created", "trashed_at") if name in fields}
    given = {"data": picture(), "content_type": "image/png", "medium": "image", "source": "made", **fields}
    made = store_artifact(prepare(school_id=member.school_id, **given), member=member, session=session)
    if row:
        Artifact.objects.filter(pk=made.pk).update(**row)
        made.refresh_from_db()
    return made


def make_version(of: Artifact, **fields: Any) -> Artifact:
    """The next version of this work, as its person makes it."""
    given = {"data": picture(), "content_type": "image/png", "medium": "image", "source": "made", **fields}
    prepared = prepare(school_id=of.school_id, **given)
    return store_artifact(prepared, member=of.owner, session=of.session, root=of, parents=[of], operation="image.edit")


def unknown_id() -> uuid.UUID:
    return uuid.uuid4()
