"""New master keys and new data keys, while the old ones are still read."""

from io import StringIO
from typing import Any

from cryptography.fernet import Fernet
from django.core.management import call_command

from ij8.accounts.models import Membership
from ij8.ai.keys.rotation import reseal_all, rewrap_all
from ij8.ai.keys.sealing import open_key
from ij8.ai.models import DataKey, ProviderKey
from ij8.core import secrets
from tests.ai.keys.conftest import Set
from tests.canary import canary

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def opened() -> list[str]:
    return [open_key(row) for row in ProviderKey.objects.select_related("data_key").order_by("id")]


def test_a_new_master_key_takes_over_and_the_old_one_can_go(
    settings: Any, school_admin: Membership, admin: Membership, put: Set
) -> None:
    settings.SECRETS_KEYS = [OLD]
    put(school_admin, "school")
    put(admin, "platform")
    kept = opened()
    settings.SECRETS_KEYS = [NEW, OLD]
    assert opened() == kept  # before the round
    sealed = [bytes(row.sealed) for row in ProviderKey.objects.order_by("id")]
    assert rewrap_all().wrapped == 2
    settings.SECRETS_KEYS = [NEW]
    assert opened() == kept == [canary("school-openai"), canary("platform-openai")]
    assert [bytes(row.sealed) for row in ProviderKey.objects.order_by("id")] == sealed


def test_a_key_set_before_there_were_master_keys_stays_readable(settings: Any, school_admin: Membership, put: Set) -> None:
    settings.SECRETS_KEYS = []
    put(school_admin, "school")
    settings.SECRETS_KEYS = [NEW]
    assert opened() == [canary("school-openai")]


def test_new_data_keys_seal_everything_anew_and_the_old_ones_go(school_admin: Membership, admin: Membership, put: Set) -> None:
    put(school_admin, "school")
    put(admin, "platform")
    kept, before = opened(), {row.pk: bytes(row.sealed) for row in ProviderKey.objects.all()}
    old = set(DataKey.objects.values_list("pk", flat=True))
    assert reseal_all().sealed == 2
    assert opened() == kept
    assert all(before[row.pk] != bytes(row.sealed) for row in ProviderKey.objects.all())
    assert not old & set(DataKey.objects.values_list("pk", flat=True))
    assert reseal_all().sealed == 2  # and once more


def test_what_no_master_key_opens_is_counted_and_left(settings: Any, school_admin: Membership, put: Set) -> None:
    settings.SECRETS_KEYS = [OLD]
    row = put(school_admin, "school")
    settings.SECRETS_KEYS = [NEW]
    settings.SECRET_KEY = "another" * 10
    said, wrong = StringIO(), StringIO()
    call_command("rotate_keys", "--fresh", stdout=said, stderr=wrong)
    assert "must be entered again" in wrong.getvalue()
    settings.SECRETS_KEYS = [OLD]
    row.refresh_from_db()
    assert open_key(row) == canary("school-openai")


def test_a_wrapped_key_is_not_the_key() -> None:
    data_key = secrets.new_data_key()
    wrapped = secrets.wrap(data_key)
    assert data_key not in wrapped.encode()
    assert secrets.unwrap(secrets.rewrap(wrapped)) == data_key
