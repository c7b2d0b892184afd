"""Opening a school: the steps, the record, the API, the logo; and going from one school to another."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from ij8.accounts.models import Cohort, Membership, School, SignUpPolicy
from ij8.accounts.opening.schools import clean_domain, free_slug

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
STEPS: dict[str, dict[str, str]] = {
    "school": {"name": "Birch School", "time_zone": "Europe/Berlin", "locale": ""},
    "dates": {
        "term_0_name": "Autumn",
        "term_0_starts": "2026-09-01",
        "term_0_ends": "2026-12-18",
        "email_domains": "@Birch.Example",
    },
    "defaults": {"sign_up": "listed", "simple_up_to": "13_15"},
    "admin": {"admin_name": "Bea", "admin_email": "Bea@Birch.Example"},
}


def picture(side_px: int = 600, kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (side_px, side_px // 2), (30, 90, 60)).save(out, kind)
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


def send(client: Client, step: str, **changes: Any) -> Any:
    return client.post(f"/platform/schools/new/?step={step}", {**STEPS[step], "go": "on", **changes})


def walk(client: Client, **changes: Any) -> None:
    for step in STEPS:
        assert send(client, step, **changes.get(step, {})).status_code == 302


def test_an_admin_of_the_platform_opens_a_school_in_four_steps(admin: Membership, as_: As, tmp_path: Any) -> None:
    client = as_(admin)
    walk(client, school={"logo": picture()})
    page = client.get("/platform/schools/new/?step=check").content.decode()
    assert "birch-school" in page
    assert "bea@birch.example" in page
    assert not School.objects.filter(name="Birch School").exists()
    answer = client.post("/platform/schools/new/?step=check")
    school = School.objects.get(slug="birch-school")
    assert answer.headers["Location"] == f"/platform/schools/{school.pk}/"
    assert (school.time_zone, school.email_domains, school.simple_up_to) == ("Europe/Berlin", ["birch.example"], "13_15")
    assert [(term.name, str(term.ends)) for term in school.terms.all()] == [("Autumn", "2026-12-18")]
    assert school.sign_up.mode == "listed"
    first = Membership.objects.get(school=school)
    assert (first.role, first.user.email, first.user.name) == ("admin", "bea@birch.example", "Bea")
    logo = Client().get(school.logo_address)
    assert logo.headers["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(b"".join(logo.streaming_content))).size == (384, 192)
    assert 'value="Birch' not in client.get("/platform/schools/new/").content.decode()  # the draft is gone


def test_a_logo_is_removed_with_its_file(admin: Membership, school_admin: Membership, as_: As, tmp_path: Any) -> None:
    client, school = as_(admin), school_admin.school
    page = f"/platform/schools/{school.pk}/"
    client.post(page, {"part": "facts", "name": school.name, "time_zone": "UTC", "locale": "", "logo": picture()})
    school.refresh_from_db()
    assert default_storage.exists(school.logo_key)
    assert "Remove the logo" in client.get(page).content.decode()
    assert as_(school_admin).post(page, {"part": "logo"}).status_code == 403
    key = school.logo_key
    assert client.post(page, {"part": "logo"}).status_code == 302
    school.refresh_from_db()
    assert (school.logo_key, default_storage.exists(key)) == ("", False)
    assert "Remove the logo" not in client.get(page).content.decode()
    assert client.post(page, {"part": "logo"}).status_code == 302


def test_what_was_typed_is_kept_also_when_it_is_wrong_and_one_goes_back(admin: Membership, as_: As) -> None:
    client = as_(admin)
    assert send(client, "school", name="", slug="Not A Slug").status_code == 422
    send(client, "school")
    back = send(client, "dates", term_0_ends="", go="back")
    assert back.headers["Location"].endswith("?step=school")
    assert 'value="Birch School"' in client.get("/platform/schools/new/").content.decode()
    assert 'value="2026-09-01"' in client.get("/platform/schools/new/?step=dates").content.decode()
    assert client.post("/platform/schools/new/?step=check").status_code == 422
    assert School.objects.filter(name="Birch School").count() == 0


@pytest.mark.parametrize(
    ("step", "changes", "says"),
    [
        ("school", {"slug": "linden"}, "“linden-2” is free"),
        ("school", {"slug": "-a-"}, "Use small letters"),
        ("school", {"time_zone": "Mars/Base"}, "Select a valid choice"),
        ("school", {"logo": SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", "image/png")}, "no PNG, JPEG or WebP"),
        ("dates", {"term_0_ends": "2026-08-01"}, "A term ends after it starts."),
        ("dates", {"term_0_name": ""}, "A term needs a name"),
        ("dates", {"email_domains": "not a domain"}, "is no domain"),
        ("admin", {"admin_email": "bea"}, "valid email"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    step: str, changes: dict[str, Any], says: str, admin: Membership, school: School, as_: As
) -> None:
    answer = send(as_(admin), step, **changes)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_slug_taken_between_check_and_opening_opens_nothing(admin: Membership, as_: As) -> None:
    client = as_(admin)
    walk(client, school={"slug": "birch"})
    School.objects.create(slug="birch", name="Quicker School")
    answer = client.post("/platform/schools/new/?step=check")
    assert answer.status_code == 422
    assert "“birch-2” is free" in answer.content.decode()
    assert not School.objects.filter(name="Birch School").exists()


def test_a_school_is_changed_and_gets_another_admin_on_its_record(admin: Membership, school: School, as_: As) -> None:
    client, here = as_(admin), f"/platform/schools/{school.pk}/"
    facts = {"part": "facts", "name": "Linden College", "time_zone": "Asia/Tokyo", "locale": ""}
    assert client.post(here, facts).status_code == 302
    assert client.post(here, {**STEPS["dates"], "part": "dates"}).status_code == 302
    assert client.post(here, {**STEPS["admin"], "part": "admin"}).status_code == 302
    school.refresh_from_db()
    assert (school.name, school.slug, school.time_zone) == ("Linden College", "linden", "Asia/Tokyo")
    assert school.terms.get().name == "Autumn"
    assert "Bea" in client.get(here).content.decode()


def test_the_api_opens_and_changes_schools_for_the_platform_alone(
    admin: Membership, school: School, school_admin: Membership, api: As
) -> None:
    new = {"name": "Elm", "slug": "elm", "time_zone": "Europe/Paris", "admin": {"name": "Ada", "email": "Ada@Elm.test"}}
    assert api(school_admin).post("/api/admin/schools/", new, content_type="application/json").status_code == 403
    client = api(admin)
    answer = client.post("/api/admin/schools/", new, content_type="application/json")
    assert answer.status_code == 201
    opened = answer.json()
    assert (opened["slug"], opened["people"], opened["sign_up"]) == ("elm", 1, "closed")
    again = client.post("/api/admin/schools/", new, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "slug_taken")
    terms = [{"name": "Spring", "starts": "2027-01-10", "ends": "2027-03-31"}]
    here = f"/api/admin/schools/{opened['id']}/"
    changed = client.patch(here, {"terms": terms, "email_domains": ["elm.example"]}, content_type="application/json").json()
    assert (changed["terms"], changed["email_domains"], changed["name"]) == (terms, ["elm.example"], "Elm")
    wrong = client.patch(here, {"locale": "xx"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["field"]) == (400, "locale")
    assert [one["slug"] for one in client.get("/api/admin/schools/?q=elm").json()["items"]] == ["elm"]


def test_the_list_counts_people_and_classes_with_the_same_few_queries(
    admin: Membership, school: School, person: Callable[..., Membership], as_: As
) -> None:
    client = as_(admin)
    Cohort.objects.create(school=school, name="6b")

    def asked() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/platform/schools/").content.decode()
        return len(captured), page

    asked()  # the first of a session keeps when it was used
    few, page = asked()
    assert "Linden School" in page
    for n in range(45):
        other = School.objects.create(slug=f"s{n}", name=f"School {n:02}")
        SignUpPolicy.objects.create(school=other, mode="ask")
    many, page = asked()
    assert many <= few  # one query less: no school without a policy asks for it apart
    assert "Show more" in page


def test_a_person_of_two_schools_goes_to_the_other_from_the_own_menu(teacher: Membership, other_school: School, as_: As) -> None:
    client = as_(teacher)
    assert "Go to another school" not in client.get("/home/").content.decode()
    Membership.objects.create(user=teacher.user, school=other_school, role="user")
    page = client.get("/home/").content.decode()
    assert f'name="school" value="{other_school.pk}"' in page
    client.post("/school/switch/", {"school": str(other_school.pk)})
    assert 'data-school="harbour"' in client.get("/home/").content.decode()
    stale = client.get("/studio/", headers={"X-School": "linden"})  # the other tab
    assert stale.status_code == 409


def test_a_schools_door_is_kept_on_its_policy_page(school_admin: Membership, school: School, as_: As) -> None:
    from ij8.accounts.opening.policy import SignUpSection

    section = SignUpSection()
    sent = {"sign-up-mode": "listed", "sign-up-addresses": "Ada@Home.test\nbo@home.test", "sign-up-domains": "linden.example"}
    form = section.form(school_admin, sent)
    assert form.is_valid(), form.errors
    section.save(form, school_admin)
    kept = SignUpPolicy.objects.get(school=school)
    assert (kept.mode, kept.addresses) == ("listed", ["ada@home.test", "bo@home.test"])
    assert School.objects.get(pk=school.pk).email_domains == ["linden.example"]
    wrong = section.form(school_admin, {**sent, "sign-up-addresses": "ada"})
    assert wrong.errors["addresses"] == ["“ada” is no e-mail address."]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("School.Example", "school.example"), ("@a.b.example.", "a.b.example"), ("bücher.example", "xn--bcher-kva.example")],
)
def test_domains_are_kept_in_one_form(typed: str, found: str) -> None:
    assert clean_domain(typed) == found


@pytest.mark.parametrize("typed", ["", "school", "a@b.example", "-a.example", "a..example", "1.2.3.4", "a" * 64 + ".example"])
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is no domain"):
        clean_domain(typed)


def test_a_short_name_is_found_for_every_name(school: School) -> None:
    assert free_slug("Linden") == "linden-2"
    assert free_slug("École d'Art") == "ecole-dart"
    assert free_slug("学校") == "school"
    assert len(free_slug("x" * 200)) <= 50
