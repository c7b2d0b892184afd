"""`manage.py doctor`: every part as connected or not, and what to do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from studio.doctor import findings


class Command(BaseCommand):
    help = "Lists every part as connected or not, and what to do. Fails when a part that is needed is not connected."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        found = findings()
        width = max(len(finding.name) for finding in found)
        for finding in found:
            mark = "connected    " if finding.connected else "not connected"
            self.stdout.write(f"{finding.name:<{width}}  {mark}  {finding.say}")
        if any(finding.needed and not finding.connected for finding in found):
            sys.exit(1)
