"""Objects of a store that speaks S3: only from named buckets, bounded, and no key in any error."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import LazySettings

from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.named import named_places
from assessments.common.progress import silent
from assessments.datasets.sources import SourceSpec, fetched
from assessments.datasets.sources.objects import object_named
from tests.assessments.datasets.conftest import ORDERS, Registers

KEY, SECRET = "AKIAGOVERNTEST", "very/secret+key"
NOTHING = b"""<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"""


class Store(BaseHTTPRequestHandler):
    """Just enough of S3: HEAD and GET of objects, an empty listing, and a refusal of any other key."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(unquote(parts.path))  # type: ignore[attr-defined]
        if f"Credential={KEY}/" not in self.headers.get("Authorization", ""):
            return self.send(403, b"<Error><Code>SignatureDoesNotMatch</Code><Message>key of x</Message></Error>")
        if parts.query:
            return self.send(200, NOTHING)
        body = self.server.objects.get(unquote(parts.path))  # type: ignore[attr-defined]
        if body is None:
            return self.send(404, b"<Error><Code>NoSuchKey</Code></Error>")
        begin, _dash, end = (self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").partition("-")
        if "Range" not in self.headers:
            return self.send(200, body)
        return self.send(206, body[int(begin) : int(end or len(body)) + 1])

    def send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Mon, 03 Jun 2024 10:00:00 GMT")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def store(settings: LazySettings) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.asked = []  # type: ignore[attr-defined]
    server.objects = {  # type: ignore[attr-defined]
        "/raw/shop/orders 1.csv": ORDERS.encode(),
        "/raw/other/orders.csv": ORDERS.encode(),
    }
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    settings.OBJECT_STORES = named_places(
        f"raw=s3://{KEY}:very%2Fsecret%2Bkey@raw/shop?endpoint={endpoint}&region=eu-west-1#organisations=harbour\n"
        f"wrong=s3://AKIAWRONG:{'x' * 20}@wrong?endpoint={endpoint}\n"
        "away=s3://k:s@away?endpoint=http://127.0.0.1:9",
        setting="GOVERN_OBJECT_STORES",
        schemes=("s3",),
    )
    yield server
    server.shutdown()
    server.server_close()


def test_an_object_becomes_a_snapshot(
    store: Any, register: Registers, same_orders: dict[str, Path], home: Path
) -> None:
    snapshot = register("", source=SourceSpec("object", "s3://raw/shop/orders 1.csv"), operator=False)
    assert snapshot.digest == register(same_orders["csv"], name="file").digest
    assert (snapshot.dataset.source_kind, snapshot.dataset.source_location) == ("object", "s3://raw/shop/orders 1.csv")
    assert not list((home / "files" / "staging").iterdir()), "nothing of the download is left"


@pytest.mark.parametrize(
    ("location", "organisation"),
    [
        ("s3://raw/shop/orders 1.csv", "other"),
        ("s3://raw/other/orders.csv", "harbour"),
        ("s3://raw/shopping/orders.csv", "harbour"),
        ("s3://another/shop/orders.csv", "harbour"),
    ],
)
def test_objects_elsewhere_are_refused_unasked(store: Any, location: str, organisation: str) -> None:
    with pytest.raises(ForbiddenError, match="not in a store"):
        object_named(location, organisation)
    assert store.asked == []


@pytest.mark.parametrize(
    "location",
    [
        *("s3://raw/shop/../other/orders.csv", "s3://raw/shop//orders.csv", "s3://raw/shop/./orders.csv"),
        *(
            "s3://k:s@raw/shop/orders.csv",
            "http://raw/shop/orders.csv",
            "s3://raw",
            "s3:///orders.csv",
            "s3://raw/a\nb",
        ),
    ],
)
def test_addresses_that_are_no_object_are_refused(store: Any, location: str) -> None:
    with pytest.raises(GovernError):
        object_named(location, "harbour")


def test_without_a_named_store_nothing_may_be_read() -> None:
    with pytest.raises(ForbiddenError):
        object_named("s3://raw/shop/orders.csv", "harbour")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("s3://raw/shop/missing.csv", "There is no object of this name in the store “raw”"),
        ("s3://raw/shop/folder", "There is no object of this name"),
        ("s3://wrong/orders.csv", "The store “wrong” cannot be read: it refused the request"),
        ("s3://away/orders.csv", "The store “away” cannot be read: it does not answer"),
    ],
)
def test_failures_are_told_without_any_key(
    store: Any, location: str, reason: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spec = SourceSpec("object", location, organisation="harbour")
    with (
        pytest.raises(GovernError, match=reason) as raised,
        fetched(spec, folder=tmp_path, operator=False, progress=silent),
    ):
        pass
    told = f"{raised.value} {raised.value.where} {raised.value.__cause__} {caplog.text}"
    for hidden in (KEY, SECRET, "very%2F", "AKIAWRONG", "x" * 20):
        assert hidden not in told


def test_an_object_above_the_limit_is_not_fetched(store: Any, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATASET_MAX_BYTES = 10
    spec = SourceSpec("object", "s3://raw/shop/orders 1.csv", organisation="harbour")
    with (
        pytest.raises(GovernError, match="larger than 10 bytes"),
        fetched(spec, folder=tmp_path, operator=False, progress=silent),
    ):
        pass
    assert store.asked == ["/raw/shop/orders 1.csv"], "its size was asked for and nothing else"


def test_a_cancelled_download_leaves_nothing(store: Any, tmp_path: Path) -> None:
    def stop(_fraction: float, _message: str = "") -> None:
        raise KeyboardInterrupt

    spec = SourceSpec("object", "s3://raw/shop/orders 1.csv", organisation="harbour")
    with pytest.raises(KeyboardInterrupt), fetched(spec, folder=tmp_path, operator=False, progress=stop):
        pass
    assert list(tmp_path.iterdir()) == []
