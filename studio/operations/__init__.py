"""What can be asked for: one class per operation, found by name."""

from ij8.core.registry import Registry
from studio.operations.base import Operation

OPERATIONS: Registry[Operation] = Registry("operation")
