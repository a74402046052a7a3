"""Which organisation a request is about: one of the person's own, chosen in the address."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from assessments.accounts.middleware import OrganisationMiddleware
from assessments.accounts.models import Organisation, User
from assessments.accounts.roles import Role
from assessments.accounts.services import member_add

pytestmark = pytest.mark.django_db


def passed(user: Any, session: dict[str, str], query: str = "") -> Any:
    request: Any = SimpleNamespace(user=user, session=session, GET={"organisation": query} if query else {})
    OrganisationMiddleware(lambda request: HttpResponse())(request)
    return request


@pytest.fixture
def person(members: dict[str, User], other_organisation: Organisation) -> User:
    member_add(organisation=other_organisation, user=members["viewer"], role=Role.STEWARD)
    return members["viewer"]


def test_the_first_by_name_is_the_default(person: User) -> None:
    assert passed(person, {}).membership.organisation.slug == "harbour"


def test_the_choice_is_kept(person: User) -> None:
    session: dict[str, str] = {}
    assert passed(person, session, "other").membership.role == Role.STEWARD
    assert passed(person, session).membership.organisation.slug == "other"


def test_an_organisation_of_others_cannot_be_chosen(members: dict[str, User], other_organisation: Organisation) -> None:
    session: dict[str, str] = {}
    request = passed(members["administrator"], session, "other")
    assert request.membership.organisation.slug == "harbour"
    assert session == {}
    assert passed(members["administrator"], {"organisation": "other"}).membership.organisation.slug == "harbour"


def test_strangers_belong_nowhere(organisation: Organisation) -> None:
    request = passed(AnonymousUser(), {})
    assert request.membership is None
    assert request.memberships == []
