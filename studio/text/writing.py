"""Texts as works: Markdown in UTF-8, one version for each save, so that nothing written is ever lost."""

import uuid
from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Invalid, NotFound
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.artifacts import versions
from studio.artifacts.labels import Labels, set_labels
from studio.artifacts.meta import GenerationMeta
from studio.artifacts.store import PreparedArtifact, delete_files, insert, prepare, store_artifact, write_files
from studio.models import Artifact, StudioSession
from studio.text.markdown import html_of
from studio.text.passing import words_pass
from studio.text.words import alt_in, clean, title_in

MEDIUM, CONTENT_TYPE = "text", "text/markdown"
WRITE = "text.write"


class ChangedElsewhere(Conflict):
    """`current`: the version that was saved meanwhile. Nothing was written."""

    code = "changed_elsewhere"


def save_text(
    *,
    member: Membership,
    body: str,
    title: str = "",
    session: StudioSession | None = None,
    source: str = Artifact.Source.MADE,
    parents: Sequence[Artifact] = (),
    meta: GenerationMeta | None = None,
    operation: str = WRITE,
) -> Artifact:
    """A new work. Outside of any transaction: files are written first.

    Without `title` the first line names it. `source` and `meta` say so when a model wrote it. Invalid (`body`),
    TooLarge, WordsRefused.
    """
    body = clean(body)
    cohort_id = session.cohort_id if session else None
    _words_pass(member, title, body, "", cohort_id)
    prepared = prepared_text(member, body, source=source, title=title, meta=meta)
    return store_artifact(prepared, member=member, session=session, parents=parents, operation=operation)


def new_version(
    work: Artifact,
    *,
    member: Membership,
    body: str,
    base: uuid.UUID,
    title: str | None = None,
    operation: str = WRITE,
) -> Artifact:
    """The work's next version, or the current one when nothing changed. Outside of any transaction.

    `work` is any version of it, whose person `member` is (`access_artifact(…, "change")`); `base` the version that was
    current when the writing began: ChangedElsewhere when it is so no more. `title` None leaves it.
    """
    body = clean(body)
    now = current_of(work)
    if now.root.trashed_at:
        raise Conflict(_("This work is in the trash. Take it back first."), code="trashed")
    if now.pk != base:
        raise _changed(now)
    before = body_of(now)
    cohort_id = now.session.cohort_id if now.session else None
    new_title = title.strip() if title is not None and title.strip() else now.root.title
    _words_pass(member, "" if new_title == now.root.title else new_title, body, before, cohort_id)
    if body != before:
        prepared = prepared_text(member, body, source=Artifact.Source.MADE, title=new_title)
        now = _insert_after(now, prepared, member=member, operation=operation)
        if now.root.alt == alt_in(before):  # nobody described it in words of her own
            Artifact.objects.filter(root_id=now.root_id).update(alt=alt_in(body))
            now.alt = now.root.alt = alt_in(body)
    if new_title != now.root.title:
        set_labels(now, Labels(title=new_title))
    return now


def restore_version(work: Artifact, version: Artifact, *, member: Membership, base: uuid.UUID) -> Artifact:
    """An earlier text as the newest version: what was written since stays."""
    if version.root_id != work.root_id:
        raise NotFound()
    return new_version(work, member=member, body=body_of(version), base=base, operation="text.restore")


def current_of(work: Artifact) -> Artifact:
    """The version that stands for the work, with its root and session. One query."""
    rows = Artifact.objects.select_related("root", "session").filter(root_id=work.root_id, purged_at=None, is_current=True)
    found = rows.first()
    if found is None:
        raise NotFound()
    return found


def text_work(work: Artifact) -> Artifact:
    """`work`, or Invalid when it holds no text that can be written on."""
    if work.medium != MEDIUM:
        raise Invalid(_("Only texts can be written on."), field="id", allowed=_("the id of a text"))
    return work


def body_of(version: Artifact) -> str:
    """One query. From the file where the row does not hold it, as of texts that came by other ways."""
    if version.body:
        return version.body
    try:
        with default_storage.open(version.key, "rb") as file:
            return str(file.read().decode("utf-8", errors="replace"))
    except FileNotFoundError as error:
        raise NotFound(_("The file of this work is gone from storage. Tell an admin."), code="file_missing") from error


def html_inside(version: Artifact) -> SafeString:
    return html_of(body_of(version))


def _words_pass(member: Membership, title: str, body: str, before: str, cohort_id: uuid.UUID | None) -> None:
    must_pass(member, title, Refusal.Where.TITLE, context=Context(cohort_id, "title"))
    words_pass(member, body, before, cohort_id=cohort_id)


def prepared_text(
    member: Membership, body: str, *, source: str, title: str, meta: GenerationMeta | None = None
) -> PreparedArtifact:
    return prepare(
        school_id=member.school_id,
        data=body.encode(),
        content_type=CONTENT_TYPE,
        medium=MEDIUM,
        source=source,
        title=title.strip() or title_in(body),
        alt=alt_in(body),
        meta=meta,
        body=body,
    )


def _insert_after(base: Artifact, prepared: PreparedArtifact, *, member: Membership, operation: str) -> Artifact:
    """Of two who save at once on the same version the second is refused: the root is held while it is looked at."""
    try:
        write_files(prepared)
        with transaction.atomic():
            if versions.lock_work(base.pk, owner_id=member.id) is None:
                raise NotFound()
            now = current_of(base)
            if now.pk != base.pk:
                raise _changed(now)
            made = insert(
                prepared,
                owner_id=member.id,
                session_id=base.session_id,
                version_of=base.pk,
                parents=[base.pk],
                operation=operation,
            )
    except BaseException:
        delete_files(prepared.keys)
        raise
    return Artifact.objects.select_related("root", "session").filter(pk=made.pk).first() or made


def _changed(now: Artifact) -> ChangedElsewhere:
    return ChangedElsewhere(
        _("This text was changed in another tab or on another device. Compare both and choose."),
        current=str(now.pk),
        changed=now.created.isoformat(),
    )
