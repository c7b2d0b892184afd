"""The wire: what recorded answers become, what is never sent, and how much is read."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from ij8.core.errors import BackendFault, Failed, Ij8Error, Misconfigured, OutOfMemory, Refused, Unreachable
from studio.comfy import client as client_module
from studio.comfy.client import ComfyClient, FileRef, http_client
from studio.comfy.graph import Graph
from studio.comfy.listener import open_socket
from studio.comfy.refusals import of_failure
from tests.fakes.comfy.catalogue import RECORDED

TRAFFIC: dict[str, Any] = json.loads((RECORDED / "traffic.json").read_text(encoding="utf-8"))
URL = "http://comfy.test:8188"
Answer = Callable[[httpx2.Request], httpx2.Response]


def client(answer: Answer) -> ComfyClient:
    return ComfyClient(URL, httpx2.Client(transport=httpx2.MockTransport(answer), follow_redirects=False))


def recorded(case: str) -> Answer:
    status, body = TRAFFIC[case][:2]
    return lambda request: httpx2.Response(status, text=body if isinstance(body, str) else json.dumps(body))


def graph_of(loader: str, **inputs: Any) -> Graph:
    graph = Graph()
    graph.add(loader, **inputs)
    return graph


def submit(answer: Answer, graph: Graph | None = None) -> str:
    return client(answer).submit(graph or Graph(), prompt_id="11111111-1111-4111-8111-111111111111", client_id="ear")


@pytest.mark.parametrize(
    ("case", "error", "code"),
    [
        ("v_nonode", Misconfigured, "node_missing"),
        ("v_list", Misconfigured, "choice_missing"),
        ("v_range", Refused, "graph_refused"),
        ("v_bad_type", Refused, "graph_refused"),
        ("v_missing_in", Refused, "graph_refused"),
        ("v_linktype", Refused, "graph_refused"),
        ("v_no_outputs", Refused, "graph_refused"),
        ("v_dangling", Refused, "graph_refused"),
        ("v_cycle", Refused, "graph_refused"),
        ("v_loadimage", Refused, "graph_refused"),
        ("own_id_upper", Refused, "graph_refused"),
        ("v_no_prompt", Refused, "graph_refused"),
        ("v_bad_json", Failed, "failed"),
    ],
)
def test_what_the_real_server_refused_becomes_a_typed_error(case: str, error: type[Ij8Error], code: str) -> None:
    with pytest.raises(error) as raised:
        submit(recorded(case))
    assert (type(raised.value), raised.value.code) == (error, code)
    assert "/" not in raised.value.message.replace("models/", "")


def test_a_file_that_is_missing_is_named_without_its_folder_there() -> None:
    error = {"type": "value_not_in_list", "details": "ckpt_name: '/srv/x' not in [...]",
             "extra_info": {"input_name": "ckpt_name", "received_value": "art/gone.safetensors"}}  # fmt: skip
    body = {"error": {"type": "prompt_outputs_failed_validation"}, "node_errors": {"2": {"errors": [error]}}}
    with pytest.raises(Misconfigured) as raised:
        submit(
            lambda request: httpx2.Response(400, json=body), graph_of("CheckpointLoaderSimple", ckpt_name="art/gone.safetensors")
        )
    assert raised.value.code == "model_missing"
    assert raised.value.extra == {"missing": "gone.safetensors"}
    assert raised.value.message.startswith("gone.safetensors is missing in models/checkpoints of ComfyUI.")


def test_work_that_was_accepted_in_part_is_cancelled_and_refused() -> None:
    seen = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.path)
        return recorded("v_partial")(request) if request.url.path == "/prompt" else httpx2.Response(200, json={"cancelled": True})

    with pytest.raises(Refused):
        submit(answer)
    assert seen == ["/prompt", f"/api/jobs/{TRAFFIC['v_partial'][1]['prompt_id']}/cancel"]


def test_a_prompt_carries_our_id_the_ear_and_the_attempt_but_no_number() -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return httpx2.Response(200, json={"prompt_id": sent[0]["prompt_id"], "number": 0, "node_errors": {}})

    ident = submit(answer)
    assert set(sent[0]) == {"prompt", "prompt_id", "client_id", "extra_data"}
    assert (sent[0]["prompt_id"], sent[0]["client_id"], sent[0]["extra_data"]) == (ident, "ear", {"ij8_attempt": ident})


def old_server(queues: Iterator[dict[str, Any]], seen: list[str]) -> Answer:
    def answer(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content) if request.content else ""
        seen.append(f"{request.url.path} {json.dumps(body)}" if body else request.url.path)
        if request.url.path.startswith("/api/jobs"):
            return httpx2.Response(405)
        return httpx2.Response(200, json=next(queues) if request.method == "GET" else None)

    return answer


def item(ident: str) -> list[Any]:
    return [0, ident, {}, {}, []]


def test_an_old_server_is_asked_to_interrupt_only_what_runs_and_by_its_id() -> None:
    seen: list[str] = []
    client(old_server(iter([{"queue_running": [item("mine")], "queue_pending": []}]), seen)).cancel("mine")
    assert seen[1:] == ['/queue {"delete": ["mine"]}', "/queue", '/interrupt {"prompt_id": "mine"}']


def test_an_old_server_never_interrupts_somebody_elses_work() -> None:
    seen: list[str] = []
    client(old_server(iter([{"queue_running": [item("theirs")], "queue_pending": []}]), seen)).cancel("mine")
    assert not [line for line in seen if line.startswith("/interrupt")]


def test_work_that_begins_between_two_calls_of_a_cancel_is_stopped_all_the_same() -> None:
    seen: list[str] = []
    moved = [{"queue_running": [], "queue_pending": [item("mine")]}, {"queue_running": [item("mine")], "queue_pending": []}]
    client(old_server(iter(moved), seen)).cancel("mine")
    assert seen[-1] == '/interrupt {"prompt_id": "mine"}'


def test_redirects_are_not_followed() -> None:
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(302, headers={"location": "http://169.254.169.254/"})

    with pytest.raises(Misconfigured):
        client(answer).queue()
    assert asked == [f"{URL}/queue"]


def test_the_connection_follows_no_redirect_and_no_proxy_of_the_environment() -> None:
    with http_client() as http:
        assert (http.follow_redirects, http.trust_env) == (False, False)


def test_the_socket_follows_no_redirect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        second.settimeout(0.2)
        answer = f"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:{second.getsockname()[1]}/\r\nContent-Length: 0\r\n\r\n"

        def redirect() -> None:
            connection, _ = first.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer.encode())

        threading.Thread(target=redirect).start()
        with pytest.raises(ValueError, match="redirect"), open_socket(f"ws://127.0.0.1:{first.getsockname()[1]}/ws"):
            pass
        with pytest.raises(TimeoutError):
            second.accept()


def test_a_file_is_read_up_to_its_limit_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "FILE_BYTES", 3000)
    read = []

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            read.append(1)
            yield b"x" * 1000

    with pytest.raises(BackendFault) as raised:
        client(lambda request: httpx2.Response(200, content=endless())).view(FileRef("a.png", "", "output"))
    assert raised.value.code == "answer_too_large"
    assert len(read) < 10


def test_no_answer_is_unreachable() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(Unreachable):
        client(answer).remaining()


def test_an_upload_is_known_by_the_name_that_the_server_gave_it() -> None:
    assert client(recorded("up_other_same_name")).upload(b"x", name="a.png", subfolder="t1") == "t1/a (1).png"
    with pytest.raises(Refused):
        client(recorded("up_101MiB")).upload(b"x", name="a.png", subfolder="t1")


def test_the_history_says_how_it_ended_and_which_files_came_out() -> None:
    [(ident, entry)] = TRAFFIC["history"].items()
    ended = client(lambda request: httpx2.Response(200, json={ident: entry})).history(ident)
    assert ended
    assert ended.succeeded
    assert ended.files("6") == [FileRef("ij8_00001_.png", "", "output")]
    assert ended.files("1") == []
    assert client(lambda request: httpx2.Response(200, json={})).history(ident) is None


def test_memory_interrupts_and_hardware_are_told_apart() -> None:
    [oom] = TRAFFIC["ws_oom"]
    assert isinstance(of_failure([["execution_error", oom["data"]]]), OutOfMemory)
    messages = TRAFFIC["job_cancelled"][1]["execution_status"]["messages"]
    assert (type(of_failure(messages)), of_failure(messages).code) == (Failed, "interrupted")
    cuda = {"exception_type": "torch.AcceleratorError", "exception_message": "CUDA error: an illegal memory access"}
    assert of_failure([["execution_error", cuda]]).code == "machine_fault"
    empty = {"exception_type": "SafetensorError", "exception_message": "header too small", "node_type": "UNETLoader"}
    assert of_failure([["execution_error", empty]]).code == "model_broken"
    [error] = [one["data"] for one in TRAFFIC["ws_error"] if one.get("type") == "execution_error"]
    told = of_failure([["execution_error", error]])
    assert (type(told), told.code) == (BackendFault, "execution_failed")
    assert "simulated" not in told.message
