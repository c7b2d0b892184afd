"""Asks for the file at an address, as a job: no request waits for another machine."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from ij8.core.fetch import BadLink, checked_link, name_of
from studio.jobs.submit import submit_job
from studio.models import Job, StudioSession

OPERATION = "work.bring"


def bring_from(*, member: Membership, url: str, session: StudioSession | None = None, title: str = "") -> Job:
    """Into this session, which is the member's own and open. Raises Invalid (`url`) and WordsRefused.

    Without a title the work is called as the file is, else as the host.
    """
    try:
        url = checked_link(url)
    except BadLink as error:
        raise Invalid(str(error), field="url", allowed="https://…") from error
    called = title.strip() or PurePosixPath(name_of(url)).stem or (urlsplit(url).hostname or "")
    params = {"url": url, "title": called[:200], **({"session": str(session.id)} if session else {})}
    (job,) = submit_job(member=member, operation=OPERATION, params=params)
    return job
