"""Bad days of a ComfyUI, through the real engine against a server on loopback: each ends in a clear state."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.storage import default_storage

from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error, Refused
from studio.comfy import heard, listener, liveness
from studio.comfy.client import ComfyClient, http_client
from studio.comfy.graph import Graph
from studio.engines import ENGINES
from studio.engines.comfy import Comfy
from studio.jobs import backends, leases, watch
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Artifact, Backend, Job, JobAttempt
from tests.fakes.comfy.graphs import node, slow, weightless
from tests.fakes.comfy.running import Served, served
from tests.fakes.comfy.talking import Talk, new_id

MODEL = "comfy/ckpt/sd_xl_base_1.0.safetensors"
ASKED = {"model": MODEL, "prompt": "a calm sea", "width": 256, "height": 256, "steps": 4, "seed": 7}
RUN_S = 0.4
PAST = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _short_days(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.BEAT_S = 3600  # the beat's own connection does not see a test's transaction
    settings.AWAY_S = 0.3
    monkeypatch.setattr(listener, "IDLE_S", 0.3)
    monkeypatch.setattr(listener, "LOOK_S", 0.1)
    monkeypatch.setattr(listener, "FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(heard, "FRESH_S", 0.3)
    monkeypatch.setattr(Comfy, "poll_s", 0.1)
    monkeypatch.setattr(liveness, "STALL_S", 0.3)
    monkeypatch.setattr(watch, "SECOND_LOOK_S", 0.0)
    monkeypatch.setitem(ENGINES._loaded, "comfy", Comfy())
    yield
    leases._draining[0] = 0


@pytest.fixture
def comfy() -> Iterator[Served]:
    with served(["sdxl"], seconds=0.05) as server:
        yield server


def connected(server: Served, slug: str = "comfyui") -> Backend:
    """A row that knows the server's models, as the watch keeps it."""
    row = Backend.objects.create(slug=slug, engine="comfy", kind="local", pool="remote", name=slug, url=server.url, slots=2)
    watch.keep_models(row)
    return row


@pytest.fixture
def place(db: None, comfy: Served) -> Backend:
    return connected(comfy)


def ask(member: Membership, **params: Any) -> Job:
    return submit_job(member=member, operation="image.generate", params={**ASKED, **params})[0]


def pump() -> None:
    pump_pool("remote")


def later() -> None:
    """The waits after a failure are over."""
    Job.objects.update(not_before=PAST)
    pump()


def tried_again(place: Backend) -> bool:
    return backends.probe(Backend.objects.get(slug=place.slug))


@contextmanager
def meanwhile(server: Served, act: Any, *, after_s: float = 0.05) -> Iterator[None]:
    """`act` happens once while a sampler is at work."""
    seen = sum(server.tally()["started"].values())

    def wait() -> None:
        until = time.monotonic() + 10
        while sum(server.tally()["started"].values()) == seen and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(after_s)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    yield
    thread.join(15)


def test_a_good_day_ends_with_the_picture_and_without_the_servers_words_in_it(
    student: Membership, place: Backend, comfy: Served
) -> None:
    job = ask(student)
    pump()
    job.refresh_from_db()
    assert (job.state, job.failures, job.error) == ("succeeded", 0, None)
    work = Artifact.objects.get(job=job)
    assert (work.width_px, work.height_px) == (256, 256)
    with default_storage.open(work.key) as file:
        assert b"class_type" not in file.read()
    assert comfy.tally()["started"] == {"7": 1}


def test_a_server_that_is_down_costs_no_failure_and_its_work_is_done_when_it_is_back(
    student: Membership, place: Backend, comfy: Served
) -> None:
    comfy.stop()
    job = ask(student)
    pump()
    job.refresh_from_db()
    place.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 0)
    assert (place.state, place.reason) == ("down", "comfyui does not answer.")
    assert not tried_again(place)
    comfy.start()
    assert tried_again(place)
    later()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("succeeded", 0)


def test_a_slow_server_is_waited_for(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.feel(delay_s=0.2)
    job = ask(student)
    pump()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.failures) == ("succeeded", 1, 0)


def test_a_restart_in_the_middle_begins_the_work_again_uncounted(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.feel(seconds=RUN_S)
    job = ask(student)
    with meanwhile(comfy, comfy.restart):
        pump()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.failures) == ("succeeded", 1, 0)
    assert comfy.tally()["started"] == {"7": 2}
    assert Artifact.objects.filter(job=job).count() == 1


def test_broken_sockets_break_no_work(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.feel(seconds=RUN_S)
    job = ask(student)
    with meanwhile(comfy, comfy.hang_up):
        pump()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("succeeded", 0)
    assert comfy.tally()["started"] == {"7": 1}


def test_a_submit_whose_answer_was_lost_is_not_run_twice(student: Membership, place: Backend, comfy: Served) -> None:
    job = ask(student)
    comfy.feel(drop=1, drop_done=True)
    pump()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("succeeded", 0)
    assert comfy.tally()["started"] == {"7": 1}


def test_memory_that_runs_out_once_is_tried_again(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.feel(oom=1)
    job = ask(student)
    pump()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 1)
    later()
    job.refresh_from_db()
    assert job.state == "succeeded"


def test_memory_that_runs_out_twice_is_said_to_the_person(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.feel(oom=2)
    job = ask(student)
    pump()
    later()
    job.refresh_from_db()
    place.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "out_of_memory")
    assert "smaller size" in job.error["message"]
    assert place.state == "up"


def test_a_model_that_went_between_listing_and_submit_is_named(student: Membership, place: Backend, comfy: Served) -> None:
    job = ask(student)
    comfy.lose("sd_xl_base_1.0.safetensors")
    pump()
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "model_missing")
    assert "sd_xl_base_1.0.safetensors" in job.error["message"]
    watch.keep_models(place)
    with pytest.raises(Ij8Error, match="sd_xl"):
        ask(student)


