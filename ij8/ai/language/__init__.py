"""Language work at any provider: `service.talk` streams, `service.structured` answers by a schema."""

from ij8.ai.language.base import Speaker
from ij8.core.registry import Registry

SPEAKERS: Registry[Speaker] = Registry("speaker")
