"""Help with prompts: presets, lists, what was asked before, sheets and better words."""

from ij8.accounts.models import Cohort, Membership
from studio.models import Preset, WordList
from tests.architecture.access_body import Body

FOREIGN = ("preset", "word_list")
BODIES: dict[str, Body] = {
    "+preset": Body(form={"act": "save_preset", "name": "Evening", "prompt": "gold sea"}),
    "+list": Body(form={"act": "save_list", "list": "metals", "words": "gold, silver"}),
    "+drop-preset": Body(form={"act": "delete_preset", "id": "{preset}"}),
    "+drop-list": Body(form={"act": "delete_list", "id": "{word_list}"}),
    "+sheet": Body(
        form={"prompt": "quiet sea", "model": "procedural/auto", "size": "64", "dedupe_key": "s", "sheet_across": "seed",
              "sheet_across_values": "1, 2"}
    ),
    "+sheet-json": Body(
        json={"params": {"model": "procedural/auto", "prompt": "quiet sea", "width": 64, "height": 64},
              "sheet": {"across": {"input": "seed", "values": [1, 2]}}}
    ),
    "+sheet-here": Body(
        json={"params": {"model": "procedural/auto", "prompt": "quiet sea", "width": 64, "height": 64},
              "sheet": {"across": {"input": "seed", "values": [1, 2]}}, "session": "{session}"}
    ),
    "+loose": Body(json={"prompt": ""}),  # what is asked rightly depends on whose keys there are: see its own tests
}  # fmt: skip

TABLE = """
#                                         visitor student classmate teacher assistant school_admin stranger artist admin
GET    /studio/prompts/                       302     200       200     200       200          200      200    200   200
POST   /studio/prompts/ +preset               302     302       302     302       302          302      302    302   302
POST   /studio/prompts/ +list                 302     302       302     302       302          302      302    302   302
POST   /studio/prompts/ +drop-preset          302     200       404     404       404          404      404    404   404
POST   /studio/prompts/ +drop-list            302     200       404     404       404          404      404    404   404
GET    /studio/sheet-price/                   302     200       200     200       200          200      200    200   200
POST   /studio/{session}/sheet/ +sheet        302     302       404     403       403          403      404    404   404
POST   /api/sheets/ +sheet-json               401     202       202     202       202          202      202    202   202
POST   /api/sheets/ +sheet-here               401     202       404     403       403          403      404    404   404
POST   /api/sheets/price/ +sheet-json         401     200       200     200       200          200      200    200   200
POST   /api/enhance-prompt/ +loose            401     400       400     400       400          400      400    400   400
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, str]:
    preset = Preset.objects.create(school=member.school, member=member, name=secret, values={"prompt": secret})
    words = WordList.objects.create(school=member.school, member=member, name=secret[:40].lower(), words=[secret])
    return {"preset": str(preset.pk), "word_list": str(words.pk)}
