from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from ij8.ai.prices.table import ensure_prices
from studio.jobs.backends import ensure_backends


class Command(BaseCommand):
    help = "Make this installation ready to serve: tables, static files, system check and, in the demo, its people and works."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=1, skip_checks=True)
        call_command("check", databases=["default"])  # also what only the rows can tell: demo accounts within reach
        call_command("collectstatic", interactive=False, verbosity=1, skip_checks=True)
        ensure_backends()
        ensure_prices()
        if settings.DEMO:
            from ij8.embedded.demo import seed_demo

            seed_demo()
