"""The product's settings, and the fakes' app."""

import sys

from ij8.core import env
from ij8.embedded import address
from ij8.settings import *  # noqa: F403
from ij8.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS += ["tests.fakes"]
if "pytest" in sys.modules:  # makes and drops its own database, which the application's role may not
    _owner = env.text("DATABASE_OWNER_URL") or address.database_url(owner=True)
    if _owner:
        DATABASES["default"].update(env.database(_owner))
