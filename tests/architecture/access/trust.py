"""Notices, the log of changes, and looking in for support."""

from ij8.accounts.models import Cohort, Membership, Notice
from tests.architecture.access_body import Body

FOREIGN = ("notice",)
BODIES = {"+look-in": Body(form={"member": "{own_member}", "reason": "asked for help"})}

TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /notices/                              302     200       200     200       200          200      200    200   200
GET    /notices/?cursor={cursor}              302     200       200     200       200          200      200    200   200
GET    /notices/bell/                         302     200       200     200       200          200      200    200   200
POST   /notices/read/                         302     302       302     302       302          302      302    302   302
GET    /notices/{notice}/                     302     302       404     404       404          404      404    404   404
GET    /notices/mail-off/?key=unknown         410     410       410     410       410          410      410    410   410
POST   /notices/mail-off/?key=unknown         410     410       410     410       410          410      410    410   410
GET    /school/audit/                         302     403       403     403       403          200      403    403   403
GET    /school/audit/file/                    302     403       403     403       403          200      403    403   403
GET    /platform/audit/                       302     403       403     403       403          403      403    403   200
GET    /platform/audit/file/?format=jsonl     302     403       403     403       403          403      403    403   200
GET    /platform/support/?q=m                 302     403       403     403       403          403      403    403   200
POST   /platform/support/ +look-in            302     403       403     403       403          403      403    403   302
POST   /platform/support/stop/                404     404       404     404       404          404      404    404   404
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    notice = Notice.objects.create(school=member.school, member=member, kind="asked", params={"sentence": secret}, url="/home/")
    return {"notice": str(notice.pk)}
