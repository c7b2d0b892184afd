"""The providers that can be connected, one file each. No Django in them: frozen credentials in, our own errors out."""

from ij8.ai.providers.base import Provider
from ij8.core.registry import Registry

PROVIDERS: Registry[Provider] = Registry("provider")
