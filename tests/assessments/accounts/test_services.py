"""Organisations, members and tokens; what access says to whom."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assessments.accounts.access import allowed, require
from assessments.accounts.models import ApiToken, AuditEvent, Membership, Organisation, User
from assessments.accounts.roles import CAPABILITIES, Capability, Role
from assessments.accounts.selectors import memberships_of, organisation_by_slug
from assessments.accounts.services import (
    event_record,
    member_add,
    member_create,
    organisation_create,
    token_create,
    token_digest,
    token_revoke,
)
from assessments.common.errors import ConflictError, ForbiddenError, GovernError, NotFoundError

pytestmark = pytest.mark.django_db
Members = dict[str, User]


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def test_organisations_have_short_names_of_their_own() -> None:
    assert organisation_create(name="Harbour Shop").slug == "harbour-shop"
    with pytest.raises(ConflictError, match="taken"):
        organisation_create(name="Harbour shop")
    with pytest.raises(GovernError, match="empty"):
        organisation_create(name="港口商店")
    assert organisation_create(name="港口商店", slug="gangkou").name == "港口商店"


def test_a_member_has_one_role(organisation: Organisation, members: Members) -> None:
    member_add(organisation=organisation, user=members["viewer"], role=Role.STEWARD)
    assert membership_of(members["viewer"]).role == Role.STEWARD


def test_a_new_person_needs_a_good_password(organisation: Organisation) -> None:
    with pytest.raises(GovernError, match="cannot be made"):
        member_create(organisation=organisation, username="mia", role=Role.VIEWER, ask_password=lambda: "12345678")
    with pytest.raises(GovernError, match="cannot be made"):
        member_create(
            organisation=organisation, username="m i a", role=Role.VIEWER, ask_password=lambda: "correct horse battery"
        )
    assert not User.objects.exists()
    made = member_create(
        organisation=organisation, username="mia", role=Role.AUDITOR, ask_password=lambda: "correct horse battery"
    )
    assert made.user.check_password("correct horse battery")
    assert not made.user.is_staff
    assert AuditEvent.objects.filter(action="member.add", subject="mia").exists()


def test_a_known_person_keeps_the_password(organisation: Organisation, members: Members) -> None:
    def never() -> str:
        raise AssertionError("nobody is asked")

    made = member_create(organisation=organisation, username="viewer", role=Role.ASSESSOR, ask_password=never)
    assert made.user == members["viewer"]
    assert made.role == Role.ASSESSOR


def test_only_the_digest_of_a_token_is_kept(members: Members) -> None:
    token, key = token_create(membership=membership_of(members["steward"]), name="ci", scopes=["view", "register"])
    assert token.digest == hashlib.sha256(key.encode()).hexdigest() == token_digest(key)
    stored = str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert key not in stored
    assert len(key) >= 40
    assert token.scopes == ["register", "view"]
    assert timedelta(days=89) < token.expires_at - timezone.now() < timedelta(days=91)


def test_tokens_that_cannot_be(members: Members) -> None:
    membership = membership_of(members["steward"])
    for scopes, days in (([], 90), (["view"], 0), (["view"], 367)):
        with pytest.raises(GovernError):
            token_create(membership=membership, name="x", scopes=scopes, days=days)
    with pytest.raises(ValueError, match="fly"):
        token_create(membership=membership, name="x", scopes=["fly"])


def test_revoking_keeps_the_first_time(members: Members) -> None:
    token, _key = token_create(membership=membership_of(members["steward"]), name="ci", scopes=["view"])
    first = token_revoke(token=token, actor=members["steward"]).revoked_at
    assert first is not None
    assert token_revoke(token=token, actor=members["administrator"]).revoked_at == first


def test_long_subjects_are_cut(organisation: Organisation) -> None:
    assert len(event_record(organisation=organisation, actor=None, action="x", subject="y" * 999).subject) == 300


def test_the_organisation_of_a_command(organisation: Organisation) -> None:
    assert organisation_by_slug() == organisation
    other = Organisation.objects.create(name="Other", slug="other")
    assert organisation_by_slug("other") == other
    with pytest.raises(NotFoundError, match="several"):
        organisation_by_slug()
    with pytest.raises(NotFoundError, match="short name “none”") as unknown:
        organisation_by_slug("none")
    assert unknown.value.hint == f"There are: {organisation.slug}, other."
    Organisation.objects.all().delete()
    with pytest.raises(NotFoundError) as failure:
        organisation_by_slug()
    assert "create_organisation" in failure.value.hint


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("capability", list(Capability))
def test_access_is_what_the_role_lists_and_nothing_else(role: Role, capability: Capability, members: Members) -> None:
    membership = membership_of(members[role.value])

    @allowed(capability)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("inside")

    request = HttpRequest()
    request.membership = membership  # type: ignore[attr-defined]
    if capability in CAPABILITIES[role]:
        assert page(request).content == b"inside"
    else:
        with pytest.raises(ForbiddenError):
            page(request)


def test_who_belongs_nowhere_may_nothing() -> None:
    with pytest.raises(ForbiddenError, match="do not belong"):
        require(None, Capability.VIEW)


def test_an_unknown_role_may_nothing(members: Members) -> None:
    membership = membership_of(members["administrator"])
    membership.role = "emperor"
    assert not membership.may(Capability.VIEW)


def test_only_administrators_manage_and_publish() -> None:
    for capability in (Capability.MANAGE, Capability.PUBLISH):
        assert [role for role in Role if capability in CAPABILITIES[role]] == [Role.ADMINISTRATOR]


def test_memberships_come_with_their_organisations(
    members: Members, other_organisation: Organisation, django_assert_num_queries: Callable[..., object]
) -> None:
    member_add(organisation=other_organisation, user=members["viewer"], role=Role.VIEWER)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert [m.organisation.name for m in memberships_of(members["viewer"])] == ["Harbour Shop", "Other Shop"]
