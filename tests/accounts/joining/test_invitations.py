"""Invitations: one person, once, in a role that the issuer may give, with the account that the person wants."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ij8.accounts.joining.accepting import accept, accept_as_new, find_invitation
from ij8.accounts.joining.invitations import invite, renew, take_back
from ij8.accounts.members import remove_member
from ij8.accounts.models import Cohort, CohortMembership, Invitation, Membership, Notice, School, User
from ij8.core.errors import Conflict, Forbidden, Ij8Error, Invalid, NotFound
from tests.conftest import Person

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


def key_in(text: str) -> str:
    found = re.search(r"/invitation/\?key=([\w-]+)", text)
    return found[1] if found else ""


class TestInviting:
    @pytest.mark.parametrize("offer", ["admin", "teacher"])
    def test_only_admins_make_staff(self, teacher: Membership, school_admin: Membership, cohort: Cohort, offer: str) -> None:
        with pytest.raises(Forbidden):
            invite(by=teacher, email="x@y.test", offer=offer, cohort=cohort)
        assert invite(by=school_admin, email="x@y.test", offer=offer)[0].role == offer

    def test_a_teacher_invites_into_her_own_classes_alone(
        self, teacher: Membership, school: School, cohort: Cohort, stranger: Membership
    ) -> None:
        made, _ = invite(by=teacher, email="X@Y.test", offer="assistant", cohort=cohort)
        assert (made.email, made.role, made.cohort_role) == ("x@y.test", "user", "assistant")
        with pytest.raises(Forbidden):
            invite(by=teacher, email="x@y.test", offer="student", cohort=Cohort.objects.create(school=school, name="Art"))
        theirs = Cohort.objects.create(school=stranger.school, name="Art")
        with pytest.raises(NotFound):
            invite(by=teacher, email="x@y.test", offer="student", cohort=theirs)
        with pytest.raises(Invalid):
            invite(by=teacher, email="x@y.test", offer="student")

    @pytest.mark.parametrize("role", ["student", "assistant"])
    def test_others_invite_nobody(self, request: pytest.FixtureRequest, cohort: Cohort, role: str) -> None:
        with pytest.raises(Forbidden):
            invite(by=request.getfixturevalue(role), email="x@y.test", offer="student", cohort=cohort)

    def test_only_a_digest_is_kept_and_inviting_again_ends_the_first_link(self, school_admin: Membership) -> None:
        first, link = invite(by=school_admin, email="x@y.test", offer="teacher")
        second, other = invite(by=school_admin, email="x@y.test", offer="teacher")
        assert first.pk == second.pk
        assert key_in(link) not in repr(Invitation.objects.values().get())
        assert find_invitation(key_in(link)) is None
        assert find_invitation(key_in(other)) == second

    def test_where_mail_is_set_up_it_is_mailed_and_nowhere_shown(
        self, school_admin: Membership, as_: As, mail_connected: None
    ) -> None:
        answer = as_(school_admin).post(
            "/school/people/invitations/", {"email": "x@y.test", "offer": "teacher", "words": "Welcome!"}, follow=True
        )
        body = str(mail.outbox[0].body)
        assert (mail.outbox[0].to, key_in(answer.content.decode())) == (["x@y.test"], "")
        assert "Sofia invites you to Linden School" in body
        assert "Welcome!" in body
        assert find_invitation(key_in(body))

    def test_where_it_is_not_the_issuer_gets_the_link_once(self, school_admin: Membership, as_: As) -> None:
        client = as_(school_admin)
        answer = client.post("/school/people/invitations/", {"email": "x@y.test", "offer": "teacher"})
        assert find_invitation(key_in(answer.content.decode()))
        assert key_in(client.get("/school/people/invitations/").content.decode()) == ""
        again = client.post(f"/invitations/{Invitation.objects.get().pk}/again/")
        assert find_invitation(key_in(again.content.decode()))
        assert find_invitation(key_in(answer.content.decode())) is None

    def test_what_is_taken_back_opens_nothing(self, school_admin: Membership) -> None:
        made, link = invite(by=school_admin, email="x@y.test", offer="teacher")
        take_back(invitation_id=made.pk, by=school_admin)
        assert Client().get(f"/invitation/?key={key_in(link)}").status_code == 410
        with pytest.raises(Conflict):
            renew(invitation_id=made.pk, by=school_admin)


class TestAccepting:
    def test_somebody_new_chooses_name_and_password_once(self, school_admin: Membership, cohort: Cohort) -> None:
        _made, link = invite(by=school_admin, email="new@linden.test", offer="student", cohort=cohort)
        client, key = Client(), key_in(link)
        assert "Linden School" in client.get(f"/invitation/?key={key}").content.decode()
        assert Invitation.objects.get().state == "waiting"
        sent = {"key": key, "act": "new", "name": "Noor", "password": "a long quiet river"}
        assert client.post("/invitation/", sent).status_code == 302
        member = Membership.objects.get(user__email="new@linden.test")
        assert (member.role, member.user.name, member.user.check_password("a long quiet river")) == ("student", "Noor", True)
        assert CohortMembership.objects.get(member=member).cohort == cohort
        assert Notice.objects.get(kind="invitation_accepted").member == school_admin
        assert Client().post("/invitation/", sent).status_code == 410

    def test_an_account_that_is_there_is_asked_first_and_loses_nothing(
        self, school_admin: Membership, stranger: Membership, as_: As
    ) -> None:
        _made, link = invite(by=school_admin, email="other@mail.test", offer="teacher")
        client, key = as_(stranger), key_in(link)
        page = client.get(f"/invitation/?key={key}").content.decode()
        assert "Accept with this account" in page
        assert "other@mail.test" in page
        client.post("/invitation/", {"key": key, "act": "join"})
        roles = dict(Membership.objects.filter(user=stranger.user).values_list("school__slug", "role"))
        assert roles == {"linden": "teacher", "harbour": "student"}
        assert Membership.objects.get(user=stranger.user, school=school_admin.school).age_band == "adult"

    def test_a_new_account_with_a_known_address_is_refused(self, school_admin: Membership, stranger: Membership) -> None:
        made, link = invite(by=school_admin, email="elif@harbour.test", offer="teacher")
        assert "I am new" not in Client().get(f"/invitation/?key={key_in(link)}").content.decode()
        with pytest.raises(Conflict):
            accept_as_new(invitation=made, name="Elif")
        assert (User.objects.filter(email="elif@harbour.test").count(), Invitation.objects.get().state) == (1, "waiting")

    @pytest.mark.parametrize(("role", "offer", "after"), [("teacher", "student", "teacher"), ("user", "teacher", "teacher")])
    def test_a_role_is_raised_and_never_lowered(
        self, school_admin: Membership, person: Person, school: School, cohort: Cohort, role: str, offer: str, after: str
    ) -> None:
        member = person(school, role, "Kim")
        made, _ = invite(by=school_admin, email="kim@linden.test", offer=offer, cohort=cohort)
        assert accept(invitation=made, user=member.user).role == after

    def test_who_had_left_comes_back(self, school_admin: Membership, student: Membership) -> None:
        Membership.objects.filter(pk=student.pk).update(active=False, left_at=timezone.now())
        made, _ = invite(by=school_admin, email="mia@linden.test", offer="student")
        found = accept(invitation=made, user=student.user)
        assert (found.pk, found.active, found.left_at) == (student.pk, True, None)

    def test_it_ends_by_time_and_with_the_right_of_who_gave_it(self, school_admin: Membership, artist: Membership) -> None:
        made, link = invite(by=school_admin, email="x@y.test", offer="admin")
        Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
        assert find_invitation(key_in(link)) is None
        with pytest.raises(Conflict):
            accept(invitation=made, user=artist.user)
        Invitation.objects.update(expires=timezone.now() + timedelta(days=1))
        assert find_invitation(key_in(link))
        Membership.objects.filter(pk=school_admin.pk).update(role="teacher")
        assert find_invitation(key_in(link)) is None

    def test_nothing_is_half_done_when_the_class_is_over(self, teacher: Membership, cohort: Cohort, artist: Membership) -> None:
        made, _ = invite(by=teacher, email="x@y.test", offer="student", cohort=cohort)
        Cohort.objects.update(archived_at=timezone.now())
        made.cohort.refresh_from_db()  # type: ignore[union-attr]
        with pytest.raises(Ij8Error):
            accept(invitation=made, user=artist.user)
        assert not Membership.objects.filter(user=artist.user, school=cohort.school).exists()
        assert Invitation.objects.get().state == "waiting"

    def test_it_ends_with_the_place_of_who_gave_it(self, teacher: Membership, cohort: Cohort, artist: Membership) -> None:
        """Also one to assist, which makes nobody staff of the school: whoever assists sees the work of pupils."""
        made, link = invite(by=teacher, email="x@y.test", offer="assistant", cohort=cohort)
        CohortMembership.objects.filter(member=teacher).update(until=timezone.now())  # she stood in for somebody
        assert find_invitation(key_in(link)) is None
        with pytest.raises(Conflict):
            accept(invitation=made, user=artist.user)
        CohortMembership.objects.filter(member=teacher).update(until=None)
        assert find_invitation(key_in(link))
        remove_member(member=teacher)
        assert find_invitation(key_in(link)) is None
        with pytest.raises(Conflict):
            accept(invitation=made, user=artist.user)
        assert not Membership.objects.filter(user=artist.user, school=cohort.school).exists()

    def test_nobody_accepts_her_own(self, teacher: Membership, cohort: Cohort, as_: As) -> None:
        _made, link = invite(by=teacher, email="x@y.test", offer="assistant", cohort=cohort)
        answer = as_(teacher).post("/invitation/", {"key": key_in(link), "act": "join"})
        assert answer.status_code == 409
        assert (CohortMembership.objects.get(member=teacher).role, Invitation.objects.get().state) == ("lead_teacher", "waiting")

    def test_a_teacher_brings_nobody_back_whom_an_admin_sent_away(
        self, teacher: Membership, school_admin: Membership, person: Person, cohort: Cohort
    ) -> None:
        gone = person(cohort.school, "teacher", "Olga")
        remove_member(member=gone)
        made, _ = invite(by=teacher, email="x@y.test", offer="assistant", cohort=cohort)
        with pytest.raises(Conflict) as refused:
            accept(invitation=made, user=gone.user)
        gone.refresh_from_db()
        assert (refused.value.code, gone.active) == ("left", False)
        made, _ = invite(by=school_admin, email="x@y.test", offer="assistant", cohort=cohort)
        assert accept(invitation=made, user=gone.user).active

    def test_an_admin_who_sends_again_what_holds_no_more_answers_for_it(
        self, teacher: Membership, school_admin: Membership, cohort: Cohort, artist: Membership, as_: As
    ) -> None:
        made, _ = invite(by=teacher, email="x@y.test", offer="assistant", cohort=cohort)
        renewed, _ = renew(invitation_id=made.pk, by=school_admin)
        assert renewed.invited_by == teacher
        remove_member(member=teacher)
        assert "Send it again" in as_(school_admin).get("/school/people/invitations/").content.decode()
        renewed, link = renew(invitation_id=made.pk, by=school_admin)
        assert renewed.invited_by == school_admin
        assert find_invitation(key_in(link)) == made
        assert accept(invitation=renewed, user=artist.user).active
