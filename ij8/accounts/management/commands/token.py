"""`manage.py token <email> [--school SLUG]` prints a new API token, and nothing else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ij8.accounts.backend import may_sign_in
from ij8.accounts.members import memberships_of
from ij8.accounts.models import Token, User


class Command(BaseCommand):
    help = "Make an API token for a person's membership and print it. It is shown once."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--school", metavar="SLUG", help="which membership; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None or not may_sign_in(user):
            raise CommandError(f"Nobody with the address {options['email']} can sign in here.")
        members = list(memberships_of(user))
        slugs = ", ".join(member.school.slug for member in members)
        if options["school"]:
            members = [member for member in members if member.school.slug == options["school"]]
        if not members:
            raise CommandError(f"{user} does not belong to that school. Schools: {slugs or 'none'}.")
        if len(members) > 1:
            raise CommandError(f"{user} belongs to several schools. Name one with --school: {slugs}.")
        self.stdout.write(Token.issue(members[0]))
