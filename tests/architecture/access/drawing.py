"""The drawing pad: its pages, drawings with their strokes, and the step to a picture."""

import json

from ij8.accounts.models import Cohort, Membership
from studio.artifacts.store import insert, prepare, write_files
from studio.models import Artifact, Drawing
from tests.architecture.access_body import Body

STROKES = {
    "version": 1, "width": 32, "height": 32, "ground": "#ffffff", "over": None, "under": True,
    "strokes": [{"tool": "pen", "colour": "#1f1b16", "width": 6, "points": [4, 4, 0.5, 20, 20, 0.5]}],
}  # fmt: skip
FOREIGN = ("drawing",)
BODIES = {
    "+drawing": Body(file=True, form={"strokes": json.dumps(STROKES)}),
    "+drawing-in-session": Body(file=True, form={"strokes": json.dumps(STROKES), "session": "{session}"}),
    "+drawing-of": Body(file=True, form={"strokes": json.dumps(STROKES), "of": "{drawing}"}),
    "+drawing-over": Body(file=True, form={"strokes": json.dumps({**STROKES, "over": "{artifact}"})}),
    "+sketch": Body(json={"prompt": "a harbour", "model": "procedural/auto", "drawing": "{drawing}"}),
    "+sketch-words": Body(form={"prompt": "a harbour", "model": "procedural/auto", "drawing": "{drawing}"}),
}

TABLE = """
#                                          visitor student classmate teacher assistant school_admin stranger artist admin
GET    /studio/draw/                           302     200       200     200       200          200      200    200   200
GET    /studio/draw/?of={drawing}              302     200       404     403       403          403      404    404   404
GET    /studio/draw/?over={artifact}           302     200       404     200       200          200      404    404   404
POST   /studio/draw/ +sketch-words             302     400       404     400       400          400      404    404   404
GET    /studio/{session}/draw/                 302     200       404     403       403          403      404    404   404
POST   /studio/{session}/draw/ +sketch-words   302     400       404     403       403          403      404    404   404
POST   /api/drawings/ +drawing                 401     201       201     201       201          201      201    201   201
POST   /api/drawings/ +drawing-in-session      401     201       404     403       403          403      404    404   404
POST   /api/drawings/ +drawing-of              401     201       404     403       403          403      404    404   404
POST   /api/drawings/ +drawing-over            401     201       404     201       201          201      404    404   404
GET    /api/drawings/{drawing}/                401     200       404     200       200          200      404    404   404
GET    /api/drawings/{artifact}/               401     404       404     404       404          404      404    404   404
POST   /api/sketch-to-image/ +sketch           401     400       404     400       400          400      404    404   404
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    """A drawing in a session of her class; the secret stands in its title."""
    from tests.architecture.world import picture  # which reads these areas

    session = member.studio_sessions.filter(cohort=cohort, trashed_at=None).first()
    prepared = prepare(
        school_id=member.school_id, data=picture(), content_type="image/png", medium="image", source=Artifact.Source.MADE,
        title=secret, alt=secret,
    )  # fmt: skip
    write_files(prepared)
    made = insert(prepared, owner_id=member.id, session_id=session.id if session else None)
    Drawing.objects.create(artifact=made, school=member.school, strokes=STROKES)
    return {"drawing": str(made.pk)}
