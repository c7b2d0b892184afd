"""The fake says the same messages in the same order as the recorded server."""

import json
from typing import Any

from tests.fakes.comfy.catalogue import RECORDED
from tests.fakes.comfy.graphs import sdxl, slow, weightless
from tests.fakes.comfy.running import Served
from tests.fakes.comfy.talking import Ear, Talk, names, new_id

TRAFFIC: dict[str, Any] = json.loads((RECORDED / "traffic.json").read_text(encoding="utf-8"))
EITHER = {"int": "number", "float": "number"}


def shape(value: Any) -> Any:
    """Keys and kinds; of a list, those of its first."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return EITHER.get(type(value).__name__, type(value).__name__)


def bare(messages: list[dict[str, Any]]) -> list[Any]:
    """What must be equal: kinds, keys, nodes and their states, without ids and times."""
    found: list[Any] = []
    for message in messages:
        if "BINARY" in message:
            found.append((message["BINARY"], message["magic"], set(message.get("meta", ()))))
            continue
        data = message["data"]
        nodes = data.get("nodes", [])
        if isinstance(nodes, dict):
            nodes = {ident: (one["value"], one["max"], one["state"]) for ident, one in nodes.items()}
        counts = (data.get("value"), data.get("max"), data.get("node"), data.get("status"))
        found.append((message["type"], sorted(data), counts, nodes))
    return found


def begun(ear: Ear) -> Ear:
    """Past the greeting, which the recordings in the middle of a connection lack."""
    assert ear.next()["type"] == "status"
    return ear


def test_a_plain_graph_is_told_as_recorded(talk: Talk) -> None:
    with talk.ear("a") as ear:
        entry = talk.make(weightless(), client_id="a")
        assert bare(ear.until_done()) == bare(TRAFFIC["ws_normal"])
    [recorded] = TRAFFIC["history"].values()
    assert shape(entry) == shape(recorded)
    assert entry["prompt"][2] == recorded["prompt"][2]
    assert entry["outputs"]["6"]["images"] == [{"filename": "ij8_00001_.png", "subfolder": "", "type": "output"}]


def test_a_repeat_comes_from_the_cache_with_the_old_name_even_when_the_file_is_gone(comfy: Served, talk: Talk) -> None:
    first = talk.make(weightless())["outputs"]
    comfy.forget_files()
    with talk.ear("a") as ear:
        entry = talk.make(weightless(), client_id="a")
        recorded = bare(TRAFFIC["ws_cached_repeat"])
        assert bare(begun(ear).until_done()) == recorded
    assert entry["outputs"] == first
    assert shape(entry["status"]) == shape(TRAFFIC["history_cached"]["status"])
    assert talk.http.get("/view", params=first["6"]["images"][0]).status_code == 404


def test_another_prefix_runs_the_last_node_alone(talk: Talk) -> None:
    talk.make(weightless())
    with talk.ear("a") as ear:
        entry = talk.make(weightless(prefix="other/b"), client_id="a")
        said = ear.until_done()
    assert next(one["data"]["nodes"] for one in said if one["type"] == "execution_cached") == ["1", "2", "3", "4", "5"]
    assert entry["outputs"]["6"]["images"] == [{"filename": "b_00001_.png", "subfolder": "other", "type": "output"}]


def test_old_previews_follow_the_progress_and_do_not_say_whose_they_are(talk: Talk) -> None:
    with talk.ear("a") as ear:
        talk.submit(slow(), client_id="a")
        assert bare(begun(ear).until_done()) == bare(TRAFFIC["ws_slow_oldpreview"])


def test_previews_with_metadata_come_before_the_progress_once_negotiated(talk: Talk) -> None:
    with talk.ear("a", modern=True) as ear:
        assert names([ear.next(), ear.next()]) == ["status", "feature_flags"]
        ident = talk.submit(slow(), client_id="a")
        said = ear.until_done()
    assert bare(said) == bare(TRAFFIC["ws_slow_metapreview"][2:])
    assert {one["meta"]["prompt_id"] for one in said if "BINARY" in one} == {ident}


def test_a_failing_node_is_told_as_recorded(talk: Talk) -> None:
    with talk.ear("a") as ear:
        ident = talk.submit(slow(steps=4, fail_at=1), client_id="a")
        said = begun(ear).until_done()
    assert bare(said) == bare(TRAFFIC["ws_error"])
    [error] = [one["data"] for one in said if one.get("type") == "execution_error"]
    [recorded] = [one["data"] for one in TRAFFIC["ws_error"] if one.get("type") == "execution_error"]
    assert {**error, "executed": 0} | shapeless == {**recorded, "executed": 0} | shapeless
    status = talk.ended(ident)["status"]
    assert status["status_str"] == "error"
    assert [kind for kind, _ in status["messages"]] == TRAFFIC["history_error"]["status"]["messages"]


shapeless = dict.fromkeys(("prompt_id", "timestamp", "traceback", "current_inputs", "current_outputs"))


def test_out_of_memory_has_the_name_and_the_words_of_the_real_one(comfy: Served, talk: Talk) -> None:
    [recorded] = [one["data"] for one in TRAFFIC["ws_oom"] if one.get("type") == "execution_error"]
    status = talk.make(slow(fail_at=0, oom=True))["status"]
    [said] = [data for kind, data in status["messages"] if kind == "execution_error"]
    assert set(said) == set(recorded)
    assert (said["exception_type"], said["exception_message"]) == (recorded["exception_type"], recorded["exception_message"])
    comfy.feel(oom=1)
    assert talk.make(sdxl(seed=1))["status"]["status_str"] == "error"
    assert talk.make(sdxl(seed=2))["status"]["status_str"] == "success"


def test_the_other_listener_hears_nothing_but_the_length_of_the_queue(talk: Talk) -> None:
    with talk.ear("a") as mine, talk.ear("b") as other:
        talk.submit(slow(), client_id="a")
        assert names(mine.until_done()) == TRAFFIC["route_A_types"]
        assert [*names(other.until_silent()), "TIMEOUT"] == TRAFFIC["route_B_types"]


def test_a_prompt_without_a_client_is_broadcast_to_everybody(talk: Talk) -> None:
    with talk.ear("a") as ear:
        begun(ear)
        talk.submit(slow())
        assert [*names(ear.until_silent()), "TIMEOUT"] == TRAFFIC["route_noclientid_seen_by_A"]


def test_a_second_socket_of_one_id_falls_silent_when_the_first_closes(talk: Talk) -> None:
    with talk.ear("a") as second_to_be_closed:
        begun(second_to_be_closed)
        with talk.ear("a") as later:
            second_to_be_closed.socket.close()
            talk.make(slow(), client_id="a")
            assert [*names(later.until_silent()), "TIMEOUT"] == TRAFFIC["reconnect_race_w2_got"]


def test_who_comes_back_hears_the_node_at_work_without_an_id_and_nothing_of_the_past(talk: Talk) -> None:
    with talk.ear("a") as ear:
        ident = talk.submit(slow(steps=10, delay=0.05), client_id="a")
        while ear.next().get("type") != "progress":
            pass
    with talk.ear("a") as ear:
        said = ear.until_done()
    assert names(said[:2]) == ["status", "executing"]
    assert said[1]["data"] == {"node": "2"}
    assert "execution_start" not in names(said)
    assert talk.ended(ident)["status"]["completed"]


def test_every_sampler_step_is_told_and_the_seed_makes_the_picture(comfy: Served, talk: Talk) -> None:
    with talk.ear("a") as ear:
        talk.submit(sdxl(seed=7, steps=5), client_id="a")
        steps = [one["data"]["value"] for one in ear.until_done() if one.get("type") == "progress"]
    assert steps == [1, 2, 3, 4, 5]

    def picture(seed: int, words: str) -> bytes:
        made = talk.make(sdxl(words, seed, prefix=new_id()))["outputs"]["7"]["images"][0]
        return bytes(talk.http.get("/view", params={**made, "preview": "webp;80"}).content)

    assert picture(7, "a boat") == picture(7, "a boat")
    assert len({picture(7, "a boat"), picture(8, "a boat"), picture(7, "a ship")}) == 3
    assert comfy.tally()["started"] == {"7": 3, "8": 1}  # one came from the cache
