"""The traps of the real server, as they were found there."""

import json
from typing import Any

from tests.fakes.comfy.catalogue import RECORDED
from tests.fakes.comfy.graphs import changed, node, sdxl, slow, weightless
from tests.fakes.comfy.running import Served, served
from tests.fakes.comfy.talking import Talk, new_id

TRAFFIC: dict[str, Any] = json.loads((RECORDED / "traffic.json").read_text(encoding="utf-8"))
HOLD = {"steps": 400, "delay": 0.01}


def hold(talk: Talk) -> str:
    """A prompt that keeps the server busy until it is interrupted."""
    ident = talk.submit(slow(**HOLD), client_id="holder")
    talk.until(lambda: talk.running() == [ident], "it does not run")
    return ident


def test_the_same_id_twice_is_queued_twice_and_the_history_keeps_the_last(talk: Talk) -> None:
    busy, ident = hold(talk), new_id()
    for color in (7000, TRAFFIC["dup_history_prompt_color"]):
        assert talk.submit(weightless(color), prompt_id=ident) == ident
    assert talk.pending() == [ident, ident]
    talk.post("/interrupt", {"prompt_id": busy})
    talk.until(lambda: not talk.running() and not talk.pending(), "they do not end")
    assert talk.ended(ident)["prompt"][2]["1"]["inputs"]["color"] == TRAFFIC["dup_history_prompt_color"]


def test_the_number_orders_the_queue_and_front_comes_before(talk: Talk) -> None:
    busy = hold(talk)
    idents = [talk.submit(weightless(n), **more) for n, more in enumerate(({}, {}, {"front": True}, {"number": -1000}))]
    queue = talk.get("/queue")["queue_pending"]
    assert [item[1] for item in sorted(queue)] == [idents[3], idents[2], idents[0], idents[1]]
    assert [type(value).__name__ for value in queue[0]] == TRAFFIC["queue_item_shape"]
    assert set(queue[0][3]) <= {*TRAFFIC["queue_item_extra"][0]}
    talk.post("/queue", {"clear": True})
    talk.post("/interrupt", {"prompt_id": busy})


def test_an_equal_number_and_id_kill_the_worker_while_http_says_200(talk: Talk) -> None:
    busy, ident = hold(talk), new_id()
    body = [{"prompt": weightless(n), "prompt_id": ident, "number": 7} for n in range(3)]
    answers = [talk.post("/prompt", one) for one in body]
    recorded = TRAFFIC["same_number_same_id"]
    assert [answer.status_code for answer in answers] == [status for status, _ in recorded]
    assert answers[1].text == recorded[1][1]
    talk.post("/interrupt", {"prompt_id": busy})
    talk.ended(busy)
    assert talk.post("/prompt", {"prompt": weightless()}).status_code == 200
    talk.until(lambda: not talk.running(), "it still runs")
    assert talk.get("/prompt")["exec_info"]["queue_remaining"] == 3
    assert talk.running() == []


def test_an_interrupt_without_an_id_stops_whoever_runs(talk: Talk) -> None:
    busy = hold(talk)
    assert talk.post("/interrupt", {"prompt_id": new_id()}).status_code == TRAFFIC["interrupt_wrong_id"][0]
    assert talk.running() == [busy]
    assert [(answer := talk.http.post("/interrupt")).status_code, answer.text] == TRAFFIC["interrupt"]
    status = talk.ended(busy)["status"]
    assert (status["status_str"], status["completed"]) == ("error", False)
    recorded = TRAFFIC["history_interrupted"]["status"]["messages"]
    assert [kind for kind, _ in status["messages"]] == [kind for kind, _ in recorded]
    assert set(status["messages"][-1][1]) == set(recorded[-1][1])


def test_an_interrupt_of_nobody_does_not_reach_the_next(talk: Talk) -> None:
    talk.http.post("/interrupt")
    assert talk.make(weightless())["status"]["completed"]


def test_the_end_of_an_interrupted_prompt_without_a_client_is_told_to_all(talk: Talk) -> None:
    with talk.ear("other") as ear:
        ident = talk.submit(slow(**HOLD))
        talk.until(lambda: talk.running() == [ident], "it does not run")
        talk.post("/interrupt", {"prompt_id": ident})
        said = [one.get("type") for one in ear.until_silent()]
    assert "execution_interrupted" in said
    assert "executing" not in said


def test_what_is_deleted_from_the_queue_leaves_no_trace(talk: Talk) -> None:
    busy = hold(talk)
    ident = talk.submit(weightless())
    answer = talk.post("/queue", {"delete": [ident]})
    assert [answer.status_code, answer.text] == TRAFFIC["queue_delete"]
    assert talk.pending() == []
    assert talk.get(f"/history/{ident}") == TRAFFIC["history_of_deleted"]
    talk.post("/interrupt", {"prompt_id": busy})