def test_a_node_that_the_server_lacks_is_named(student: Membership, place: Backend, comfy: Served) -> None:
    job = ask(student)
    comfy.lose("EmptyLatentImage")
    pump()
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "node_missing")
    assert "EmptyLatentImage" in job.error["message"]


def test_a_graph_that_is_refused_fails_at_once_and_shows_no_path(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.comfy.catalogue.allow_at_most("KSampler", "steps", 2)
    job = ask(student)
    pump()
    job.refresh_from_db()
    assert (job.state, job.failures, job.error["code"]) == ("failed", 0, "graph_refused")
    assert "/" not in job.error["message"]
    assert comfy.tally()["started"] == {}


def test_half_a_graph_that_is_accepted_is_a_failure_and_is_stopped(comfy: Served) -> None:
    graph = Graph(weightless())
    graph.nodes |= {"8": node("EmptyImage", width=-5, height=8, batch_size=1, color=0)}
    graph.nodes |= {"9": node("SaveImage", images=["8", 0], filename_prefix="bad")}
    talk, ident = Talk(comfy.url), new_id()
    busy = talk.submit(slow(steps=200, delay=0.01), client_id="other")
    talk.until(lambda: talk.running() == [busy], "it does not run")
    with pytest.raises(Refused):
        ComfyClient(comfy.url, http_client()).submit(graph, prompt_id=ident, client_id="a")
    assert (talk.pending(), talk.running()) == ([], [busy])
    talk.post("/interrupt", {"prompt_id": busy})
    talk.close()


def test_a_dead_worker_thread_closes_the_place_with_the_reason(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.kill_worker()
    comfy.comfy.life.worker.join(5)
    job = ask(student)
    pump()
    job.refresh_from_db()
    place.refresh_from_db()
    assert (job.state, job.failures, place.state) == ("queued", 0, "down")
    assert "no longer works on its queue" in place.reason
    assert not tried_again(place)
    comfy.restart()
    assert tried_again(place)
    later()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("succeeded", 0)


def test_an_interrupt_by_somebody_else_is_tried_again(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.feel(seconds=RUN_S)
    job, talk = ask(student), Talk(comfy.url)
    with meanwhile(comfy, lambda: talk.http.post("/interrupt")):
        pump()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 1)
    assert JobAttempt.objects.get(job=job).outcome == "failed"
    later()
    job.refresh_from_db()
    assert job.state == "succeeded"
    talk.close()


def test_a_picture_that_is_gone_when_it_is_fetched_is_made_again(student: Membership, place: Backend, comfy: Served) -> None:
    comfy.feel(seconds=RUN_S)
    job = ask(student)
    with meanwhile(comfy, lambda: comfy.feel(lose_files=1)):
        pump()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 1)
    later()
    job.refresh_from_db()
    assert job.state == "succeeded"
    assert comfy.tally()["done"] == 2  # the second from the server's cache, under another name


def test_a_place_that_fails_all_in_a_moment_fails_no_job_beside_a_good_one(student: Membership, db: None) -> None:
    with served(["sdxl"], seconds=0.02) as good, served(["sdxl"], seconds=0.02, fail_all=True) as bad:
        connected(bad, "a-bad")
        connected(good, "b-good")
        jobs = [ask(student, seed=number) for number in range(8)]
        for _ in range(4):
            later()
        states = {job.state for job in Job.objects.filter(id__in=[job.id for job in jobs])}
        assert states == {"succeeded"}
        row = Backend.objects.get(slug="a-bad")
        assert row.state == "quarantined"
        assert row.reason
        assert sum(good.tally()["started"].values()) == len(jobs)
        assert not JobAttempt.objects.filter(backend="a-bad", outcome="succeeded").exists()


def test_a_cancel_at_an_old_server_stops_its_own_work_and_no_other(db: None) -> None:
    with served(["sdxl"], has_jobs=False) as old:
        talk, client = Talk(old.url), ComfyClient(old.url, http_client())
        mine, other = (talk.submit(slow(color, steps=200, delay=0.01)) for color in (1, 2))
        talk.until(lambda: talk.running() == [mine], "it does not run")
        client.cancel(other)
        assert (talk.running(), talk.pending()) == ([mine], [])
        client.cancel(new_id())
        assert talk.running() == [mine]
        client.cancel(mine)
        assert talk.ended(mine)["status"]["messages"][-1][0] == "execution_interrupted"
        assert old.tally()["interrupted"] == [mine]
        talk.close()
