"""Requests, the opening of schools, and the closed door."""

from ij8.accounts.asks import make_ask
from ij8.accounts.models import OPEN_SCHOOL, Ask, Cohort, Membership, School
from ij8.accounts.opening.kinds import Knock, SchoolWish
from tests.architecture.access_body import Body

FOREIGN = ("ask", "asked")
BODIES = {
    "+grant": Body(form={"act": "grant"}),
    "+decline": Body(form={"act": "decline"}),
    "+knock": Body(form={"name": "Ada", "email": "ada@home.test", "school": "Linden School"}),
    "+new-school": Body(
        json={"name": "Elm School", "slug": "elm", "admin": {"name": "Ada", "email": "ada@elm.test"}},
    ),
    "+zone": Body(json={"time_zone": "Europe/Berlin"}),
    "+part": Body(form={"part": "facts"}),
    "+wish": Body(form={"name": "Ada", "email": "ada@home.test", "school_name": "Elm School"}),
}
TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /school/                               302     403       403     403       403          302      403    403   403
GET    /platform/                             302     403       403     403       403          403      403    403   302
GET    /school/requests/                      302     403       403     200       403          200      403    403   403
GET    /school/requests/{ask}/                302     403       403     404       403          200      403    403   403
POST   /school/requests/{ask}/ +decline       302     403       403     404       403          302      403    403   403
GET    /platform/requests/                    302     403       403     403       403          403      403    403   200
GET    /platform/requests/{wished}/           302     403       403     403       403          403      403    403   200
POST   /platform/requests/{wished}/ +grant    302     403       403     403       403          403      403    403   422
GET    /platform/schools/                     302     403       403     403       403          403      403    403   200
GET    /platform/schools/?q=linden            302     403       403     403       403          403      403    403   200
GET    /platform/schools/new/                 302     403       403     403       403          403      403    403   200
GET    /platform/schools/new/?step=check      302     403       403     403       403          403      403    403   422
POST   /platform/schools/new/ +grant          302     403       403     403       403          403      403    403   422
GET    /platform/schools/{any_school}/        302     403       403     403       403          403      403    403   200
POST   /platform/schools/{any_school}/ +part  302     403       403     403       403          403      403    403   422
GET    /s/{door_slug}/logo/                   404     404       404     404       404          404      404    404   404
GET    /api/admin/schools/                    401     403       403     403       403          403      403    403   200
POST   /api/admin/schools/ +new-school        401     403       403     403       403          403      403    403   201
GET    /api/admin/schools/{any_school}/       401     403       403     403       403          403      403    403   200
PATCH  /api/admin/schools/{any_school}/ +zone  401    403       403     403       403          403      403    403   200
GET    /settings/requests/                    302     200       200     200       200          200      200    200   200
POST   /settings/requests/{asked}/withdraw/   302     302       404     404       404          404      404    404   404
GET    /sign-in/no-account/                   200     200       200     200       200          200      200    200   200
POST   /sign-in/no-account/ +knock            200     200       200     200       200          200      200    200   200
GET    /sign-up/?key=x                        410     410       410     410       410          410      410    410   410
POST   /sign-up/ +key                         410     410       410     410       410          410      410    410   410
GET    /sign-up/welcome/?key=x                410     410       410     410       410          410      410    410   410
POST   /sign-up/welcome/ +key                 410     410       410     410       410          410      410    410   410
GET    /schools/ask/                          200     200       200     200       200          200      200    200   200
POST   /schools/ask/ +wish                    200     200       200     200       200          200      200    200   200
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    """A visitor's request to the school, and the member's own for a school of hers."""
    knock = Knock(name=secret, email=f"{secret}@home.test")
    ask = make_ask(kind="account", school=member.school, asked_by=None, details=knock, words=secret)
    open_school = School.objects.get_or_create(slug=OPEN_SCHOOL, defaults={"name": "Open school"})[0]
    wish = SchoolWish(name=secret, email=f"{secret}@home.test", school_name=secret)
    wished = make_ask(kind="school", school=open_school, asked_by=member, details=wish, words=secret)
    answered = make_ask(kind="account", school=member.school, asked_by=None, details=knock, words=secret)
    Ask.objects.filter(pk=answered.pk).update(state=Ask.State.DECLINED, decided_at=answered.created, answer=secret)
    return {
        "ask": str(ask.pk),
        "wished": str(wished.pk),
        "asked": str(wished.pk),
        "any_school": str(member.school_id),
        "door_slug": member.school.slug,
    }
