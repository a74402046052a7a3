"""Signing in and out, language and theme."""

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.settings import api_settings

from assessments.accounts.models import User

PASSWORD = "correct horse battery"


def sign_in(client: Client, password: str = PASSWORD, **data: str) -> int:
    return int(client.post("/sign-in/", {"username": "viewer", "password": password, **data}).status_code)


def test_a_person_signs_in_and_out(client: Client, members: dict[str, User]) -> None:
    assert sign_in(client) == 302
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/")["Location"] == "/sign-in/?next=/"


def test_signing_out_is_not_done_by_opening_an_address(client: Client, members: dict[str, User]) -> None:
    client.force_login(members["viewer"])
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(
    client: Client, members: dict[str, User]
) -> None:
    known = client.post("/sign-in/", {"username": "viewer", "password": "wrong"}).content.decode()
    unknown = client.post("/sign-in/", {"username": "nobody", "password": "wrong"}).content.decode()
    message = "Please enter a correct username and password"
    assert message in known
    assert message in unknown


def test_after_ten_failures_even_the_right_password_must_wait(client: Client, members: dict[str, User]) -> None:
    assert [sign_in(client, "wrong") for _n in range(10)] == [200] * 10
    assert sign_in(client) == 429
    assert client.get("/").status_code == 302
    assert client.post("/sign-in/", {"username": "steward", "password": PASSWORD}).status_code == 302


def test_success_forgets_the_failures(client: Client, members: dict[str, User]) -> None:
    for _n in range(9):
        sign_in(client, "wrong")
    assert sign_in(client) == 302
    client.post("/sign-out/")
    assert [sign_in(client, "wrong") for _n in range(9)] == [200] * 9
    assert sign_in(client) == 302


def test_trying_many_names_from_one_address_must_wait_too(client: Client, members: dict[str, User]) -> None:
    for number in range(30):
        assert client.post("/sign-in/", {"username": f"name{number}", "password": "wrong"}).status_code == 200
    assert sign_in(client) == 429
    assert (
        client.post("/sign-in/", {"username": "viewer", "password": PASSWORD}, REMOTE_ADDR="10.0.0.2").status_code
        == 302
    )


def test_trying_one_name_from_many_addresses_must_wait_too(client: Client, members: dict[str, User]) -> None:
    for number in range(50):
        address = f"10.0.{number}.1"
        assert (
            client.post("/sign-in/", {"username": "Viewer", "password": "wrong"}, REMOTE_ADDR=address).status_code
            == 200
        )
    assert sign_in(client) == 429
    assert client.post("/sign-in/", {"username": "steward", "password": PASSWORD}).status_code == 302


def test_a_header_says_who_asks_only_when_our_own_proxy_writes_it(
    client: Client, members: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def guess(number: int) -> int:
        sent = {"username": f"name{number}", "password": "wrong"}
        return int(client.post("/sign-in/", sent, headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code)

    assert [guess(number) for number in range(31)][-1] == 429
    cache.clear()
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    assert [guess(number) for number in range(31)][-1] == 200


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(target: str, client: Client, members: dict[str, User]) -> None:
    signed_in = client.post("/sign-in/", {"username": "viewer", "password": PASSWORD, "next": target})
    assert signed_in["Location"] == "/"
    for address, data in (("/language/", {"language": "en"}), ("/theme/", {"theme": "dark"})):
        assert client.post(address, {**data, "next": target})["Location"] == "/"


def test_the_language_is_kept_for_the_person(client: Client, members: dict[str, User]) -> None:
    client.force_login(members["viewer"])
    response = client.post("/language/", {"language": "zh-hans", "next": "/jobs/"})
    assert response["Location"] == "/jobs/"
    assert User.objects.get(username="viewer").language == "zh-hans"
    assert '<html lang="zh-hans"' in client.get("/").content.decode()
    fresh = Client()
    assert sign_in(fresh) == 302
    assert '<html lang="zh-hans"' in fresh.get("/").content.decode()


def test_a_language_that_there_is_not_changes_nothing(client: Client, members: dict[str, User]) -> None:
    client.force_login(members["viewer"])
    client.post("/language/", {"language": "xx"})
    assert User.objects.get(username="viewer").language == ""
    assert '<html lang="en"' in client.get("/").content.decode()


def test_the_theme_is_kept_for_the_person(client: Client, members: dict[str, User]) -> None:
    client.force_login(members["viewer"])
    assert 'data-theme="auto"' in client.get("/").content.decode()
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark" data-bs-theme="dark"' in client.get("/").content.decode()
    client.post("/theme/", {"theme": "purple"})
    assert User.objects.get(username="viewer").theme == "dark"


def test_before_signing_in_language_and_theme_are_kept_in_the_browser(client: Client, db: None) -> None:
    client.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    client.post("/theme/", {"theme": "light", "next": "/sign-in/"})
    page = client.get("/sign-in/").content.decode()
    assert '<html lang="zh-hans" data-theme="light"' in page


def test_a_part_of_a_page_makes_the_page_load_again_once_signed_out(client: Client, db: None) -> None:
    response = client.get("/jobs/", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Refresh"] == "true"


def test_somebody_without_an_organisation_is_told_so(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("alone"))
    response = client.get("/")
    assert response.status_code == 403
    assert "You do not belong to an organisation yet." in response.content.decode()


def test_pages_may_run_scripts_of_this_site_only(client: Client, db: None) -> None:
    policy = client.get("/sign-in/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy


def test_a_page_that_there_is_not(client: Client, members: dict[str, User]) -> None:
    client.force_login(members["viewer"])
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
