"""Works that are brought in: from files, and from addresses."""

from tests.architecture.access_body import Body

BODIES: dict[str, Body] = {
    "+link": Body(json={"url": "https://pictures.test/sea.png"}),
    "+link-into-session": Body(json={"url": "https://pictures.test/sea.png", "session": "{session}"}),
    "+brought-file": Body(file=True),
    "+brought-link": Body(form={"url": "https://pictures.test/sea.png"}),
    "+brought-link-into-session": Body(form={"url": "https://pictures.test/sea.png", "session": "{session}"}),
}

TABLE = """
#                                                  visitor student classmate teacher assistant school_admin stranger artist admin
POST   /api/artifacts/from-url/ +link                  401     202       202     202       202          202      202    202   202
POST   /api/artifacts/from-url/ +link-into-session     401     202       404     403       403          403      404    404   404
GET    /works/bring/                                   302     200       200     200       200          200      200    200   200
GET    /works/bring/?session={session}                 302     200       404     403       403          403      404    404   404
POST   /works/bring/ +brought-file                     302     400       400     400       400          400      400    400   400
POST   /works/bring/ +brought-link                     302     302       302     302       302          302      302    302   302
POST   /works/bring/ +brought-link-into-session        302     302       404     403       403          403      404    404   404
"""
