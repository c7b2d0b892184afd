from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.bucket import Bucket
from tests.fakes.bucket import bucket as started


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[Bucket]:
    with started() as made:
        yield made


@pytest.fixture
def bucket(bucket_server: Bucket, settings: Any) -> Iterator[Bucket]:
    """An empty bucket, in which works are stored for this test."""
    keep_in(settings, bucket_server)
    yield bucket_server
    bucket_server.empty()


def keep_in(settings: Any, bucket: Bucket) -> None:
    default = {"BACKEND": "ij8.core.object_storage.ObjectStorage", "OPTIONS": bucket.options}
    settings.STORAGES = {**settings.STORAGES, "default": default}
