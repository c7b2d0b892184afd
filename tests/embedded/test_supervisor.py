import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ij8.embedded import leftovers, places, supervisor
from ij8.embedded.child import ChildSpec
from ij8.embedded.places import CannotStart

CHECKOUT = places.CHECKOUT


def wait_until(true: Callable[[], bool], timeout_s: float = 10) -> bool:
    deadline = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def family(pids: dict[str, int]) -> list[int]:
    """The processes of the table and their children."""
    groups = set(pids.values())
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(path.name)) in groups and alive(int(path.name)):
                found.append(int(path.name))
        except ProcessLookupError:
            continue
    return found


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    process = subprocess.Popen([sys.executable, "-m", "tests.embedded.toy_table", str(tmp_path)], cwd=CHECKOUT)
    yield process, tmp_path
    if process.poll() is None:
        process.terminate()
    process.wait(10)


def pids_of(folder: Path) -> dict[str, int]:
    """Children by name once all three processes live (`parent` starts one of its own)."""
    file = folder / "pids.json"
    assert wait_until(file.exists)
    assert wait_until(lambda: len(family(children(file))) == 3)
    return children(file)


def children(file: Path) -> dict[str, int]:
    return {name: pid for name, pid in json.loads(file.read_text()).items() if name != "supervisor"}


def test_a_dead_child_is_started_again(toy: tuple[subprocess.Popen[bytes], Path]) -> None:
    _process, folder = toy
    before = pids_of(folder)
    os.kill(before["sleeper"], signal.SIGKILL)
    assert wait_until(lambda: children(folder / "pids.json")["sleeper"] != before["sleeper"])
    after = pids_of(folder)
    assert alive(after["sleeper"])
    assert after["parent"] == before["parent"]


def test_the_children_of_a_dead_child_die_with_it(toy: tuple[subprocess.Popen[bytes], Path]) -> None:
    _process, folder = toy
    before = pids_of(folder)
    grandchild = next(pid for pid in family({"parent": before["parent"]}) if pid != before["parent"])
    os.kill(before["parent"], signal.SIGKILL)
    assert wait_until(lambda: not alive(grandchild))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_no_process(
    toy: tuple[subprocess.Popen[bytes], Path], number: signal.Signals
) -> None:
    process, folder = toy
    pids = pids_of(folder)
    process.send_signal(number)
    assert process.wait(10) == 0
    assert family(pids) == []
    assert not (folder / "pids.json").exists()


def test_a_killed_supervisor_takes_its_children_along(toy: tuple[subprocess.Popen[bytes], Path]) -> None:
    process, folder = toy
    pids = pids_of(folder)
    process.kill()
    process.wait()
    assert wait_until(lambda: not any(alive(pid) for pid in pids.values()))
    for pid in family(pids):  # what a child of ours had started is not the kernel's to end
        os.kill(pid, signal.SIGKILL)


def test_the_wait_before_a_restart_doubles_up_to_ten_seconds(tmp_path: Path) -> None:
    table = supervisor.Supervisor(tmp_path / "pids.json")
    table.add(ChildSpec(name="brief", argv=["/bin/false"], log=tmp_path / "log"))
    running = table.table["brief"]
    running.process.wait()
    delays = []
    for _ in range(8):
        table.note_death(running, running.begun)
        assert running.again_at is not None
        delays.append(round(running.again_at - running.begun, 1))
    assert delays == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_the_wait_is_short_again_after_thirty_seconds_of_life(tmp_path: Path) -> None:
    table = supervisor.Supervisor(tmp_path / "pids.json")
    table.add(ChildSpec(name="brief", argv=["/bin/false"], log=tmp_path / "log"))
    running = table.table["brief"]
    running.process.wait()
    running.faults = 7
    table.note_death(running, running.begun + 30)
    assert running.again_at == running.begun + 30 + 0.2


def test_a_child_that_was_killed_from_outside_does_not_wait_longer_each_time(tmp_path: Path) -> None:
    table = supervisor.Supervisor(tmp_path / "pids.json")
    table.add(ChildSpec(name="victim", argv=["/bin/sleep", "60"], log=tmp_path / "log"))
    running = table.table["victim"]
    running.process.kill()
    running.process.wait()
    for _ in range(20):
        table.note_death(running, running.begun)
        assert running.again_at == running.begun + 0.2


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "school.example"])
def test_an_address_that_others_reach_is_refused(host: str) -> None:
    with pytest.raises(CannotStart, match="IJ8_HOST"):
        supervisor.chosen_host({"IJ8_HOST": host})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_a_loopback_address_is_accepted(host: str) -> None:
    assert supervisor.chosen_host({"IJ8_HOST": host}) == host


def test_a_taken_port_names_the_variable_and_exits_with_2(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = {**os.environ, "IJ8_VAR": str(tmp_path), "IJ8_PORT": str(taken.getsockname()[1])}
        done = subprocess.run(
            [sys.executable, "-m", "ij8.embedded.supervisor"], env=env, cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert f"Port {env['IJ8_PORT']} is taken" in done.stderr
    assert "IJ8_PORT=" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_a_port_that_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(CannotStart, match="IJ8_PORT"):
        supervisor.chosen_port({"IJ8_PORT": port}, "127.0.0.1")


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with places.locked(places.run_dir(tmp_path) / "supervisor.lock") as held:
        assert held
        done = subprocess.run(
            [sys.executable, "-m", "ij8.embedded.supervisor"],
            env={**os.environ, "IJ8_VAR": str(tmp_path), "IJ8_PORT": "18231"},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "already runs" in done.stderr


def test_leftovers_of_a_killed_supervisor_end_and_strangers_stay(tmp_path: Path) -> None:
    def sleeper(mark: str) -> subprocess.Popen[bytes]:
        env = {**os.environ, leftovers.MARK: mark}
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env=env, process_group=0)

    ours, stranger = sleeper(str(tmp_path)), sleeper("another folder")
    try:
        pids = tmp_path / "pids.json"
        pids.write_text(json.dumps({"cpu": ours.pid, "daphne": stranger.pid}))
        leftovers.kill_former(pids, str(tmp_path), timeout_s=0.3)
        assert ours.wait(5) == -signal.SIGKILL
        assert stranger.poll() is None
    finally:
        for process in (ours, stranger):
            process.kill()
            process.wait()
