"""A cache that may be away: a failed cache never fails a page."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


AWAY_S = 1.0
_away_until: dict[str, float] = {}  # by address, for the whole process: each thread has a cache object of its own


class ForgivingRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis is away; each occurrence is logged.

    After one it is not asked for a second: a page that asks ten things must not wait ten times for a Redis that hangs.
    """

    def _or_default(self, name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        return self._forgiven(name, default, getattr(super(), name), *args, **kwargs)

    def _forgiven(self, name: str, default: Any, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        address = self._servers[0]  # type: ignore[attr-defined]
        if time.monotonic() < _away_until.get(address, 0):
            return default
        try:
            return call(*args, **kwargs)
        except RedisError as error:
            log.warning("cache away: %s: %s", name, error)
            _away_until[address] = time.monotonic() + AWAY_S
            return default

    def count(self, key: str, lasts_s: int) -> int:
        """One more under `key`, in one call; 1 while Redis is away. The count is gone `lasts_s` after its last change."""
        return int(self._forgiven("count", 1, self._count, self.make_and_validate_key(key), lasts_s))

    def _count(self, key: str, lasts_s: int) -> int:
        with self._cache.get_client(key, write=True).pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, lasts_s)
            return int(pipe.execute()[0])

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or_default("get", default, key, default, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._or_default("set", None, key, value, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._or_default("add", True, key, value, *args, **kwargs)

    def delete(self, key: Any, version: int | None = None) -> Any:
        return self._or_default("delete", False, key, version)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._or_default("get_many", {}, keys, version)

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return self._or_default("set_many", [], data, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._or_default("incr", delta, key, delta, version)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._or_default("touch", False, key, *args, **kwargs)

    def has_key(self, key: Any, version: int | None = None) -> Any:
        return self._or_default("has_key", False, key, version)
