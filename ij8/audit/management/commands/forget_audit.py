"""`manage.py forget_audit --older-than-days 730`: the only way in which lines leave the log of changes."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from ij8.audit.models import Entry

FEWEST_DAYS = 365


class Command(BaseCommand):
    help = "Removes lines of the log of changes that are older than so many days. Runs as the owner of the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than-days", type=int, required=True, help=f"at least {FEWEST_DAYS}")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["older_than_days"]
        if days < FEWEST_DAYS:
            raise CommandError(f"The log is kept for {FEWEST_DAYS} days at least.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('ij8.forget', 'DELETE', true)")
            removed, _tables = Entry.objects.filter(at__lt=timezone.now() - timedelta(days=days)).delete()
            cursor.execute("select set_config('ij8.forget', '', true)")
        self.stdout.write(f"{removed} lines removed.")
