"""Turns: their branches, and what is done to them."""

from tests.architecture.access_body import Body

FOREIGN: tuple[str, ...] = ()
BODIES = {
    "+show-branch": Body(form={"act": "show"}),
    "+trash-branch": Body(form={"act": "trash"}),
    "+restore-branch": Body(form={"act": "restore"}),
    "+again-turn": Body(form={"act": "again", "prompt": "other words"}),
    "+save-answer": Body(form={"act": "save"}),
    "+start-plan": Body(form={"act": "start"}),
    "+talk": Body(form={"prompt": "hello", "mode": "talk", "dedupe_key": "talk"}),
}
TABLE = """
#                                            visitor student classmate teacher assistant school_admin stranger artist admin
POST   /studio/turns/{turn}/ +show-branch     302     302       404     403       403          403      404    404   404
POST   /studio/turns/{turn}/ +trash-branch    302     302       404     403       403          403      404    404   404
POST   /studio/turns/{turn}/ +restore-branch  302     302       404     403       403          403      404    404   404
POST   /studio/turns/{turn}/ +again-turn      302     400       404     403       403          403      404    404   404
POST   /studio/turns/{turn}/ +save-answer     302     400       404     403       403          403      404    404   404
POST   /studio/jobs/{done}/report/ +upset     302     400       404     400       400          400      404    404   404
POST   /studio/turns/{turn}/plan/0:0/ +start-plan  302  404     404     403       403          403      404    404   404
POST   /studio/{session}/ +talk               302     403       404     403       403          403      404    404   404
"""
