"""Files on the web: fetched once, to disk, from public addresses only."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.masking import mask_address
from assessments.common.progress import Progress
from assessments.datasets.sources.addresses import resolve
from assessments.datasets.sources.base import SourceSpec, source

MOST_REDIRECTS = 5
SILENCE_SECONDS, ANSWER_SECONDS, TOTAL_SECONDS = 30.0, 120.0, 3600.0
BLOCK = 2**20


class PinnedConnection(http.client.HTTPConnection):
    """Connects to an address that was checked; the server and its certificate are still asked for the name."""

    def __init__(self, parts: SplitResult) -> None:
        self._secure = parts.scheme == "https"
        port = parts.port or (443 if self._secure else 80)
        self._address = resolve(parts.hostname or "", port)
        super().__init__(parts.hostname or "", port, timeout=SILENCE_SECONDS)

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        if not self._secure:
            self.sock = plain
            return
        try:
            # The handshake comes last, so that another thread can cut it off: the socket is known by then.
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()
        except BaseException:
            (self.sock or plain).close()
            raise

    def cut(self) -> None:
        """End it from another thread, whatever it waits for."""
        with suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # of TLS, the socket below it


@contextmanager
def at_most(connection: PinnedConnection, seconds: float) -> Iterator[None]:
    """Cut the connection after so long: the limit on silence is never reached by one byte now and then."""
    timer = threading.Timer(seconds, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@source("url")
@contextmanager
def fetch(spec: SourceSpec, folder: Path, operator: bool, progress: Progress) -> Iterator[Path]:
    # The name is made by the caller's folder, never from the address.
    target = folder / "download"
    try:
        download(spec.location, target, progress)
        yield target
    finally:
        target.unlink(missing_ok=True)


def checked_url(url: str) -> SplitResult:
    """The parts of an address that may be asked; raises for other schemes and for passwords in it."""
    try:
        parts = urlsplit(url.strip())
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise GovernError(_("This is not an address."), where=mask_address(url)[:200]) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_valid:
        raise ForbiddenError(
            _("Only addresses that begin with http:// or https:// are read."),
            where=mask_address(url)[:200],
            hint=_("For a file on this machine give its path, or upload it."),
        )
    if parts.username or parts.password:
        raise ForbiddenError(
            _("An address with a user name or password in it is not read, because addresses are shown."),
            hint=_("Upload the file instead."),
        )
    if any(ord(character) <= 32 or ord(character) == 127 for character in url.strip()):
        raise GovernError(_("This is not an address."), where=mask_address(url)[:200], hint=_("Write a space as %20."))
    return parts


def download(url: str, target: Path, progress: Progress) -> None:
    """Write what the address holds to ``target``; every redirect is checked as the first address was."""
    deadline = time.monotonic() + TOTAL_SECONDS
    for _hop in range(MOST_REDIRECTS + 1):
        parts = checked_url(url)
        with closing(PinnedConnection(parts)) as connection:
            with at_most(connection, ANSWER_SECONDS):
                response = _request(connection, parts)
            if response.status in {301, 302, 303, 307, 308}:
                url = _redirected(url, response.headers.get("Location", ""))
                continue
            if response.status != 200:
                raise GovernError(
                    _("The server answered %(status)s %(reason)s.")
                    % {"status": response.status, "reason": response.reason[:100]},
                    where=mask_address(url)[:200],
                    hint=_("Open the address in a browser to see what it needs."),
                )
            _save(response, target, deadline, progress)
            return
    raise GovernError(
        _("The address redirects more than %(count)s times.") % {"count": MOST_REDIRECTS}, where=mask_address(url)[:200]
    )


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise GovernError(
            _("The address redirects to something that is no address."), where=mask_address(url)[:200]
        ) from error


def _request(connection: PinnedConnection, parts: SplitResult) -> http.client.HTTPResponse:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        path.encode("ascii")
        connection.request("GET", path, headers={"User-Agent": "Govern", "Accept-Encoding": "identity"})
        return connection.getresponse()
    except UnicodeError as error:
        raise GovernError(
            _("The address holds letters that must be written as %XX."),
            where=parts.hostname or "",
            hint=_("Copy it from the address bar of a browser."),
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise GovernError(
            _("The server cannot be reached: %(error)s") % {"error": str(error)[:200]},
            where=parts.hostname or "",
            hint=_("Check the address, or try again later."),
        ) from error


def _save(response: http.client.HTTPResponse, target: Path, deadline: float, progress: Progress) -> None:
    limit, total, expected = settings.DATASET_MAX_BYTES, 0, response.length
    with target.open("wb") as out:
        while True:
            try:
                block = response.read1(BLOCK)
            except (OSError, http.client.HTTPException) as error:
                raise _cut_off(total) from error
            if not block:
                break
            total += len(block)
            if total > limit:
                raise GovernError(
                    _("The file is larger than %(limit)s bytes.") % {"limit": limit},
                    hint=_("Split it, or ask for GOVERN_DATASET_MAX_BYTES to be raised."),
                )
            if time.monotonic() > deadline:
                raise GovernError(
                    _("The download took longer than %(seconds)s seconds.") % {"seconds": int(TOTAL_SECONDS)},
                    hint=_("Download it yourself and upload the file."),
                )
            out.write(block)
            progress(total / expected if expected else 0.5, _("Downloading"))
    if expected is not None and total < expected:
        raise _cut_off(total)


def _cut_off(total: int) -> GovernError:
    return GovernError(
        _("The download was cut off."),
        where=_("after %(count)s bytes") % {"count": f"{total:,}"},
        hint=_("Try again later."),
    )
