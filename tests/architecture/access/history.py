"""Versions, lineage and folders: of each person a work of two versions, in a folder, and a folder that was deleted."""

from typing import Any

from django.utils import timezone

from ij8.accounts.models import Cohort, Membership
from studio.artifacts.meta import GenerationMeta
from studio.models import Artifact, Folder, StudioSession
from tests.architecture.access_body import Body
from tests.studio.making import make_version, make_work

FOREIGN = ("made", "versioned", "version", "folder", "removed_folder")
BODIES = {
    "+undo": Body(json={"act": "undo", "expected": "{version}"}),
    "+choose": Body(json={"act": "choose", "expected": "{own_version}", "version": "{versioned}"}),
    "+folder": Body(json={"name": "New"}),
    "+folder-inside": Body(json={"name": "New", "parent": "{folder}"}),
    "+rename-folder": Body(json={"name": "Other"}),
    "+bulk-file": Body(json={"action": "file", "folder": "{folder}", "ids": ["{own_versioned}"]}),
    "+bulk-refile": Body(json={"action": "refile", "ids": ["{versioned}"], "places": [{"folder": "{folder}", "ids": []}]}),
}
BODIES |= {
    "+form-undo": Body(form={"act": "undo", "expected": "{version}"}),
    "+form-choose": Body(form={"act": "choose", "expected": "{own_version}", "version": "{own_versioned}"}),
    "+new-folder": Body(form={"act": "create", "name": "New"}),
    "+new-inside": Body(form={"act": "create", "name": "New", "parent": "{folder}"}),
    "+form-rename-folder": Body(form={"act": "rename", "folder": "{folder}", "name": "Other"}),
    "+delete-folder": Body(form={"act": "delete", "folder": "{folder}"}),
    "+restore-folder": Body(form={"act": "restore", "folder": "{removed_folder}"}),
    "+chosen-file": Body(form={"action": "file", "folder": "{folder}", "ids": "{own_versioned}"}),
    "+next-file": Body(file=True),
    "+next-version": Body(file=True, form={"version_of": "{version}"}),
    "+again": Body(json={"seed": 7}),
    "+replay": Body(form={"model": "procedural/auto", "seed": "7"}),
}
TABLE = """
#                                            visitor student classmate teacher assistant school_admin stranger artist admin
GET    /api/artifacts/{version}/versions/        401     200       404     200       200          200      404    404   404
POST   /api/artifacts/{versioned}/versions/ +undo  401   200       404     403       403          403      404    404   404
POST   /api/artifacts/{own_version}/versions/ +choose  401  200    404     403       403          403      404    404   404
GET    /api/artifacts/{version}/lineage/         401     200       404     200       200          200      404    404   404
GET    /api/artifacts/?folder={folder}           401     200       404     404       404          404      404    404   404
GET    /api/folders/                             401     200       200     200       200          200      200    200   200
POST   /api/folders/ +folder                     401     201       201     201       201          201      201    201   201
POST   /api/folders/ +folder-inside              401     201       404     404       404          404      404    404   404
GET    /api/folders/{folder}/                    401     200       404     404       404          404      404    404   404
PATCH  /api/folders/{folder}/ +rename-folder     401     200       404     404       404          404      404    404   404
DELETE /api/folders/{folder}/                    401     204       404     404       404          404      404    404   404
POST   /api/folders/{removed_folder}/restore/    401     200       404     404       404          404      404    404   404
POST   /api/artifacts/bulk/ +bulk-file           401     200       404     404       404          404      404    404   404
POST   /api/artifacts/bulk/ +bulk-refile         401     200       200     200       200          200      200    200   200
POST   /works/{version}/version/ +next-file      302     302       404     403       403          403      404    404   404
GET    /works/{version}/lineage/                 302     200       404     200       200          200      404    404   404
GET    /works/{own_version}/?version={versioned}  302    200       404     200       200          200      404    404   404
POST   /works/{versioned}/ +form-undo            302     302       404     403       403          403      404    404   404
POST   /works/{version}/ +form-choose            302     302       404     403       403          403      404    404   404
GET    /api/artifacts/{made}/replay/             401     200       404     403       403          403      404    404   404
POST   /api/artifacts/{made}/replay/ +again      401     202       404     403       403          403      404    404   404
GET    /works/{made}/replay/                     302     200       404     403       403          403      404    404   404
GET    /works/{made}/replay/?part=estimate       302     200       404     403       403          403      404    404   404
POST   /works/{made}/replay/ +replay             302     302       404     403       403          403      404    404   404
POST   /works/folders/ +new-folder               302     302       302     302       302          302      302    302   302
POST   /works/folders/ +new-inside               302     302       404     404       404          404      404    404   404
POST   /works/folders/ +form-rename-folder       302     302       404     404       404          404      404    404   404
POST   /works/folders/ +delete-folder            302     302       404     404       404          404      404    404   404
POST   /works/folders/ +restore-folder           302     302       404     404       404          404      404    404   404
POST   /works/bulk/ +chosen-file                 302     302       404     404       404          404      404    404   404
POST   /api/artifacts/ +next-version             401     201       404     403       403          403      404    404   404
GET    /works/?folder={folder}                   302     200       404     404       404          404      404    404   404
"""


def furnish(member: Membership, cohort: Cohort, secret: str) -> dict[str, Any]:
    session = StudioSession.objects.create(school=member.school, member=member, cohort=cohort, title=secret)
    folder, removed = (Folder.objects.create(school=member.school, member=member, name=f"{secret} {n}") for n in "ab")
    Folder.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    first = make_work(member, session=session, title=secret, prompt=secret)
    second = make_version(first, prompt=secret)
    Artifact.objects.filter(root=first).update(folder=folder)
    params = {"model": "procedural/auto", "prompt": secret, "width": 64, "height": 64, "seed": 1}
    meta = GenerationMeta(operation="image.generate", model="procedural/auto", seed=1, params=params)
    made = make_work(member, session=session, title=secret, prompt=secret, meta=meta)
    named = {"made": made, "versioned": first, "version": second, "folder": folder, "removed_folder": removed}
    return {name: str(row.pk) for name, row in named.items()}
