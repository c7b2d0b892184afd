"""Who may keep a key where, whose is used, and what is kept of it."""

from typing import Any

import pytest

from ij8.accounts.models import Membership, School
from ij8.ai.keys.resolve import credentials_of, resolve
from ij8.ai.keys.rules import By, entry, keep_rules
from ij8.ai.keys.sealing import open_key
from ij8.ai.keys.service import Scope, remove_key, scope_of, set_key, switch_key
from ij8.ai.models import DataKey, Level, ProviderKey
from ij8.core.errors import Forbidden, Invalid, NotFound
from ij8.core.secrets import Unreadable
from tests.ai.keys.conftest import Set
from tests.canary import canary, is_in


def allow_own_keys(school: School) -> None:
    keep_rules(school=school, by=By.SCHOOL, off=[])


def level_for(member: Membership, provider: str = "openai") -> str:
    row = resolve(member, provider)
    return row.level if row else ""


def test_ones_own_key_comes_before_the_schools_and_that_before_the_installations(
    admin: Membership, school_admin: Membership, teacher: Membership, stranger: Membership, put: Set
) -> None:
    assert level_for(teacher) == ""
    put(admin, "platform")
    assert (level_for(teacher), level_for(stranger)) == ("platform", "platform")
    put(school_admin, "school")
    assert (level_for(teacher), level_for(stranger)) == ("school", "platform")
    allow_own_keys(teacher.school)
    put(teacher, "personal")
    assert (level_for(teacher), level_for(school_admin)) == ("personal", "school")


def test_a_switch_or_a_rule_lets_the_next_level_serve(
    admin: Membership, school_admin: Membership, teacher: Membership, put: Set
) -> None:
    put(admin, "platform")
    put(school_admin, "school")
    scope = scope_of(school_admin, "school", change=True)
    switch_key(scope, "openai", enabled=False)
    assert level_for(teacher) == "platform"
    switch_key(scope, "openai", enabled=True)
    keep_rules(school=teacher.school, by=By.SCHOOL, off=[entry(Level.SCHOOL, "openai")])
    assert level_for(teacher) == "platform"
    keep_rules(school=admin.school, by=By.PLATFORM, off=[entry(Level.PLATFORM, "openai")])
    assert level_for(teacher) == ""


def test_people_of_a_school_may_bring_keys_only_once_it_allows_them_and_artists_may_at_once(
    teacher: Membership, artist: Membership, put: Set
) -> None:
    with pytest.raises(Forbidden) as caught:
        put(teacher, "personal")
    assert caught.value.code == "provider_off"
    allow_own_keys(teacher.school)
    assert put(teacher, "personal").member == teacher
    assert put(artist, "personal").member == artist


def test_a_pupil_brings_no_key_but_an_adult_student_may(student: Membership, put: Set) -> None:
    allow_own_keys(student.school)
    with pytest.raises(Forbidden):
        put(student, "personal")
    student.age_band = "adult"
    put(student, "personal")
    assert level_for(student) == "personal"
    student.age_band = "16_17"  # it was entered wrongly: the key serves no longer
    assert level_for(student) == ""


@pytest.mark.parametrize("band", ["under_13", "13_15", "16_17"])
def test_no_minor_brings_a_key_whatever_the_role(artist: Membership, assistant: Membership, put: Set, band: str) -> None:
    allow_own_keys(assistant.school)
    for member in (artist, assistant):
        member.age_band = "adult"
        put(member, "personal")
        member.age_band = band
        assert level_for(member) == ""
        with pytest.raises(Forbidden):
            put(member, "personal")


@pytest.mark.parametrize("level", ["platform", "school"])
def test_nobody_else_may_touch_the_keys_of_a_level(level: str, teacher: Membership, stranger: Membership) -> None:
    for member in (teacher, stranger):
        with pytest.raises(Forbidden):
            scope_of(member, level)


def test_a_developer_of_the_platform_looks_and_does_not_touch(admin: Membership) -> None:
    admin.user.platform_role = "dev"
    assert scope_of(admin, "platform").level == Level.PLATFORM
    with pytest.raises(Forbidden):
        scope_of(admin, "platform", change=True)


