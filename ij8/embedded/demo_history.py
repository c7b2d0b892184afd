"""A work in four versions, one of them a branch, and folders with works in them: how a work came to be is seen at once."""

import io
from collections.abc import Mapping

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from ij8.accounts.models import Membership
from ij8.core.tenancy import acting_in
from ij8.embedded.places import CHECKOUT
from studio.artifacts.bulk import Order, change_works
from studio.artifacts.folders import create_folder
from studio.artifacts.uploads import store_upload
from studio.models import Artifact, Folder, StudioSession

PICTURES = CHECKOUT / "static" / "src" / "img"
# whose, which of the pictures that ship with ij8, its title, folders (the last inside of the one before)
BROUGHT = (
    ("student1@demo.test", "forest.webp", "Forest walk", ("Nature", "Forest")),
    ("artist@demo.test", "ochre.webp", "Ochre, cut and turned", ("Studies", "Ochre")),
)


def seed_history(members: Mapping[str, Membership]) -> None:
    for email, name, title, folders in BROUGHT:
        member = members[email]
        with acting_in(member.school_id):
            if not Folder.objects.filter(member=member).exists():
                _seed(member, name, title, folders)


def _seed(member: Membership, name: str, title: str, folders: tuple[str, ...]) -> None:
    """The whole, its middle, from the whole again one in grey, and the middle mirrored: a line with a branch."""
    with Image.open(PICTURES / name) as opened:
        whole = opened.convert("RGB")
    whole.thumbnail((settings.DEMO_LONG_PX, settings.DEMO_LONG_PX))
    width, height = whole.size
    side = min(width, height) * 3 // 4
    middle = whole.crop(((width - side) // 2, (height - side) // 2, (width + side) // 2, (height + side) // 2))
    first = _bring(member, whole, f"{title}.png", title)
    middle_work = _bring(member, middle, "middle.png", title, first)
    _bring(member, ImageOps.grayscale(whole), "grey.png", title, first)
    _bring(member, ImageOps.mirror(middle), "mirrored.png", title, middle_work)
    inside = None
    for folder in folders:
        inside = create_folder(member, name=folder, parent=inside.pk if inside else None)
    change_works(member, Order("file", folder=inside), chosen=[first.pk])


def _bring(member: Membership, picture: Image.Image, name: str, title: str, version_of: Artifact | None = None) -> Artifact:
    out = io.BytesIO()
    picture.save(out, "PNG")
    file = SimpleUploadedFile(name, out.getvalue(), "image/png")
    session = StudioSession.objects.filter(member=member).order_by("created").first()
    return store_upload(member=member, file=file, title=title, version_of=version_of, session=session)
