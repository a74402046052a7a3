"""Addresses: private ones are refused however they are written, and downloads are bounded."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.progress import silent
from assessments.datasets.sources import SourceSpec, addresses, url
from assessments.datasets.sources.addresses import is_public
from assessments.datasets.sources.url import checked_url, download
from tests.assessments.datasets.conftest import ORDERS, Registers


class Shop(BaseHTTPRequestHandler):
    """A server with an order file, redirects and bad manners."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        body = ORDERS.encode()
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        self.send_response(404 if self.path.startswith("/missing") else 200)
        self.send_header("Content-Length", str(len(body) * (2 if self.path == "/short" else 1)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(server: ThreadingHTTPServer, settings: LazySettings) -> str:
    settings.DATASET_PRIVATE_HOSTS = ["127.0.0.1"]
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "64:ff9b::a9fe:a9fe"),
    ],
)
def test_private_addresses(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize("text", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(text: str) -> None:
    assert is_public(text)


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.1/a.csv", "http://localhost/a.csv", "http://[::1]/a.csv", "http://169.254.169.254/latest"),
        *("http://2130706433/a.csv", "http://0x7f.1/a.csv", "http://127.1/a.csv", "http://0/a.csv"),
        *("http://[::ffff:10.0.0.1]/a.csv", "https://192.168.0.1/a.csv"),
    ],
)
def test_addresses_that_lead_inside_are_refused(location: str, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError, match="private or reserved"):
        download(location, tmp_path / "x", silent)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://example.org/a", "gopher://x/", "//host/a", "http://"]
)
def test_other_schemes_are_refused(location: str) -> None:
    with pytest.raises(ForbiddenError, match="http:// or https://"):
        checked_url(location)


@pytest.mark.parametrize(
    "location", ["http://a:b@example.org/", "http://example.org:99999/", "http://exa mple.org/\r\nX: y"]
)
def test_addresses_that_are_none(location: str) -> None:
    with pytest.raises(GovernError):
        checked_url(location)


def test_any_private_answer_refuses_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.5", 80))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *args, **more: answers)
    with pytest.raises(ForbiddenError):
        download("http://rebind.example/", tmp_path / "x", silent)


def test_the_name_is_looked_up_once_and_the_checked_address_is_used(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A name that means a public machine when asked and this one afterwards must not lead here."""
    asked, reached = [], []

    def answer(host: str, *args: Any, **more: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34" if len(asked) == 1 else "127.0.0.1", 80))]

    def connect(target: tuple[str, int], *args: Any) -> socket.socket:
        reached.append(target)
        raise OSError("no network in tests")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", answer)
    monkeypatch.setattr(url.socket, "create_connection", connect)
    with pytest.raises(GovernError, match="cannot be reached"):
        download("http://rebind.example/a.csv", tmp_path / "x", silent)
    assert asked == ["rebind.example"]
    assert reached == [("93.184.216.34", 80)]


@pytest.mark.django_db
def test_download(address: str, server: ThreadingHTTPServer, register: Registers, home: Path) -> None:
    snapshot = register("", source=SourceSpec("url", f"{address}/shop/orders.csv?day=1"), operator=False)
    assert snapshot.rows == 3
    assert server.asked == [("/shop/orders.csv?day=1", address.removeprefix("http://"))]  # type: ignore[attr-defined]
    assert list((home / "files" / "staging").iterdir()) == []


def test_redirects_are_followed_and_each_is_checked(address: str, tmp_path: Path) -> None:
    download(f"{address}/to//orders.csv", tmp_path / "x", silent)
    assert (tmp_path / "x").read_text() == ORDERS
    for target, message in (
        ("http://10.0.0.1/", "private"),
        ("file:///etc/passwd", "http://"),
        ("http://localhost/", "private"),
    ):
        with pytest.raises(ForbiddenError, match=message):
            download(f"{address}/to/{target}", tmp_path / "y", silent)
    with pytest.raises(GovernError, match="redirects more than"):
        download(address + "/to/" * 12, tmp_path / "y", silent)


def test_answers_that_are_no_file(address: str, tmp_path: Path, settings: LazySettings) -> None:
    with pytest.raises(GovernError, match="answered 404"):
        download(f"{address}/missing", tmp_path / "x", silent)
    with pytest.raises(GovernError, match="cut off"):
        download(f"{address}/short", tmp_path / "x", silent)
    settings.DATASET_MAX_BYTES = 20
    with pytest.raises(GovernError, match="larger than 20 bytes"):
        download(f"{address}/orders.csv", tmp_path / "x", silent)


def test_a_download_that_never_ends(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(url, "TOTAL_SECONDS", -1.0)
    with pytest.raises(GovernError, match="took longer"):
        download(f"{address}/orders.csv", tmp_path / "x", silent)


def test_a_host_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nowhere(*args: Any, **more: Any) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", nowhere)
    with pytest.raises(GovernError, match="cannot be found"):
        download("http://nowhere.example/", tmp_path / "x", silent)


def test_a_redirect_to_no_address_is_explained(address: str, tmp_path: Path) -> None:
    with pytest.raises(GovernError, match="redirects to something that is no address"):
        download(f"{address}/to/http://[/", tmp_path / "x", silent)


def test_errors_do_not_repeat_the_key_in_an_address(address: str, tmp_path: Path) -> None:
    for path in ("/missing", "/to/ftp://ada:SECRET@elsewhere.example/"):
        with pytest.raises(GovernError) as raised:
            download(
                f"{address}{path}?key=SECRET" if path == "/missing" else f"{address}{path}", tmp_path / "x", silent
            )
        assert "SECRET" not in f"{raised.value} {raised.value.where}"
