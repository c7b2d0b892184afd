"""The one table of who may ask for what: (method, address, role) → status, for every route and every socket.

A word in braces is the id of a thing that the student made in her class's session, or of the student, her class or her
school; further areas stand in access/. `own_…` is the same thing, but stays the asker's own where the isolation test puts a
stranger's ids in.
A method that has no row for an address answers 405 there.
"""

from dataclasses import dataclass
from typing import Any

from tests.architecture.access import AREAS
from tests.architecture.access_body import Body

ROLES = ("visitor", "student", "classmate", "teacher", "assistant", "school_admin", "stranger", "artist", "admin")


@dataclass(frozen=True)
class Row:
    """`body` names an entry of BODIES. `answers` maps each role to its status."""

    method: str
    address: str
    body: str
    answers: dict[str, int]

    def __str__(self) -> str:
        return f"{self.method} {self.address}{' ' + self.body if self.body else ''}"

    @property
    def names_ids(self) -> bool:
        asked = self.address + repr(BODIES.get(self.body, Body()))
        return any("{" + name + "}" in asked for name in FOREIGN)


FOREIGN: tuple[str, ...] = (
    "school", "person", "member", "cohort", "session", "trashed_session", "turn", "job", "failed", "done", "artifact",
    "trashed", "batch", "cursor", "school_slug", "token",
)  # fmt: skip

_NOTHING: dict[str, Any] = {"operation": "test.nothing", "params": {}}
BODIES: dict[str, Body] = {
    "+job": Body(json=_NOTHING),
    "+job-in-session": Body(json={**_NOTHING, "session": "{session}"}),
    "+job-in-trash": Body(json={**_NOTHING, "session": "{trashed_session}"}),
    "+nothing": Body(json={}),
    "+title": Body(json={"title": "New"}),
    "+cohort": Body(json={"title": "New", "cohort": "{cohort}"}),
    "+picture": Body(file=True),
    "+picture-in-session": Body(file=True, form={"session": "{session}"}),
    "+words": Body(form={"words": "quiet sea"}),
    "+prompt": Body(form={"prompt": "quiet sea", "model": "procedural/auto", "size": "64", "dedupe_key": "k"}),
    "+all-settings": Body(form={"all_settings": "1"}),
    "+rename": Body(form={"act": "rename", "title": "New"}),
    "+cancel": Body(form={"act": "cancel"}),
    "+retry": Body(form={"act": "retry"}),
    "+pick": Body(form={"act": "pick"}),
    "+star": Body(form={"act": "star"}),
    "+save": Body(form={"act": "save", "title": "New"}),
    "+trash": Body(form={"act": "trash"}),
    "+restore": Body(form={"act": "restore"}),
    "+chosen": Body(form={"action": "star", "ids": "{artifact}"}),
    "+chosen-move": Body(form={"action": "move", "session": "{session}", "ids": "{own_artifact}"}),
    "+chosen-zip": Body(form={"ids": "{own_artifact}"}),
    "+bulk-ids": Body(json={"action": "tag", "tags": ["sea"], "ids": ["{artifact}", "{trashed}"]}),
    "+bulk-filter": Body(json={"action": "trash", "filter": {"session": "{session}"}}),
    "+bulk-move": Body(json={"action": "move", "session": "{session}", "ids": ["{own_artifact}"]}),
    "+email": Body(form={"email": "mia@linden.test"}),
    "+password": Body(form={"login": "mia@linden.test", "password": "wrong"}),
    "+key": Body(form={"key": "unknown"}),
    "+person": Body(form={"person": "{person}"}),
    "+school": Body(form={"school": "{school}"}),
    "+name": Body(form={"name": "New"}),
    "+address": Body(form={"email": "new@linden.test"}),
    "+code": Body(form={"code": "ABCD-EFGH"}),
    "+theme": Body(form={"theme": "dark"}),
    "+large": Body(form={"text_size": "large"}),
    "+notices": Body(form={"notify_done": "on"}),
    "+dark": Body(form={"theme": "dark"}),
    "+X-School": Body(headers={"X-School": "{school_slug}"}),
}
for area in AREAS:
    FOREIGN += getattr(area, "FOREIGN", ())
    BODIES |= getattr(area, "BODIES", {})

TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /                                      200     302       302     302       302          302      302    302   302
GET    /home/                                 302     200       200     200       200          200      200    200   200
GET    /home/ +X-School                       302     200       200     200       200          200      409    409   409
GET    /platform/at-a-glance/                  302     403       403     403       403          403      403    403   200
GET    /find/?q=linden                         302     200       200     200       200          200      200    200   200
GET    /studio/                               302     200       200     200       200          200      200    200   200
GET    /studio/?cursor={cursor}               302     200       200     200       200          200      200    200   200
GET    /studio/?undo={trashed_session}        302     200       200     200       200          200      200    200   200
GET    /studio/trash/                         302     200       200     200       200          200      200    200   200
GET    /studio/trash/?cursor={cursor}         302     200       200     200       200          200      200    200   200
GET    /studio/list/?here={session}           302     200       200     200       200          200      200    200   200
GET    /studio/list/?cursor={cursor}          302     200       200     200       200          200      200    200   200
GET    /studio/estimate/?model=none           302     200       200     200       200          200      200    200   200
POST   /studio/preferences/ +all-settings     302     302       302     302       302          302      302    302   302
POST   /studio/ +words                        302     302       302     302       302          302      302    302   302
GET    /studio/in-progress/                   302     200       200     200       200          200      200    200   200
GET    /studio/{session}/                     302     200       404     200       200          200      404    404   404
GET    /studio/{trashed_session}/             302     200       404     404       404          404      404    404   404
GET    /studio/{own_session}/?before={turn}   302     200       404     200       200          200      404    404   404
GET    /studio/{own_session}/?turn={turn}     302     200       404     200       200          200      404    404   404
GET    /studio/{own_session}/?again={artifact}  302   200       404     200       200          200      404    404   404
POST   /studio/{session}/ +rename             302     302       404     403       403          403      404    404   404
POST   /studio/{session}/ +trash              302     302       404     403       403          403      404    404   404
POST   /studio/{trashed_session}/ +restore    302     302       404     404       404          404      404    404   404
POST   /studio/{session}/ +prompt             302     302       404     403       403          403      404    404   404
POST   /studio/{trashed_session}/ +prompt     302     409       404     404       404          404      404    404   404
GET    /studio/jobs/{job}/                    302     200       404     200       200          200      404    404   404
POST   /studio/jobs/{job}/ +cancel            302     302       404     403       403          403      404    404   404
POST   /studio/jobs/{failed}/ +retry          302     302       404     403       403          403      404    404   404
POST   /studio/jobs/{done}/ +pick             302     302       404     403       403          403      404    404   404
GET    /studio/batches/{batch}/               302     302       404     302       302          302      404    404   404
POST   /studio/batches/{batch}/               302     302       404     403       403          403      404    404   404
GET    /works/                                302     200       200     200       200          200      200    200   200
GET    /works/?cursor={cursor}                302     200       200     200       200          200      200    200   200
GET    /works/?sort=title&since=2026-01-01    302     200       200     200       200          200      200    200   200
GET    /works/?session={session}              302     200       404     200       200          200      404    404   404
GET    /works/tags/?tag=s                     302     200       200     200       200          200      200    200   200
POST   /works/bulk/ +chosen                   302     302       302     302       302          302      302    302   302
POST   /works/bulk/ +chosen-move              302     302       404     403       403          403      404    404   404
GET    /works/zip/                            302     200       200     200       200          200      200    200   200
POST   /works/zip/ +chosen-zip                302     200       200     200       200          200      200    200   200
GET    /works/trash/                          302     200       200     200       200          200      200    200   200
GET    /works/trash/empty/                    302     200       200     200       200          200      200    200   200
POST   /works/trash/empty/                    302     302       302     302       302          302      302    302   302
GET    /works/{artifact}/                     302     200       404     200       200          200      404    404   404
GET    /works/{trashed}/                      302     200       404     404       404          404      404    404   404
POST   /works/{artifact}/ +star               302     302       404     403       403          403      404    404   404
POST   /works/{artifact}/ +save               302     302       404     403       403          403      404    404   404
POST   /works/{artifact}/ +trash              302     302       404     403       403          403      404    404   404
POST   /works/{trashed}/ +restore             302     302       404     404       404          404      404    404   404
GET    /works/{artifact}/panel/               302     200       404     200       200          200      404    404   404