def test_what_is_kept_shows_nothing_of_the_key_but_its_end(school_admin: Membership, put: Set) -> None:
    row = put(school_admin, "school")
    assert (row.last_four, len(row.fingerprint), open_key(row)) == ("q9Zx", 12, canary("school-openai"))
    assert not is_in(bytes(row.sealed))
    same = put(school_admin, "school", "minimax", key=canary("school-openai"))
    assert same.fingerprint == row.fingerprint
    assert bytes(same.sealed) != bytes(row.sealed)


def test_a_sealed_key_opens_in_its_own_row_alone(school_admin: Membership, put: Set) -> None:
    one, other = put(school_admin, "school"), put(school_admin, "school", "minimax")
    other.sealed, other.data_key = one.sealed, one.data_key
    with pytest.raises(Unreadable):
        open_key(other)


def test_schools_have_data_keys_of_their_own(school_admin: Membership, admin: Membership, put: Set) -> None:
    put(school_admin, "school")
    put(school_admin, "school", "minimax")
    put(admin, "platform")
    assert DataKey.objects.count() == 2


@pytest.mark.parametrize(
    ("provider", "key", "base_url", "field"),
    [
        ("openai", "", "", "key"),
        ("openai", "short", "", "key"),
        ("openai", "has spaces in the middle", "", "key"),
        ("openai", "wíth-an-accent-in-it", "", "key"),
        ("openai", "x" * 4001, "", "key"),
        ("minimax", "a-long-enough-key", "https://a.test", "base_url"),
        ("openai", "a-long-enough-key", "https://10.0.0.1/v1", "base_url"),
        ("openai", "a-long-enough-key", "http://a.test/v1", "base_url"),
        ("ollama", "", "", "base_url"),
        ("ollama", "", "http://127.0.0.1:11434", "base_url"),
    ],
)
def test_what_cannot_be_a_key_or_an_address_is_refused_at_its_field(
    provider: str, key: str, base_url: str, field: str, school_admin: Membership
) -> None:
    with pytest.raises(Invalid) as caught:
        set_key(scope_of(school_admin, "school", change=True), provider, key=key, base_url=base_url)
    assert caught.value.extra["field"] == field
    assert not ProviderKey.objects.exists()


def test_replacing_forgets_what_was_known_of_the_old_key(school_admin: Membership, put: Set) -> None:
    row = put(school_admin, "school", base_url="https://a.test/v1")
    ProviderKey.objects.update(state="failing", say="no", offers=["m"], base_url="https://a.test/v1")
    again = put(school_admin, "school")
    assert (again.pk, again.state, again.say, again.offers, again.base_url) == (row.pk, "untested", "", [], "")


def test_removing_is_for_good_and_of_ones_own_level_alone(platform: Scope, school_admin: Membership, put: Set) -> None:
    put(school_admin, "school")
    with pytest.raises(NotFound):
        remove_key(platform, "openai")
    remove_key(scope_of(school_admin, "school", change=True), "openai")
    assert not ProviderKey.objects.exists()


def test_use_is_noted_at_most_once_a_minute(school_admin: Membership, put: Set, django_assert_num_queries: Any) -> None:
    row = put(school_admin, "school")
    assert credentials_of(row).base_url == "https://api.openai.com/v1"
    row.refresh_from_db()
    assert row.used_at is not None
    used = row.used_at
    credentials_of(row)
    row.refresh_from_db()
    assert row.used_at == used


def test_finding_a_key_asks_once_however_many_there_are(
    admin: Membership, school_admin: Membership, put: Set, django_assert_num_queries: Any
) -> None:
    for provider in ("openai", "gemini", "minimax"):
        put(admin, "platform", provider)
        put(school_admin, "school", provider)
    with django_assert_num_queries(1):
        assert level_for(school_admin) == "school"


def test_a_pupil_reads_once_that_there_are_no_own_keys(admin: Membership, student: Membership, put: Set, as_: Any) -> None:
    put(admin, "platform")
    page = as_(student).get("/settings/keys/").content.decode()
    assert page.count("Providers give keys to adults only.") == 1
    assert page.count("<article") == 1  # of the one that the installation provides
    assert "The installation&#x27;s key is used." in page
    assert "Connect</a>" not in page
