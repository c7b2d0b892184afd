"""The canvas of a session, what it is refined by, and the shelf beside it."""

from tests.architecture.access_body import Body

FOREIGN: tuple[str, ...] = ()
BODIES = {
    "+show-work": Body(form={"act": "show", "work": "{artifact}"}),
    "+refer-work": Body(form={"act": "refer", "work": "{artifact}"}),
    "+mask-work": Body(form={"act": "mask", "work": "{artifact}"}),
    "+unrefer-work": Body(form={"act": "unrefer", "work": "{artifact}"}),
    "+choose-work": Body(json={"image": "{artifact}"}),
}
TABLE = """
#                                            visitor student classmate teacher assistant school_admin stranger artist admin
GET    /studio/{session}/canvas/                 302     200       404     200       200          200      404    404   404
GET    /studio/{session}/canvas/?work={artifact} 302     200       404     200       200          200      404    404   404
POST   /studio/{session}/canvas/ +show-work      302     302       404     403       403          403      404    404   404
POST   /studio/{session}/canvas/ +refer-work     302     302       404     403       403          403      404    404   404
POST   /studio/{session}/canvas/ +mask-work      302     302       404     403       403          403      404    404   404
POST   /studio/{session}/canvas/ +unrefer-work   302     302       404     403       403          403      404    404   404
GET    /studio/{session}/shelf/                  302     200       404     200       200          200      404    404   404
GET    /studio/{session}/shelf/?of=all           302     200       404     200       200          200      404    404   404
GET    /api/sessions/{session}/working/          401     200       404     200       200          200      404    404   404
PUT    /api/sessions/{session}/working/ +choose-work 401     200       404     403       403          403      404    404   404
"""
