"""An S3-compatible server on loopback (moto's), with one bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.server import ThreadedMotoServer

from ij8.core.object_storage import ObjectStorage

NAME = "works-of-ij8"


class Bucket:
    """`options` are those of ObjectStorage; `client` is the vendor's own, for a look from outside."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        keys = {"access_key": "ours", "secret_key": "secret-of-the-bucket"}
        self.options = {"endpoint_url": self.url, "bucket_name": NAME, "region_name": "us-east-1", **keys}
        self.client: Any = ObjectStorage(**self.options).connection.meta.client
        self.client.create_bucket(Bucket=NAME)

    def keys(self) -> set[str]:
        return {item["Key"] for item in self.client.list_objects_v2(Bucket=NAME).get("Contents", [])}

    def empty(self) -> None:
        for key in self.keys():
            self.client.delete_object(Bucket=NAME, Key=key)

    def stop(self) -> None:
        self._server.stop()


@contextmanager
def bucket() -> Iterator[Bucket]:
    made = Bucket()
    try:
        yield made
    finally:
        made.stop()
