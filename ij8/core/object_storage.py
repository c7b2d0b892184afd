"""Works in an S3-compatible bucket (Cloudflare R2, MinIO, S3). Imported only where S3_BUCKET is set.

It promises what `core.storage.AtomicFileStorage` does: a file is whole or absent, a save replaces, a file that is not
there is FileNotFoundError. Whatever else goes wrong with the bucket is an OSError, as it is with a disk.
"""

import errno
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

BUFFER_BYTES = 64 * 1024
CONNECT_S, READ_S = 3, 20


def _config() -> Config:
    """The address names the bucket in its path, and checksums are left out unless asked for: R2 and MinIO need both."""
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "max_attempts": 2},
        max_pool_connections=32,
    )


@contextmanager
def _told(name: str) -> Iterator[None]:
    """The vendor's errors as those of a disk."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == 404 and error.response.get("Error", {}).get("Code") != "NoSuchBucket":
            raise FileNotFoundError(errno.ENOENT, "It is not in the bucket", name) from error
        raise OSError(errno.EIO, f"The bucket answered {status}", name) from error
    except (BotoCoreError, HTTPError) as error:
        raise OSError(errno.EIO, f"The bucket cannot be reached ({type(error).__name__})", name) from error


class ObjectStorage(S3Storage):
    """Options: bucket_name, endpoint_url, access_key, secret_key, region_name. Nothing else of the environment counts."""

    def __init__(self, **options: Any) -> None:
        transfer = TransferConfig(max_concurrency=2)  # each keeps parts of 8 MB in memory
        super().__init__(client_config=_config(), transfer_config=transfer, security_token=None, session_profile=None, **options)
        self._making = threading.Lock()
        self._resource: Any = None

    @property
    def connection(self) -> Any:
        """One for all threads, which its client is made for: a request's thread is new and would make one of its own."""
        with self._making:
            if self._resource is None:
                self._resource = self._create_session().resource(
                    "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
                )
        return self._resource

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("A stored file is written by save() and read as bytes.")
        with _told(name):
            return File(io.BufferedReader(_Stream(self.connection.meta.client, self.bucket_name, name), BUFFER_BYTES), name)

    def _save(self, name: str, content: Any) -> str:
        with _told(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _told(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _told(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _told(name):
            return int(super().size(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _told(path):
            folders, files = super().listdir(path)
        return folders, files

    def signed_url(self, name: str, *, headers: dict[str, str], lasts_s: int) -> str:
        """Whoever holds it reads the file for so long. `headers`: the Content-Type, -Disposition and Cache-Control it has."""
        answers = {f"Response{header.replace('-', '')}": value for header, value in headers.items()}
        return str(self.url(name, parameters=answers, expire=lasts_s))


class _Stream(io.RawIOBase):
    """One object, read as it comes and never kept whole; after a seek the rest is asked for from there."""

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self._client, self._asked = client, {"Bucket": bucket, "Key": key}
        self._size = int(client.head_object(**self._asked)["ContentLength"])
        self._at = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset != self._at:
            self._let_go()
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, into: Any) -> int:
        if self._at >= self._size:
            return 0
        with _told(self._asked["Key"]):
            if self._body is None:
                self._body = self._client.get_object(**self._asked, Range=f"bytes={self._at}-")["Body"]
            piece: bytes = self._body.read(len(into))
        into[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
