"""A preset, a list of words, a drawing that was brought in and a sheet of variations, so that each is seen at once."""

from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from ij8.accounts.models import Membership
from ij8.core.tenancy import acting_in
from studio.artifacts.uploads import store_upload
from studio.jobs.sheets import Axis, Sheet
from studio.jobs.submit import submit_job
from studio.models import JobClass, Preset, StudioSession, WordList
from studio.prompts.lists import save_list
from studio.prompts.presets import PresetValues, save_preset

WHO = ("student1@demo.test", "artist@demo.test")
PLANTS = "fern\nreed\nmoss\nthistle\nivy"
LEAF = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="#F6F2EA"/>
<path d="M70 230C90 90 210 40 340 60C340 190 230 270 70 230Z" fill="#7F8F4E"/>
<path d="M40 270C120 220 220 140 335 65M150 203C150 160 160 130 175 105M205 165C205 130 215 105 232 82
M170 190C205 205 240 200 270 190M225 150C255 160 285 155 305 145"
 fill="none" stroke="#2C3A1E" stroke-width="6" stroke-linecap="round"/></svg>"""
DOWN = Axis(input="phrase", values=("gold", "silver"))
SHEETS = {
    "student1@demo.test": Sheet(across=Axis(input="seed", values=(7, 8)), down=DOWN),
    "artist@demo.test": Sheet(across=Axis(input="seed", values=(7, 8, 9)), down=DOWN),
}
SIDE_PX = 384


def seed_prompts(members: Mapping[str, Membership]) -> None:
    """After the first works, which begin the sessions of those who have none."""
    for email in WHO:
        member = members[email]
        with acting_in(member.school_id):
            if WordList.objects.filter(member=member).exists() or Preset.objects.filter(member=member).exists():
                continue
            save_list(member=member, name="plants", lines=PLANTS)
            wish = PresetValues(prompt="a __plants__ at dusk, {gold|silver} and deep green", shape="square", size="512")
            save_preset(member=member, name="Plants at dusk", values=wish)
            if email == WHO[0]:
                leaf = SimpleUploadedFile("leaf.svg", LEAF)
                store_upload(member=member, file=leaf, title="Leaf, drawn by hand", session=_session_of(member))
    for email, sheet in SHEETS.items():
        _sheet(members[email], sheet)


def _session_of(member: Membership) -> StudioSession | None:
    return StudioSession.objects.filter(member=member, trashed_at=None).order_by("created").first()


def _sheet(member: Membership, sheet: Sheet) -> None:
    with acting_in(member.school_id):
        session = _session_of(member)
        if session is None or session.turns.filter(sheet__isnull=False).exists():
            return
        params = {"model": "procedural/auto", "prompt": "waves at night, gold", "width": SIDE_PX, "height": SIDE_PX, "seed": 7}
        submit_job(
            member=member, operation="image.generate", params=params, session=session, job_class=JobClass.BATCH, sheet=sheet
        )
