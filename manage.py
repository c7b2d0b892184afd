#!/usr/bin/env python
"""Django's commands. They find the running embedded services by themselves (see ij8.embedded.address)."""

import os
import sys

from ij8.embedded import address

# these create or change tables, which only the owner of the database may
OWNER_COMMANDS = {"migrate", "prepare", "forget_audit", "flush", "sqlflush", "sqlmigrate", "squashmigrations", "dbshell", "test"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ij8.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("IJ8_DB_ROLE", "owner")
    if address.state().get("demo") == "1":
        os.environ.setdefault("IJ8_DEMO", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
