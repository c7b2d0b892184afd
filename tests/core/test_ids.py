import time
import uuid

from ij8.core.ids import artifact_id, uuid7


def test_ids_are_version_7_rise_and_carry_the_time() -> None:
    before = time.time_ns() // 1_000_000
    ids = [uuid7() for _ in range(5000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5000
    assert {(one.version, one.variant) for one in ids} == {(7, uuid.RFC_4122)}
    assert before <= ids[0].int >> 80 <= before + 1000


def test_the_id_of_a_work_follows_from_its_job() -> None:
    job = uuid.UUID(int=5)
    assert artifact_id(job, 0) == artifact_id(job, 0)
    assert artifact_id(job, 0) != artifact_id(job, 1)
