"""The seam under operations: one adapter per kind of place where work runs."""

from ij8.core.registry import Registry
from studio.engines.base import Engine

ENGINES: Registry[Engine] = Registry("engine")
