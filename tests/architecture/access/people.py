"""People of a school, its classes, and what is done with them."""

from ij8.accounts.models import Cohort, Handover, Membership, User
from tests.architecture.access_body import Body

FOREIGN = ("handover",)


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    """Works of another pupil of the school that are offered to this person."""
    user = User.objects.create_user(f"{secret}-gone@{member.school.slug}.test", name=f"{secret} gone")
    gone = Membership.objects.create(school=member.school, user=user, role="student", active=False)
    made = Handover.objects.create(school=member.school, member=gone, to=member, offered_by=gone)
    return {"handover": str(made.pk)}


BODIES: dict[str, Body] = {
    "+new-name": Body(form={"act": "save", "name": "New"}),
    "+end-person": Body(form={"act": "end"}),
    "+many-people": Body(form={"action": "end", "ids": "{member}"}),
    "+many-into-class": Body(form={"action": "add", "cohort": "{cohort}", "ids": "{member}"}),
    "+undo-token": Body(form={"undo": "unknown"}),
    "+merge": Body(form={"other": "{member}"}),
    "+class": Body(form={"name": "7c"}),
    "+class-renamed": Body(form={"act": "save", "name": "6c"}),
    "+class-trash": Body(form={"act": "trash"}),
    "+take-along": Body(form={"handover": "{handover}", "answer": "yes"}),
    "+hand-over": Body(form={"act": "hand_over", "email": "mia@home.test"}),
    "+pupil": Body(form={"member": "{member}"}),
    "+person-name": Body(json={"name": "New"}),
    "+person-role": Body(json={"role": "teacher"}),
    "+new-class": Body(json={"name": "7c"}),
    "+class-copy": Body(json={"name": "7d", "copy_of": "{cohort}"}),
    "+class-term": Body(json={"term": "Autumn"}),
    "+place": Body(json={"member": "{member}"}),
}

TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /school/people/                        302     403       403     403       403          200      403    403   403
GET    /school/people/?cohort={cohort}        302     403       403     403       403          200      403    403   403
POST   /school/people/bulk/ +many-people      302     302       302     302       302          302      302    302   302
POST   /school/people/bulk/ +many-into-class  302     403       403     302       403          302      404    404   404
POST   /school/people/undo/ +undo-token       302     302       302     302       302          302      302    302   302
GET    /school/people/{member}/               302     200       404     200       200          200      404    404   404
POST   /school/people/{member}/ +new-name     302     403       404     302       403          302      404    404   404
POST   /school/people/{member}/ +end-person   302     403       404     403       403          302      404    404   404
GET    /school/people/{member}/merge/         302     403       403     403       403          200      403    403   403
POST   /school/people/{own_member}/merge/ +merge  302 403       403     403       403          200      403    403   403
POST   /school/people/{member}/ +hand-over    302     403       404     403       403          302      404    404   404
GET    /handovers/                            302     200       200     200       200          200      200    200   200
POST   /handovers/ +take-along                  302     302       404     404       404          404      404    404   404
GET    /school/cohorts/                       302     403       403     403       403          200      403    403   403
GET    /classes/                              302     200       200     200       200          200      200    404   404
GET    /classes/new/                          302     403       403     200       403          200      403    403   403
POST   /classes/new/ +class                   302     403       403     302       403          302      403    403   403
GET    /classes/{cohort}/                     302     302       302     302       302          302      404    404   404
GET    /classes/{cohort}/people/              302     403       403     200       200          200      404    404   404
POST   /classes/{cohort}/people/ +pupil       302     403       403     302       403          302      404    404   404
GET    /classes/{cohort}/settings/            302     403       403     200       403          200      404    404   404
POST   /classes/{cohort}/settings/ +class-renamed  302  403     403     302       403          302      404    404   404
POST   /classes/{cohort}/settings/ +class-trash  302  403       403     302       403          302      404    404   404

GET    /api/people/                           401     200       200     200       200          200      200    200   200
GET    /api/people/?cohort={cohort}           401     200       200     200       200          200      200    200   200
GET    /api/people/{member}/                  401     200       404     200       200          200      404    404   404
PATCH  /api/people/{member}/ +person-name     401     403       404     200       403          200      404    404   404
PATCH  /api/people/{member}/ +person-role     401     403       404     403       403          200      404    404   404
DELETE /api/people/{member}/                  401     403       404     403       403          204      404    404   404
POST   /api/people/{member}/restore/          401     403       404     403       403          200      404    404   404
GET    /api/cohorts/                          401     200       200     200       200          200      200    200   200
POST   /api/cohorts/ +new-class               401     403       403     201       403          201      403    403   403
POST   /api/cohorts/ +class-copy              401     403       403     201       403          201      403    403   403
GET    /api/cohorts/{cohort}/                 401     200       200     200       200          200      404    404   404
PATCH  /api/cohorts/{cohort}/ +class-term     401     403       403     200       403          200      404    404   404
DELETE /api/cohorts/{cohort}/                 401     403       403     204       403          204      404    404   404
POST   /api/cohorts/{cohort}/restore/         401     403       403     200       403          200      404    404   404
GET    /api/cohorts/{cohort}/people/          401     403       403     200       200          200      404    404   404
POST   /api/cohorts/{cohort}/people/ +place   401     403       403     200       403          200      404    404   404
DELETE /api/cohorts/{cohort}/people/{member}/  401    403       403     204       403          204      404    404   404
"""
