"""`/api/jobs`: queue and history once more, in the newer words. Old servers know nothing of it."""

from typing import Any

from tests.fakes.comfy.prompts import Item, Prompts

STATUSES = ("pending", "in_progress", "completed", "failed", "cancelled")


def find(prompts: Prompts, ident: str) -> dict[str, Any] | None:
    entry = prompts.past(ident).get(ident)
    found = next((job for job in _alive(prompts) if job["id"] == ident), None)
    if found is None and entry is not None:
        found = _ended(entry)
        found |= {"outputs": entry["outputs"], "execution_status": entry["status"], "workflow": _workflow(entry["prompt"])}
    return found


def listing(prompts: Prompts, *, statuses: list[str], limit: int | None, offset: int) -> dict[str, Any]:
    jobs = [*_alive(prompts), *(_ended(entry) for entry in prompts.past().values())]
    jobs = sorted((job for job in jobs if job["status"] in statuses), key=lambda job: -job["create_time"])
    chosen = jobs[offset:][:limit]
    more = limit is not None and offset + limit < len(jobs)
    return {"jobs": chosen, "pagination": {"offset": offset, "limit": limit, "total": len(jobs), "has_more": more}}


def _alive(prompts: Prompts) -> list[dict[str, Any]]:
    both = prompts.both()
    running = [_bare(item, "in_progress") for item in both["queue_running"]]
    return running + [_bare(item, "pending") for item in both["queue_pending"]]


def _bare(item: Item, status: str) -> dict[str, Any]:
    number, ident, _, extra, _ = item
    none = {"outputs_count": 0, "previewable_outputs_count": 0}
    return {"id": ident, "status": status, "priority": number, "create_time": extra["create_time"], **none}


def _ended(entry: dict[str, Any]) -> dict[str, Any]:
    messages = entry["status"]["messages"]
    said = {kind for kind, _ in messages}
    status = "completed" if entry["status"]["completed"] else "cancelled" if "execution_interrupted" in said else "failed"
    files = [
        {**file, "nodeId": node, "mediaType": kind}
        for node, shown in entry["outputs"].items()
        for kind, listed in shown.items()
        for file in listed
    ]
    job = _bare(entry["prompt"], status)
    job |= {"execution_start_time": messages[0][1]["timestamp"], "execution_end_time": messages[-1][1]["timestamp"]}
    job |= {"outputs_count": len(files), "previewable_outputs_count": len(files)}
    return job | ({"preview_output": files[0]} if files else {})


def _workflow(item: Item) -> dict[str, Any]:
    return {"prompt": item[2], "extra_data": item[3]}
