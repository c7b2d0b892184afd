"""A school's logo: checked, made small, and stored as WebP under a key of its own."""

import base64
import hashlib
import io
import uuid
import warnings

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from ij8.accounts.models import School
from ij8.core.errors import Invalid, TooLarge

MOST_BYTES, MOST_SIDE_PX, SIDE_PX = 2_000_000, 6000, 384
FORMATS = ("PNG", "JPEG", "WEBP")


def prepare_logo(data: bytes) -> bytes:
    """WebP of at most 384 × 384 px, without anything the file said beside its pixels. `Invalid` when it is no such picture."""
    from PIL import Image, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise TooLarge(_("The logo is too large: at most 2 MB."), field="logo", allowed="2 MB")
    wrong = Invalid(_("This is no PNG, JPEG or WebP picture that can be read."), field="logo", allowed="PNG, JPEG, WebP")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:  # reads the header alone
                if max(picture.size) > MOST_SIDE_PX:
                    raise Invalid(_("The logo has too many pixels: at most 6000 a side."), field="logo", allowed="6000 px")
                picture.thumbnail((SIDE_PX, SIDE_PX))
                out = io.BytesIO()
                picture.convert("RGBA").save(out, "WEBP", quality=90)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise wrong from error
    return out.getvalue()


def store_logo(school_id: uuid.UUID, webp: bytes) -> str:
    """Its key. Outside of any transaction: storage may be another machine."""
    key = f"t/{school_id}/logo/{hashlib.sha256(webp).hexdigest()[:12]}.webp"
    default_storage.save(key, ContentFile(webp))
    return key


def remove_logo(school: School) -> None:
    """Outside of any transaction. The file goes last, so that no page names one that is gone."""
    key, school.logo_key = school.logo_key, ""
    if School.objects.filter(pk=school.pk, logo_key=key).update(logo_key="") and key:
        default_storage.delete(key)


def as_text(webp: bytes) -> str:
    """For a draft in the session, before there is a school to store it under."""
    return base64.b64encode(webp).decode()


def from_text(text: str) -> bytes:
    return base64.b64decode(text)
