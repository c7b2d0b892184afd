"""A work changed by words."""

from tests.architecture.access_body import Body

BODIES = {
    "+edit": Body(form={"prompt": "at evening", "model": "gemini/gemini-3-pro-image-preview", "count": "1"}),
    "+edit-job": Body(
        json={
            "operation": "image.edit",
            "params": {"prompt": "at evening", "model": "gemini/gemini-3-pro-image-preview", "image": "{artifact}"},
        }
    ),
}

TABLE = """
#                                          visitor student classmate teacher assistant school_admin stranger artist admin
POST   /works/{artifact}/edit/ +edit           302     403       404     403       403          403      404    404   404
POST   /works/{trashed}/edit/ +edit            302     409       404     404       404          404      404    404   404
POST   /api/jobs/ +edit-job                    401     403       404     403       403          403      404    404   404
"""
