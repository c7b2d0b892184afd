"""Works that are brought in: from files, and from addresses."""

from tests.architecture.access_body import Body

BODIES: dict[str, Body] = {
    "+link": Body(json={"url": "https://pictures.test/sea.png"}),
    "+link-into-session": Body(json={"url": "https://pictures.test/sea.png", "session": "{session}"}),
}

TABLE = """
#                                                  visitor student classmate teacher assistant school_admin stranger artist admin
POST   /api/artifacts/from-url/ +link                  401     202       202     202       202          202      202    202   202
POST   /api/artifacts/from-url/ +link-into-session     401     202       404     403       403          403      404    404   404
"""