def test_half_a_graph_is_run_and_half_a_failure_keeps_what_was_made(talk: Talk) -> None:
    bad = {"8": node("EmptyImage", width=-5, height=8, batch_size=1, color=0), "9": node("PreviewImage", images=["8", 0])}
    answer = talk.post("/prompt", {"prompt": weightless() | bad})
    assert answer.status_code == 200
    assert set(answer.json()["node_errors"]) == {"8"}
    entry = talk.ended(answer.json()["prompt_id"])
    assert entry["status"]["completed"]
    assert set(entry["outputs"]) == {"6"}
    loop = {"8": node("ImageInvert", image=["9", 0]), "9": node("ImageInvert", image=["8", 0])}
    looped = weightless(1) | loop | {"7": node("PreviewImage", images=["8", 0])}
    assert set(talk.make(looped)["outputs"]) == {"6"}
    failing = {f"1{ident}": {**one} for ident, one in slow(fail_at=0).items()}
    failing = changed(changed(failing, "12", image=["11", 0]), "13", images=["12", 0])
    good = {"1": node("EmptyImage", width=8, height=8, batch_size=1, color=9), "2": node("PreviewImage", images=["1", 0])}
    entry = talk.make(failing | good)
    assert entry["status"]["status_str"] == "error"
    assert set(entry["outputs"]) == {"2"}


def test_a_restart_forgets_queue_history_and_what_runs(comfy: Served, talk: Talk) -> None:
    done, busy = talk.make(weightless()), hold(talk)
    waiting = talk.submit(weightless(1))
    with talk.ear("a") as ear:
        comfy.restart()
        assert ear.socket.wait_closed(5)
    assert (talk.running(), talk.pending()) == ([], [])
    assert talk.get("/history") == {}
    assert [talk.get(f"/history/{ident}") for ident in (busy, waiting)] == [{}, {}]
    assert talk.http.get("/view", params=done["outputs"]["6"]["images"][0]).status_code == 200
    assert talk.make(weightless(3))["status"]["completed"]


def test_a_dead_worker_takes_work_and_never_begins(comfy: Served, talk: Talk) -> None:
    comfy.kill_worker()
    comfy.comfy.life.worker.join(5)
    ident = talk.submit(weightless())
    assert (talk.running(), talk.pending()) == ([], [ident])
    assert talk.get("/system_stats")["system"]["comfyui_version"]


def test_a_word_fails_its_prompts_in_a_moment_and_no_others(comfy: Served, talk: Talk) -> None:
    comfy.feel(fail_word="storm")
    entry = talk.make(sdxl("a storm at sea"))
    [error] = [data for kind, data in entry["status"]["messages"] if kind == "execution_error"]
    assert error["exception_type"] == "torch.AcceleratorError"
    assert error["timestamp"] - entry["status"]["messages"][0][1]["timestamp"] < 500
    assert talk.make(sdxl("a calm sea"))["status"]["completed"]


def test_a_lost_model_is_gone_from_the_list_and_refused(comfy: Served, talk: Talk) -> None:
    comfy.lose("sd_xl_base_1.0.safetensors")
    assert talk.get("/models/checkpoints") == ["cyberrealisticXL_v90.safetensors"]
    answer = talk.post("/prompt", {"prompt": sdxl()})
    assert answer.json()["node_errors"]["1"]["errors"][0]["type"] == "value_not_in_list"


def test_a_dropped_answer_may_belong_to_a_prompt_that_was_taken(comfy: Served, talk: Talk) -> None:
    for carried_out in (False, True):
        ident = new_id()
        comfy.feel(drop=1, drop_done=carried_out)
        try:
            talk.post("/prompt", {"prompt": weightless(), "prompt_id": ident})
        except talk.lost:
            pass
        else:
            raise AssertionError("it was answered")
        if carried_out:
            assert talk.ended(ident)["status"]["completed"]
        else:
            assert talk.get(f"/history/{ident}") == {}


def test_jobs_are_told_and_cancelled_as_recorded(talk: Talk) -> None:
    done, busy = talk.submit(weightless(5)), None
    talk.ended(done)
    busy, waiting = hold(talk), talk.submit(weightless(6))
    for case, ident in (("job_pending", waiting), ("job_running", busy), ("job_done", done)):
        answer = talk.http.get(f"/api/jobs/{ident}")
        assert answer.status_code == 200
        assert (set(answer.json()), answer.json()["status"]) == (set(TRAFFIC[case][1]), TRAFFIC[case][1]["status"])
    for case, ident in (("job_cancel_pending", waiting), ("job_cancel_running", busy), ("job_cancel_done", done)):
        assert [(answer := talk.post(f"/api/jobs/{ident}/cancel")).status_code, answer.json()] == TRAFFIC[case]
    talk.ended(busy)
    found = talk.get(f"/api/jobs/{busy}")
    assert (found["status"], set(found)) == ("cancelled", set(TRAFFIC["job_cancelled"][1]))
    [one] = TRAFFIC["jobs_list"][1]["jobs"]
    listed = talk.get("/api/jobs", status="completed", limit=1)
    assert (set(listed["jobs"][0]), set(listed["pagination"])) == (set(one), set(TRAFFIC["jobs_list"][1]["pagination"]))
    answer = talk.http.get(f"/api/jobs/{new_id()}")
    assert [answer.status_code, answer.json()] == TRAFFIC["job_unknown"]


def test_an_old_server_knows_no_jobs() -> None:
    with served(has_jobs=False) as server:
        talk = Talk(server.url)
        assert talk.http.get("/api/jobs").status_code == 404
        assert talk.post(f"/api/jobs/{new_id()}/cancel").status_code == 404
        assert talk.get("/api/queue") == {"queue_running": [], "queue_pending": []}
        talk.close()
