"""The product's settings, and the fakes' app."""

import os
import sys

from ij8.core import env, pseudo
from ij8.embedded import address
from ij8.settings import *  # noqa: F403
from ij8.settings import CACHES, DATABASES, INSTALLED_APPS, LANGUAGES, LIMITS, REDIS_URL

INSTALLED_APPS += ["tests.fakes"]
PSEUDO_LOCALES = True
DEMO_LONG_PX = 240
LANGUAGES = [*LANGUAGES, *pseudo.LANGUAGES]
LIMITS = dict.fromkeys(LIMITS, 0)  # tests are faster than people; those of the limits set them
if "pytest" in sys.modules:  # makes and drops its own database, which the application's role may not
    _owner = env.text("DATABASE_OWNER_URL") or address.database_url(owner=True)
    if _owner:
        DATABASES["default"].update(env.database(_owner))
    # tables are emptied between some tests, the log of changes too; nothing in the product sets this
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c ij8.forget=TRUNCATE"
    # tests that run side by side clear the cache under each other's feet: a Redis database for each process
    _process = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{REDIS_URL.partition('?')[0]}?db={_process}"
