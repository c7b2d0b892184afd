"""While somebody looks in, what would be refused is not on the page; all the rest stands as it stood."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from ij8.accounts.read_only import without_acts

As = Callable[[Membership], Client]
PAGES = {
    "school_admin": ["/home/", "/school/people/", "/school/people/{student}/", "/school/policy/", "/school/budgets/",
                     "/school/cohorts/", "/school/requests/"],
    "teacher": ["/home/", "/classes/", "/classes/{cohort}/people/"],
    "student": ["/home/", "/works/", "/studio/", "/settings/appearance/"],
}  # fmt: skip


def shown(page: str) -> str:
    return without_acts(page, kept="/stop/", is_open=lambda path: path == "/open/")


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ('<form method="post"><input name=a> <button>Save <b>it</b></button> x</form>',
         '<form method="post"><input disabled name=a>  x</form>'),
        ('<form method="post" action="/stop/"><button>Stop</button></form>',) * 2,
        ('<form><input name="q"><button>Find</button></form>',) * 2,
        ('<form id="f" method="POST"></form><button form="f">Do</button><button>Fold</button>',
         '<form id="f" method="POST"></form><button>Fold</button>'),
        ('<button hx-delete="/x/">Delete</button>', ""),
        ('<a class="button primary" href="/new/?a=1">New</a><a href="/new/">n</a><a class="button" href="/open/">o</a>',
         '<a href="/new/">n</a><a class="button" href="/open/">o</a>'),
        ("<!doctype html><!-- a --><p title='&lt;b'>5 &lt; 6 &#38; &amp;lt;</p><svg><use href=\"#x\"/></svg>",) * 2,
        ("<script>if (a < b && '<button>') {}</script><style>a > b {}</style>",) * 2,
    ],
)  # fmt: skip
def test_only_what_acts_is_taken_out(page: str, left: str) -> None:
    assert shown(page) == left


@pytest.mark.parametrize(("who", "address"), [(who, one) for who, pages in PAGES.items() for one in pages])
def test_no_page_offers_what_would_be_refused(
    who: str, address: str, admin: Membership, student: Membership, cohort: Cohort, as_: As, request: pytest.FixtureRequest
) -> None:
    member = request.getfixturevalue(who)
    address = address.format(student=student.pk, cohort=cohort.pk)
    assert member.user
    assert as_(member).get(address).status_code == 200
    client = as_(admin)
    client.post("/platform/support/", {"member": str(member.pk), "reason": "asked for help with a picture"})
    answer = client.get(address)
    assert answer.status_code == 200
    forms = re.findall(r'<form[^>]*method="post".*?</form>', answer.content.decode(), re.DOTALL)
    assert [form for form in forms if "<button" in form and "/platform/support/stop/" not in form] == []
    assert [form for form in forms if "/platform/support/stop/" in form and "Stop</button>" in form] != []
