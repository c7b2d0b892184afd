"""`manage.py thumbnails`: both sizes for works that have only one."""

from typing import Any

from django.core.management.base import BaseCommand

from studio.artifacts.backfill import make_thumbnails, works_of_one_size


class Command(BaseCommand):
    help = "Makes both sizes of thumbnails for works that were stored with one. Can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        made = [make_thumbnails(work) for work in works_of_one_size()]
        self.stdout.write(f"{sum(made)} made, {len(made) - sum(made)} could not be read.")