POST   /api/jobs/ +job                        401     202       202     202       202          202      202    202   202
POST   /api/jobs/ +job-in-session             401     202       404     403       403          403      404    404   404
POST   /api/jobs/ +job-in-trash               401     409       404     404       404          404      404    404   404
GET    /api/jobs/                             401     200       200     200       200          200      200    200   200
GET    /api/jobs/ +X-School                   401     200       200     200       200          200      409    409   409
GET    /api/jobs/{job}/                       401     200       404     200       200          200      404    404   404
GET    /api/jobs/{done}/?after=0              401     200       404     200       200          200      404    404   404
POST   /api/jobs/{job}/cancel/                401     200       404     403       403          403      404    404   404
POST   /api/jobs/{failed}/retry/              401     202       404     403       403          403      404    404   404
POST   /api/jobs/{done}/pick/                 401     200       404     403       403          403      404    404   404
GET    /api/jobs/{job}/preview/               401     200       404     200       200          200      404    404   404
POST   /api/batches/{batch}/cancel/           401     200       404     403       403          403      404    404   404
GET    /api/operations/                       401     200       200     200       200          200      200    200   200
GET    /api/artifacts/                        401     200       200     200       200          200      200    200   200
GET    /api/artifacts/?session={session}      401     200       404     200       200          200      404    404   404
GET    /api/artifacts/?cursor={cursor}        401     200       200     200       200          200      200    200   200
POST   /api/artifacts/ +picture               401     201       201     201       201          201      201    201   201
POST   /api/artifacts/ +picture-in-session    401     201       404     403       403          403      404    404   404
POST   /api/artifacts/bulk/ +bulk-ids         401     200       200     200       200          200      200    200   200
POST   /api/artifacts/bulk/ +bulk-filter      401     200       200     200       200          200      200    200   200
POST   /api/artifacts/bulk/ +bulk-move        401     200       404     403       403          403      404    404   404
GET    /api/tags/?q=sea                       401     200       200     200       200          200      200    200   200
GET    /api/artifacts/{artifact}/             401     200       404     200       200          200      404    404   404
PATCH  /api/artifacts/{artifact}/ +title      401     200       404     403       403          403      404    404   404
DELETE /api/artifacts/{artifact}/             401     204       404     403       403          403      404    404   404
GET    /api/artifacts/{trashed}/              401     200       404     404       404          404      404    404   404
GET    /api/artifacts/{artifact}/file/        401     200       404     200       200          200      404    404   404
GET    /api/artifacts/{artifact}/thumbnail/   401     200       404     200       200          200      404    404   404
GET    /api/artifacts/{artifact}/thumbnail/?size=large  401  200  404   200       200          200      404    404   404
POST   /api/artifacts/{trashed}/restore/      401     200       404     404       404          404      404    404   404
GET    /api/sessions/                         401     200       200     200       200          200      200    200   200
GET    /api/sessions/?cursor={cursor}         401     200       200     200       200          200      200    200   200
POST   /api/sessions/ +title                  401     201       201     201       201          201      201    201   201
POST   /api/sessions/ +cohort                 401     201       201     201       201          404      404    404   404
GET    /api/sessions/{session}/               401     200       404     200       200          200      404    404   404
PATCH  /api/sessions/{session}/ +title        401     200       404     403       403          403      404    404   404
DELETE /api/sessions/{session}/               401     204       404     403       403          403      404    404   404
POST   /api/sessions/{trashed_session}/restore/  401  200       404     404       404          404      404    404   404
GET    /api/health/                           200     200       200     200       200          200      200    200   200
GET    /api/schema/                           200     200       200     200       200          200      200    200   200
GET    /api/docs/                             200     200       200     200       200          200      200    200   200

