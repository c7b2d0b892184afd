"""The product's settings, and the fakes' app."""

from ij8.settings import *  # noqa: F403
from ij8.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.fakes"]
