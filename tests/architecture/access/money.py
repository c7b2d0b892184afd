"""Prices, budgets and spend."""

from decimal import Decimal

from ij8.accounts.models import Cohort, Membership
from ij8.ai.models import Budget
from tests.architecture.access_body import Body

FOREIGN = ("budget",)
_SET = {"act": "set", "hard_usd": "2", "soft_usd": "", "resets": "monthly"}
_PERSON = {"level": "person", "cohort": "{cohort}", "member": "{member}"}
_PRICE = {"provider": "p", "model": "m", "unit": "image", "amount": "1", "valid_from": "2026-01-01"}
BODIES = {
    "+budget-of-school": Body(form={**_SET, "level": "school"}),
    "+budget-of-class": Body(form={**_SET, "level": "cohort", "cohort": "{cohort}"}),
    "+budget-of-person": Body(form={**_SET, **_PERSON}),
    "+budget-grant": Body(
        form={
            "act": "grant",
            "level": "person",
            "cohort": "{cohort}",
            "member": "{member}",
            "amount_usd": "1",
            "until": "2099-01-01",
        }
    ),
    "+budget-ask": Body(form={"amount_usd": "1", "until": "2099-01-01", "words": "for the exhibition"}),
    "+price": Body(form={**_PRICE, "currency": "USD", "rate_usd": "1"}),
    "+price-json": Body(json=_PRICE),
    "+dismiss": Body(form={"dismiss": '["a/b", "a/c"]'}),
}
TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /school/budgets/                       302     403       403     200       403          200      403    403   403
GET    /school/budgets/?cohort={cohort}       302     403       403     200       403          200      403    403   403
POST   /school/budgets/ +budget-of-school     302     403       403     403       403          302      403    403   403
POST   /school/budgets/ +budget-of-class      302     403       403     403       403          302      403    403   403
POST   /school/budgets/ +budget-of-person     302     403       403     302       403          302      403    403   403
POST   /school/budgets/ +budget-grant         302     403       403     302       403          302      403    403   403
GET    /school/spend/                         302     403       403     200       403          200      403    403   403
GET    /school/spend/?cohort={cohort}         302     403       403     200       403          200      403    403   403
GET    /school/spend/?member={member}         302     403       403     200       403          200      403    403   403
GET    /school/spend/?as=csv                  302     403       403     200       403          200      403    403   403
GET    /platform/spend/                       302     403       403     403       403          403      403    403   200
GET    /platform/spend/?as=csv                302     403       403     403       403          403      403    403   200
GET    /platform/prices/                      302     403       403     403       403          403      403    403   200
POST   /platform/prices/ +price               302     403       403     403       403          403      403    403   302
GET    /api/admin/prices/                     401     403       403     403       403          403      403    403   200
POST   /api/admin/prices/ +price-json         401     403       403     403       403          403      403    403   201
GET    /settings/spend/                       302     200       200     200       200          200      200    200   200
GET    /settings/spend/?as=csv                302     200       200     200       200          200      200    200   200
GET    /settings/spend/more/                  302     200       200     200       200          200      200    200   200
GET    /settings/spend/more/?budget={budget}  302     200       404     404       404          404      404    404   404
POST   /settings/spend/more/?budget={budget} +budget-ask  302  302  404  404    404          404      404    404   404
GET    /studio/advice/?model=none             302     200       200     200       200          200      200    200   200
POST   /studio/advice/ +dismiss               302     302       302     302       302          302      302    302   302
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    one = Budget.objects.create(
        school=member.school, level=Budget.Level.PERSON, cohort=cohort, member=member, hard_usd=Decimal(1), changed_by=member
    )
    return {"budget": str(one.pk)}
