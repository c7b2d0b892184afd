from django.db import migrations


def make_open_school(apps, schema_editor):
    """The home of independent artists and of what ships with ij8; every installation has it."""
    School = apps.get_model("accounts", "School")
    School.objects.get_or_create(slug="open", defaults={"name": "Open school"})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sign_in_links_and_outbox")]
    operations = [migrations.RunPython(make_open_school, migrations.RunPython.noop)]
