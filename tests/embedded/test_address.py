import json
import multiprocessing
import shutil
import socket
from pathlib import Path

from ij8.embedded import address, places


def write_state(var: Path, state: dict[str, str]) -> None:
    (places.run_dir(var) / address.STATE_NAME).write_text(json.dumps(state))


def test_nothing_is_found_where_nothing_runs(tmp_path: Path) -> None:
    assert address.database_url(var=tmp_path) is None
    assert address.redis_url(var=tmp_path) is None
    assert address.state(tmp_path) == {}


def test_the_running_services_are_found_by_role(tmp_path: Path) -> None:
    (tmp_path / ".s.PGSQL.5432").touch()
    (tmp_path / "redis.sock").touch()
    app = f"postgres://ij8_app:a@/ij8?host={tmp_path}"
    owner = f"postgres://ij8_owner:b@/ij8?host={tmp_path}"
    redis = f"unix://{tmp_path}/redis.sock?db=0"
    write_state(tmp_path, {"database_url": app, "database_owner_url": owner, "redis_url": redis})
    assert address.database_url(var=tmp_path) == app
    assert address.database_url(owner=True, var=tmp_path) == owner
    assert address.redis_url(var=tmp_path) == redis


def test_a_state_file_that_outlived_its_services_counts_for_nothing(tmp_path: Path) -> None:
    write_state(
        tmp_path,
        {"database_url": f"postgres://a:b@/ij8?host={tmp_path}/gone", "redis_url": f"unix://{tmp_path}/gone.sock?db=0"},
    )
    assert address.database_url(var=tmp_path) is None
    assert address.redis_url(var=tmp_path) is None


def test_services_elsewhere_are_taken_as_they_are(tmp_path: Path) -> None:
    write_state(tmp_path, {"database_url": "postgres://a:b@db.example:5432/ij8", "redis_url": "redis://cache.example/0"})
    assert address.database_url(var=tmp_path) == "postgres://a:b@db.example:5432/ij8"
    assert address.redis_url(var=tmp_path) == "redis://cache.example/0"


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        keys = set(pool.map(address.secret_key, [tmp_path] * 8))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["secret_key"]


def test_the_socket_folder_is_short_and_ours(tmp_path: Path) -> None:
    folder = places.socket_dir(tmp_path / ("deep" * 60), "test")
    try:
        assert len(str(folder / "pg" / ".s.PGSQL.5432")) <= 107
        assert places.socket_dir(tmp_path / ("deep" * 60), "test") == folder
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(folder / "try.sock"))
    finally:
        shutil.rmtree(folder)