GET    /sign-in/                              200     302       302     302       302          302      302    302   302
POST   /sign-in/ +email                       503     302       302     302       302          302      302    302   302
GET    /sign-in/code/                         302     302       302     302       302          302      302    302   302
POST   /sign-in/code/ +nothing                302     302       302     302       302          302      302    302   302
GET    /sign-in/password/                     200     302       302     302       302          302      302    302   302
POST   /sign-in/password/ +password           200     302       302     302       302          302      302    302   302
GET    /sign-in/link/?key=unknown             410     410       410     410       410          410      410    410   410
POST   /sign-in/link/ +key                    410     410       410     410       410          410      410    410   410
POST   /sign-in/as/ +person                   404     404       404     404       404          404      404    404   404
GET    /sign-in/closed/                       403     403       403     403       403          403      403    403   403
GET    /sign-out/                             302     200       200     200       200          200      200    200   200
POST   /sign-out/                             302     302       302     302       302          302      302    302   302
GET    /school/switch/                        302     200       200     200       200          200      200    200   200
POST   /school/switch/ +school                302     302       302     302       302          302      404    404   404
GET    /settings/                             302     302       302     302       302          302      302    302   302
GET    /settings/profile/                     302     200       200     200       200          200      200    200   200
POST   /settings/profile/ +name               302     302       302     302       302          302      302    302   302
GET    /settings/profile/address/             302     200       200     200       200          200      200    200   200
POST   /settings/profile/address/ +address    302     200       200     200       200          200      200    200   200
GET    /settings/profile/address/code/        302     302       302     302       302          302      302    302   302
POST   /settings/profile/address/code/ +code  302     302       302     302       302          302      302    302   302
GET    /settings/appearance/                  302     200       200     200       200          200      200    200   200
POST   /settings/appearance/ +theme           302     302       302     302       302          302      302    302   302
GET    /settings/accessibility/               302     200       200     200       200          200      200    200   200
POST   /settings/accessibility/ +large        302     302       302     302       302          302      302    302   302
GET    /settings/privacy/                     302     200       200     200       200          200      200    200   200
GET    /settings/tokens/                      302     200       200     200       200          200      200    200   200
POST   /settings/tokens/ +name                302     200       200     200       200          200      200    200   200
POST   /settings/tokens/{token}/revoke/       302     302       404     404       404          404      404    404   404
GET    /settings/notifications/               302     200       200     200       200          200      200    200   200
POST   /settings/notifications/ +notices      302     302       302     302       302          302      302    302   302
GET    /help/                                 200     200       200     200       200          200      200    200   200
GET    /help/studio-session/                  200     200       200     200       200          200      200    200   200
GET    /help/nothing/                         404     404       404     404       404          404      404    404   404
GET    /privacy/                              200     200       200     200       200          200      200    200   200
GET    /status/                               200     200       200     200       200          200      200    200   200
POST   /settings/look/ +dark                  302     204       204     204       204          204      204    204   204
GET    /dev/parts/                            404     404       404     404       404          404      404    404   404
GET    /dev/outbox/                           404     404       404     404       404          404      404    404   404
"""

SOCKETS = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
/ws/events/ watch session.{session}          4401      ok not_found      ok        ok           ok not_found not_found not_found
/ws/events/ watch session.{trashed_session}  4401      ok not_found not_found not_found not_found not_found not_found not_found
/ws/events/ watch member.{member}            4401 not_found not_found not_found not_found not_found not_found not_found not_found
/ws/events/ resume {job}                     4401      ok not_found      ok        ok           ok not_found not_found not_found
/ws/events/ resume {done}                    4401      ok not_found      ok        ok           ok not_found not_found not_found
"""


def rows() -> list[Row]:
    found = []
    for line in "\n".join([TABLE, *(area.TABLE for area in AREAS)]).splitlines():
        if line.strip() and not line.startswith("#"):
            method, address, *rest = line.split()
            body = rest.pop(0) if rest[0].startswith("+") else ""
            found.append(Row(method, address, body, dict(zip(ROLES, map(int, rest), strict=True))))
    return found


@dataclass(frozen=True)
class SocketRow:
    """`verb` with `named`; an answer is `ok`, the code of the error, or the code with which the socket closes."""

    address: str
    verb: str
    named: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.address} {self.verb} {self.named}"


def socket_rows() -> list[SocketRow]:
    lines = [line.split() for line in SOCKETS.strip().splitlines() if not line.startswith("#")]
    return [SocketRow(line[0], line[1], line[2], dict(zip(ROLES, line[3:], strict=True))) for line in lines]
