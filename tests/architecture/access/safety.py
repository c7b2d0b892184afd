"""Policy, refusals, reports, consent, rules of the house, remote compute."""

from datetime import date, timedelta

from django.utils import timezone

from ij8.accounts.models import Cohort, Membership
from ij8.core.ids import uuid7
from ij8.safety.models import Consent, HouseRules, HpcGrant, Refusal, Report
from tests.architecture.access_body import Body

FOREIGN = ("refusal", "report", "consent")
BODIES = {
    "+policy": Body(form={"section": "sharing", "sharing-share_from": "16_17"}),
    "+allow": Body(form={"act": "allow", "refusal": "{refusal}"}),
    "+allow-class": Body(form={"act": "allow_class", "refusal": "{refusal}"}),
    "+answer": Body(form={"answer": "I looked."}),
    "+enter": Body(form={"act": "enter", "given_on": "2026-01-05", "how": "paper", "version": "0", "member": "{member}"}),
    "+letter": Body(form={"act": "letter", "words": "We agree."}),
    "+accept": Body(form={"version": "1"}),
    "+upset": Body(form={"act": "upset"}),
    "+hpc": Body(form={"until": (date.today() + timedelta(days=30)).isoformat(), "reason": "Research"}),
    "+hpc-class": Body(
        form={"until": (date.today() + timedelta(days=30)).isoformat(), "reason": "Research", "cohort": "{cohort}"}
    ),
}

TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /school/policy/                        302     403       403     403       403          200      403    403   403
POST   /school/policy/ +policy                302     403       403     403       403          302      403    403   403
GET    /school/consent/                       302     403       403     200       200          200      403    403   403
GET    /school/consent/?class={cohort}        302     403       403     200       200          200      403    403   403
POST   /school/consent/?kind=photo +enter     302     403       403     302       302          302      403    403   403
POST   /school/consent/?kind=photo +letter    302     403       403     403       403          302      403    403   403
GET    /school/consent/letter/?member={member}  302   403       403     200       200          200      403    403   403
GET    /school/consent/letter/?class={cohort}  302    403       403     200       200          200      403    403   403
POST   /school/consent/{consent}/withdraw/    302     403       403     302       302          302      403    403   403
GET    /school/reports/                       302     403       403     200       200          200      403    403   403
POST   /school/reports/{report}/ +answer      302     403       403     302       302          302      403    403   403
GET    /school/rules/                         302     403       403     403       403          200      403    403   403
GET    /house-rules/                          302     200       200     200       200          200      200    200   200
POST   /house-rules/ +accept                  302     302       302     302       302          302      302    404   404
GET    /classes/{cohort}/refusals/            302     403       403     200       200          200      404    404   404
POST   /classes/{cohort}/refusals/ +allow     302     403       403     302       302          302      404    404   404
POST   /classes/{cohort}/refusals/ +allow-class  302  403       403     302       302          302      404    404   404
GET    /classes/{cohort}/consent/             302     403       403     302       302          302      404    404   404
GET    /remote-compute/                       302     200       200     200       200          200      200    200   200
POST   /remote-compute/ +hpc                  302     403       403     302       302          302      403    302   302
POST   /remote-compute/ +hpc-class            302     403       403     302       302          422      403    422   422
POST   /works/{artifact}/report/ +upset       302     302       404     302       302          302      404    404   404
POST   /remote-compute/{grant}/revoke/        302     403       403     403       403          403      403    403   302
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    """`grant` is no foreign id: those who may revoke it look after all schools."""
    school, now = member.school, timezone.now()
    refusal = Refusal.objects.create(
        school=school, member=member, cohort=cohort, where="prompt", text=secret, digest=secret[:60],
        hits=[{"word": secret, "category": "hate"}],
        categories=["hate"],
    )  # fmt: skip
    report = Report.objects.create(
        school=school, by=member, cohort=cohort, kind="wrong", ref=uuid7(), about=secret, url="/works/", words=secret
    )
    consent = Consent.objects.create(
        school=school, member=member, kind="publication", given_on=now.date(), how="paper", recorded_by=member
    )
    HouseRules.objects.create(school=school, version=1, words=secret, by=member)
    grant = HpcGrant.objects.create(
        school=school, cohort=cohort, requested_by=member, granted_by=member, reason=secret, until=now.date() + timedelta(days=5)
    )
    return {"refusal": str(refusal.pk), "report": str(report.pk), "consent": str(consent.pk), "grant": str(grant.pk)}
