"""Texts: written, compared, taken along, and drafts of what is not saved."""

from ij8.accounts.models import Cohort, Membership
from studio.artifacts.store import insert, write_files
from studio.models import Artifact, TextDraft
from studio.text.writing import prepared_text
from tests.architecture.access_body import Body

FOREIGN = ("text",)
BODIES = {
    "+text": Body(json={"body": "A quiet sea."}),
    "+text-in-session": Body(json={"body": "A quiet sea.", "session": "{session}"}),
    "+next-text": Body(json={"body": "A loud sea.", "version": "{text}"}),
    "+written": Body(form={"act": "save", "body": "A quiet sea."}),
    "+written-on": Body(form={"act": "save", "body": "A loud sea.", "base": "{text}"}),
    "+draft": Body(json={"body": "A loud", "title": "Sea"}),
}

TABLE = """
#                                          visitor student classmate teacher assistant school_admin stranger artist admin
GET    /works/write/                           302     200       200     200       200          200      200    200   200
GET    /works/write/?place={text}              302     200       200     200       200          200      200    200   200
GET    /works/write/?session={session}         302     200       404     403       403          403      404    404   404
POST   /works/write/ +written                  302     302       302     302       302          302      302    302   302
GET    /works/{text}/write/                    302     200       404     403       403          403      404    404   404
POST   /works/{text}/write/ +written-on        302     302       404     403       403          403      404    404   404
GET    /works/{text}/changes/                  302     200       404     200       200          200      404    404   404
GET    /works/{text}/changes/?from={artifact}  302     404       404     404       404          404      404    404   404
POST   /api/texts/ +text                       401     201       201     201       201          201      201    201   201
POST   /api/texts/ +text-in-session            401     201       404     403       403          403      404    404   404
GET    /api/texts/{text}/                      401     200       404     200       200          200      404    404   404
GET    /api/texts/{artifact}/                  401     400       404     400       400          400      404    404   404
PUT    /api/texts/{text}/ +next-text           401     200       404     403       403          403      404    404   404
GET    /api/texts/{text}/export/?as=pdf        401     200       404     200       200          200      404    404   404
POST   /api/texts/preview/ +text               401     200       200     200       200          200      200    200   200
PUT    /api/texts/drafts/{text}/ +draft        401     200       200     403       403          403      200    200   200
DELETE /api/texts/drafts/{text}/               401     204       204     204       204          204      204    204   204
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    """A text in a session of her class, and its draft; the secret stands in title and body."""
    session = member.studio_sessions.filter(cohort=cohort, trashed_at=None).first()
    prepared = prepared_text(member, f"A sea. {secret}\n", source=Artifact.Source.MADE, title=secret)
    write_files(prepared)
    made = insert(prepared, owner_id=member.id, session_id=session.id if session else None)
    TextDraft.objects.create(school=member.school, member=member, place=made.pk, is_new=False, title=secret, body=secret)
    return {"text": str(made.pk)}
