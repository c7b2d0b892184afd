"""`manage.py rotate_keys`: after a new key was put first in SECRETS_KEYS, and before the old one is taken out."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ij8.accounts.door.rotation import rewrap_second_steps
from ij8.ai.keys.rotation import reseal_all, rewrap_all


class Command(BaseCommand):
    help = "Puts data keys and second steps under the first of SECRETS_KEYS; then older ones may be taken out. Nothing pauses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="also new data keys, and every secret sealed anew by them")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        done = rewrap_all()
        self.stdout.write(f"{done.wrapped} data keys under the first of SECRETS_KEYS.")
        unreadable = done.unreadable
        steps = rewrap_second_steps()
        self.stdout.write(f"{steps.written} second steps under the first of SECRETS_KEYS.")
        if steps.unreadable:
            self.stderr.write(f"{steps.unreadable} second steps could not be opened: those people must set one up again.")
        if options["fresh"]:
            sealed = reseal_all()
            unreadable += sealed.unreadable
            self.stdout.write(f"{sealed.sealed} secrets sealed anew.")
        if unreadable:
            self.stderr.write(f"{unreadable} could not be opened by any key of SECRETS_KEYS: they must be entered again.")
        self.stdout.write(f"{time.monotonic() - start:.1f} s")
