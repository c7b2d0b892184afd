"""A school's own door, cards and passwords of pupils, and one's own security."""

from ij8.accounts.door.cards import make_cards
from ij8.accounts.models import BrowserSession, Cohort, Membership
from tests.architecture.access_body import Body

FOREIGN = ("browser_session",)
BODIES = {
    "+words": Body(form={"username": "mia.k", "password": "river lamp 47"}),
    "+username": Body(form={"username": "mia.k"}),
    "+school-code": Body(form={"code": "nowhere"}),
    "+card": Body(form={"key": "unknown"}),
    "+print": Body(form={"act": "print", "member": "{member}"}),
    "+new-password": Body(form={"act": "passwords", "member": "{member}"}),
    "+own-password": Body(form={"new": "river lamp 47"}),
}
TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /sign-in/school/                       200     200       200     200       200          200      200    200   200
POST   /sign-in/school/ +school-code          422     422       422     422       422          422      422    422   422
GET    /s/linden/sign-in/                     200     302       302     302       302          302      302    302   302
POST   /s/linden/sign-in/ +words              422     302       302     302       302          302      302    302   302
GET    /s/nowhere/sign-in/                    404     302       302     302       302          302      302    302   302
GET    /s/{school_slug}/forgotten/            200     302       302     302       302          302      302    302   302
POST   /s/{school_slug}/forgotten/ +username  200     302       302     302       302          302      302    302   302
GET    /s/linden/card/?key=unknown            410     410       410     410       410          410      410    410   410
POST   /s/linden/card/ +card                  410     410       410     410       410          410      410    410   410
GET    /classes/{cohort}/cards/               302     403       403     200       403          200      404    404   404
POST   /classes/{cohort}/cards/ +print        302     403       403     200       403          200      404    404   404
POST   /classes/{cohort}/cards/ +new-password 302     403       403     200       403          200      404    404   404
GET    /school/cards/                         302     403       403     403       403          200      403    403   403
POST   /school/cards/ +print                  302     403       403     403       403          200      403    403   403
GET    /school/people/{member}/card/          302     404       404     302       404          302      404    404   404
GET    /settings/security/                    302     200       200     200       200          200      200    200   200
POST   /settings/security/ +own-password      302     302       302     302       302          302      302    302   302
POST   /settings/security/sessions/{browser_session}/end/  302  302  404  404     404          404      404    404   404
POST   /settings/security/sessions/end-others/  302   302       302     302       302          302      302    302   302
POST   /settings/security/here/               302     204       204     204       204          204      204    204   204
GET    /sign-in/second/                       302     302       302     302       302          302      302    302   302
POST   /sign-in/second/                       302     302       302     302       302          302      302    302   302
GET    /sign-in/passkey/                      302     302       302     302       302          302      302    302   302
POST   /sign-in/passkey/                      302     302       302     302       302          302      302    302   302
GET    /settings/security/again/              302     403       403     403       403          403      403    403   403
POST   /settings/security/again/              302     403       403     403       403          403      403    403   403
GET    /settings/security/again/code/         302     403       403     403       403          403      403    403   403
POST   /settings/security/again/code/         302     403       403     403       403          403      403    403   403
GET    /settings/security/again/passkey/      302     403       403     403       403          403      403    403   403
POST   /settings/security/again/passkey/      302     403       403     403       403          403      403    403   403
GET    /settings/security/app/                302     403       403     200       200          200      403    200   200
POST   /settings/security/app/                302     403       403     200       200          200      403    200   200
GET    /settings/security/app/remove/         302     403       403     404       404          404      403    404   404
POST   /settings/security/app/remove/         302     403       403     404       404          404      403    404   404
GET    /settings/security/passkeys/add/       302     403       403     200       200          200      403    200   200
POST   /settings/security/passkeys/add/       302     403       403     200       200          200      403    200   200
GET    /settings/security/passkeys/1/remove/  302     403       403     404       404          404      403    404   404
POST   /settings/security/passkeys/1/remove/  302     403       403     404       404          404      403    404   404
GET    /settings/security/codes/              302     403       403     404       404          404      403    404   404
GET    /settings/security/codes/new/          302     403       403     200       200          200      403    200   200
POST   /settings/security/codes/new/          302     403       403     200       200          200      403    200   200
GET    /settings/security/codes/text/         302     403       403     404       404          404      403    404   404
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    member.user.username = "mia.k"
    member.user.school = member.school
    member.user.save()
    make_cards(members=[member], by=None)
    row = BrowserSession.objects.create(user=member.user, member=member, session_key=secret.ljust(32, "x"), device=secret)
    return {"browser_session": str(row.pk)}
