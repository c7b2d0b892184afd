"""Lists of people, invitations and the codes of classes."""

from datetime import timedelta

from django.utils import timezone

from ij8.accounts.models import Cohort, Invitation, JoinCode, Membership, Roster
from tests.architecture.access_body import Body

FOREIGN = ("roster", "invitation")
BODIES: dict[str, Body] = {
    "+not-a-list": Body(file=True),
    "+bring-in": Body(form={"create_classes": "on"}),
    "+bring-in-json": Body(json={"create_classes": True}),
    "+undo-list": Body(json={}),
    "+invite": Body(form={"email": "new@linden.test", "offer": "student"}),
    "+invite-into-class": Body(form={"email": "new@linden.test", "offer": "student", "cohort": "{cohort}"}),
    "+from-class": Body(form={"cohort": "{cohort}"}),
    "+new-code": Body(form={"act": "new", "days": "7"}),
    "+accept": Body(form={"act": "join", "key": "unknown"}),
    "+username": Body(form={"username": "mia.l"}),
}

TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /school/people/import/                 302     403       403     403       403          200      403    403   403
POST   /school/people/import/ +not-a-list     302     403       403     403       403          422      403    403   403
GET    /school/people/export/                 302     403       403     403       403          200      403    403   403
GET    /classes/{cohort}/import/              302     403       403     200       403          200      404    404   404
POST   /classes/{cohort}/import/ +not-a-list  302     403       403     422       403          422      404    404   404
GET    /classes/{cohort}/export/              302     403       403     200       403          200      404    404   404
GET    /rosters/template/                     302     403       403     200       403          200      403    403   403
GET    /rosters/{roster}/                     302     403       403     200       403          200      404    404   404
POST   /rosters/{roster}/commit/ +bring-in    302     403       403     302       403          302      404    404   404
POST   /rosters/{roster}/undo/                302     403       403     302       403          302      404    404   404
GET    /school/people/invitations/            302     403       403     403       403          200      403    403   403
POST   /school/people/invitations/ +invite    302     403       403     403       403          200      403    403   403
POST   /school/people/invitations/ +invite-into-class  302 403  403     403       403          200      403    403   403
GET    /classes/{cohort}/invitations/         302     403       403     200       403          200      404    404   404
POST   /classes/{cohort}/invitations/ +invite  302    403       403     200       403          200      404    404   404
POST   /invitations/{invitation}/again/ +from-class  302  403   403     200       403          200      404    404   404
POST   /invitations/{invitation}/take-back/ +from-class  302  403  403  302       403          302      404    404   404
GET    /classes/{cohort}/join/                302     403       403     200       200          200      404    404   404
POST   /classes/{cohort}/join/ +new-code      302     403       403     302       403          302      404    404   404
GET    /join/                                 200     200       200     200       200          200      200    200   200
GET    /join/?code=bcdf-ghjk                  302     302       302     302       302          302      302    302   302
GET    /join/BCDF-GHJK/                       404     404       404     404       404          404      404    404   404
POST   /join/BCDF-GHJK/ +username             404     404       404     404       404          404      404    404   404
GET    /invitation/?key=unknown               410     410       410     410       410          410      410    410   410
POST   /invitation/ +accept                   410     410       410     410       410          410      410    410   410

GET    /api/rosters/                          401     403       403     200       403          200      403    403   403
POST   /api/rosters/ +not-a-list              401     403       403     403       403          400      403    403   403
GET    /api/rosters/export/                   401     403       403     403       403          200      403    403   403
GET    /api/rosters/export/?cohort={cohort}   401     403       403     200       403          200      404    404   404
GET    /api/rosters/{roster}/                 401     403       403     200       403          200      404    404   404
POST   /api/rosters/{roster}/commit/ +bring-in-json  401  403   403     409       403          409      404    404   404
POST   /api/rosters/{roster}/undo/ +undo-list  401    403       403     409       403          409      404    404   404
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    """A list, an invitation and a code of the class. The code is no id of these tests: it opens its class to everybody."""
    roster = Roster.objects.create(
        school=member.school, cohort=cohort, made_by=member, file_name=f"{secret}.csv", digest="x", counts={"rows": 1},
        plan={"entries": [{"line": 2, "verdict": "new", "row": {"line": 2, "name": secret, "role": "student"}}]},
    )  # fmt: skip
    invitation = Invitation.objects.create(
        school=member.school, email=f"{secret}@mail.test", role="student", cohort=cohort, cohort_role="student", words=secret,
        digest=secret, invited_by=member, expires=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    JoinCode.objects.create(school=member.school, cohort=cohort, code=secret[:8], made_by=member)
    return {"roster": str(roster.pk), "invitation": str(invitation.pk)}
