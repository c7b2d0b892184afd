"""Keys of providers: at the installation, at a school, of one's own. Each person here has a key of the school and one more."""

from typing import Any

from ij8.accounts.models import OPEN_SCHOOL, Cohort, Membership, School
from ij8.ai.keys.sealing import seal_into
from ij8.ai.models import Level, ProviderKey
from tests.architecture.access_body import Body
from tests.canary import canary

BODIES = {
    "+key": Body(form={"act": "set", "key": canary("form"), "base_url": ""}),
    "+no-key": Body(form={"act": "set", "key": ""}),
    "+key-test": Body(form={"act": "test"}),
    "+key-off": Body(form={"act": "off"}),
    "+key-remove": Body(form={"act": "remove"}),
    "+key-rules": Body(form={"platform": "gemini", "school": "gemini", "personal": "gemini"}),
    "+json-key": Body(json={"key": canary("json")}),
    "+json-off": Body(json={"enabled": False}),
}

TABLE = """
#                                          visitor student classmate teacher assistant school_admin stranger artist admin
GET    /platform/providers/                    302     403       403     403       403          403      403    403   200
POST   /platform/providers/ +key-rules         302     403       403     403       403          403      403    403   302
GET    /platform/providers/gemini/             302     403       403     403       403          403      403    403   200
GET    /platform/providers/nothing/            302     403       403     403       403          403      403    403   404
POST   /platform/providers/openai/ +key        302     403       403     403       403          403      403    403   302
POST   /platform/providers/openai/ +no-key     302     403       403     403       403          403      403    403   422
POST   /platform/providers/gemini/ +key-test   302     403       403     403       403          403      403    403   302
POST   /platform/providers/gemini/ +key-off    302     403       403     403       403          403      403    403   302
POST   /platform/providers/gemini/ +key-remove  302    403       403     403       403          403      403    403   302
POST   /platform/providers/minimax/ +key-remove  302   403       403     403       403          403      403    403   404
GET    /school/providers/                      302     403       403     403       403          200      403    403   403
POST   /school/providers/ +key-rules           302     403       403     403       403          400      403    403   403
GET    /school/providers/openai/               302     403       403     403       403          200      403    403   403
GET    /school/providers/openai/?part=state    302     403       403     403       403          200      403    403   403
POST   /school/providers/openai/ +key          302     403       403     403       403          302      403    403   403
POST   /school/providers/openai/ +key-test     302     403       403     403       403          302      403    403   403
POST   /school/providers/openai/ +key-off      302     403       403     403       403          302      403    403   403
POST   /school/providers/openai/ +key-remove   302     403       403     403       403          302      403    403   403
POST   /school/providers/gemini/ +key-remove   302     403       403     403       403          404      403    403   403
GET    /settings/keys/                         302     200       200     200       200          200      200    200   200
POST   /settings/keys/ +key-rules              302     400       400     400       400          400      400    400   400
GET    /settings/keys/minimax/                 302     200       200     200       200          200      200    200   200
GET    /settings/keys/nothing/                 302     404       404     404       404          404      404    404   404
POST   /settings/keys/minimax/ +key            302     422       422     422       422          422      422    302   302
POST   /settings/keys/minimax/ +key-off        302     302       404     404       404          404      302    404   404
POST   /settings/keys/minimax/ +key-remove     302     302       404     404       404          404      302    404   404
GET    /api/admin/providers/                   401     403       403     403       403          403      403    403   200
GET    /api/admin/providers/gemini/            401     403       403     403       403          403      403    403   200
PUT    /api/admin/providers/openai/ +json-key  401     403       403     403       403          403      403    403   200
PATCH  /api/admin/providers/gemini/ +json-off  401     403       403     403       403          403      403    403   200
DELETE /api/admin/providers/gemini/            401     403       403     403       403          403      403    403   204
POST   /api/admin/providers/gemini/test/       401     403       403     403       403          403      403    403   202
GET    /api/school/providers/                  401     403       403     403       403          200      403    403   403
GET    /api/school/providers/openai/           401     403       403     403       403          200      403    403   403
PUT    /api/school/providers/openai/ +json-key  401    403       403     403       403          200      403    403   403
PATCH  /api/school/providers/openai/ +json-off  401    403       403     403       403          200      403    403   403
DELETE /api/school/providers/openai/           401     403       403     403       403          204      403    403   403
POST   /api/school/providers/openai/test/      401     403       403     403       403          202      403    403   403
GET    /api/me/providers/                      401     200       200     200       200          200      200    200   200
GET    /api/me/providers/minimax/              401     200       200     200       200          200      200    200   200
PUT    /api/me/providers/minimax/ +json-key    401     403       403     403       403          403      403    200   200
PATCH  /api/me/providers/minimax/ +json-off    401     200       404     404       404          404      200    404   404
DELETE /api/me/providers/minimax/              401     204       404     404       404          404      204    404   404
POST   /api/me/providers/minimax/test/         401     202       404     404       404          404      202    404   404
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    """A key of the school, one of the person's own, and once the installation's."""
    plant(member, Level.SCHOOL, "openai", secret)
    plant(member, Level.PERSONAL, "minimax", secret)
    if not ProviderKey.objects.filter(level=Level.PLATFORM).exists():
        plant(member, Level.PLATFORM, "gemini", "installation")
    return {}


def plant(member: Membership, level: Level, provider: str, secret: str, **fields: Any) -> ProviderKey:
    """A key without asking anybody. What is sealed is a canary."""
    school = School.objects.filter(slug=OPEN_SCHOOL).first() if level == Level.PLATFORM else member.school
    row = ProviderKey(
        school=school or member.school, level=level, member=member if level == Level.PERSONAL else None, provider=provider,
        added_by=member, base_url=f"https://{secret}.test", offers=[f"{secret} model"], say=secret, **fields,
    )  # fmt: skip
    seal_into(row, canary(f"{level}-{secret}"))
    row.save()
    return row
