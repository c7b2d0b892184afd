"""Help: every page has its text, and every text its page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import translation

from ij8.core.help import slugs, topic, topics

# routes that are no pages: parts that scripts fetch, redirections, files, and what takes POST alone
NO_PAGES = {
    "help", "help_page", "home_health", "settings", "settings_look", "settings_revoke_token", "sign_in_as", "studio_batch",
    "platform", "school", "school_logo", "settings_withdraw_request",
    "school_consent_withdraw", "school_report", "class_consent", "work_report", "remote_compute_revoke",
    "studio_advice", "works_folders", "work_version", "studio_sheet_price", "studio_sheet", "studio_canvas", "studio_shelf",
    "studio_plan", "studio_turn", "work_edit", "answer_report",
    "studio_estimate", "studio_in_progress", "studio_job", "studio_list", "studio_preferences", "work_panel", "works_bulk",
    "works_tags", "works_zip", "end_session", "end_other_sessions", "door_here", "person_card", "mfa_login_webauthn",
    "mfa_download_recovery_codes",
    "roster_template", "school_export", "class_export", "roster_commit", "roster_undo",
    "invitation_again", "invitation_take_back", "class", "notice", "notices_bell", "notices_read",
    "platform_audit_file", "school_audit_file", "platform_support_stop", "school_people_bulk", "school_people_undo",
}  # fmt: skip


def names(patterns: list[Any] | None = None) -> Iterator[str]:
    """Of every route outside of /api/; of those that share an address, the one that answers."""
    seen = set()
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from () if str(one.pattern) == "api/" else names(one.url_patterns)
        elif str(one.pattern) not in seen:
            seen.add(str(one.pattern))
            yield one.name


def pages() -> set[str]:
    return {name.replace("_", "-") for name in {*names(), "api-docs"} - NO_PAGES}


def test_every_page_has_its_help_and_every_help_its_page() -> None:
    assert set(slugs()) ^ pages() == set()


def test_nothing_is_excepted_that_does_not_exist() -> None:
    assert set(names()) >= NO_PAGES


def test_every_text_has_a_title_and_is_short() -> None:
    for slug in slugs():
        found = topic(slug)
        assert found.title, slug
        assert 1 <= found.text.count(". ") + 1 <= 8, slug


def test_the_search_finds_all_words_in_any_case() -> None:
    assert [one.slug for one in topics("SECRET token")] == ["settings-tokens"]
    assert topics("zebra crossing") == []


def test_each_language_has_its_own_texts() -> None:
    topic("home")
    with translation.override("en-us"):
        assert topic("home").title == "Home"


@pytest.mark.django_db
class TestPages:
    def test_anybody_reads_it(self, client: Client) -> None:
        page = client.get("/help/works/").content.decode()
        assert "<h1" in page
        assert "Library" in page
        assert 'href="/works/"' in page

    def test_the_index_searches(self, client: Client) -> None:
        page = client.get("/help/", {"q": "trash"}).content.decode()
        assert "/help/works-trash/" in page
        assert "/help/settings-tokens/" not in page
        assert "says “zebra”" in client.get("/help/", {"q": "zebra"}).content.decode()

    def test_the_demos_pages_are_told_of_in_the_demo_only(self, client: Client) -> None:
        assert "/help/outbox/" not in client.get("/help/").content.decode()

    @pytest.mark.parametrize("slug", ["nothing", "help", "index", "_page"])
    def test_what_is_no_text_is_not_found(self, client: Client, slug: str) -> None:
        assert client.get(f"/help/{slug}/").status_code == 404
