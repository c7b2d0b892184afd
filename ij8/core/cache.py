"""A cache that may be away: a failed cache never fails a page."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis is away; each occurrence is logged."""

    def _or_default(self, name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except RedisError as error:
            log.warning("cache away: %s: %s", name, error)
            return default

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
