"""Fixtures that every test may use: a home for files, two organisations, a member of each role, their browsers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import LazySettings
from django.test import Client
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from assessments.accounts.models import Membership, Organisation, User
from assessments.accounts.roles import Role

PASSWORD = "correct horse battery"

# No test is timed: on a busy machine an example that is slow once would fail.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _fast_passwords(settings: LazySettings) -> None:
    """Signing in is tested often and its cost is not what is tested."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _broker_of_its_own() -> None:
    """No test may hand a job to the worker that a developer has running."""
    if not os.environ.get("GOVERN_BROKER_URL"):
        current_app.conf.broker_url = "memory://"


@pytest.fixture(autouse=True)
def _language_of_its_own() -> Iterator[None]:
    """The test client leaves the language of its last request behind; the next test begins with the default."""
    yield
    translation.deactivate()


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Path:
    """An empty folder that stands for GOVERN_HOME: files and uploads of the test lie in it."""
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    for folder in (settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        folder.mkdir()
    return tmp_path


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(name="Harbour Shop", slug="harbour")


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    return Organisation.objects.create(name="Other Shop", slug="other")


@pytest.fixture
def members(organisation: Organisation) -> dict[str, User]:
    """One user of each role in ``organisation``, named as the role."""
    users = {}
    for role in Role:
        user = User.objects.create_user(role.value, f"{role.value}@example.org", PASSWORD)
        Membership.objects.create(user=user, organisation=organisation, role=role)
        users[role.value] = user
    return users


@pytest.fixture
def outsider(other_organisation: Organisation) -> User:
    """The administrator of the other organisation, who has no business in the first."""
    user = User.objects.create_user("outsider", "outsider@example.org", PASSWORD)
    Membership.objects.create(user=user, organisation=other_organisation, role=Role.ADMINISTRATOR)
    return user


@pytest.fixture
def client_as(members: dict[str, User], request: pytest.FixtureRequest) -> Callable[[str], Client]:
    """``client_as("viewer")`` is a signed-in browser of that role, ``client_as("outsider")`` one of the other shop."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(request.getfixturevalue("outsider") if role == "outsider" else members[role])
        return client

    return signed_in
