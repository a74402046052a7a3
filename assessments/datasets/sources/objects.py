"""Objects in a store that speaks S3: fetched once, to disk, and only from buckets that the operator named."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.named import Named
from assessments.common.progress import Progress
from assessments.datasets.sources.base import SourceSpec, source

CONNECT_SECONDS, SILENCE_SECONDS, TOTAL_SECONDS = 10.0, 30.0, 3600.0
BLOCK = 4 * 2**20
AWS_ERROR = re.compile(r"AWS Error ([A-Z_]+)|HTTP status (\d+)")


@dataclass(frozen=True)
class StoredObject:
    """One object in one of the named stores."""

    store: Named
    bucket: str
    key: str

    @property
    def path(self) -> str:
        return f"{self.bucket}/{self.key}"


@source("object")
@contextmanager
def fetch(spec: SourceSpec, folder: Path, operator: bool, progress: Progress) -> Iterator[Path]:
    # The name is made by the caller's folder, never from the key.
    target = folder / "object"
    try:
        _save(object_named(spec.location, spec.organisation), target, progress)
        yield target
    finally:
        target.unlink(missing_ok=True)


def object_named(location: str, organisation: str) -> StoredObject:
    """The object at ``s3://bucket/key``.

    Raises ForbiddenError when no named store of the organisation holds it; the refusal is the same whether the bucket
    exists or not.
    """
    scheme, _found, path = location.strip().partition("://")
    bucket, _slash, key = path.partition("/")
    if scheme != "s3" or not bucket or not key or "@" in bucket or not location.isprintable():
        raise GovernError(
            _("An object is named as s3://bucket/key."),
            where=_("location"),
            hint=_("Keys and passwords stand in the operator's settings, never here."),
        )
    # A client on the way would resolve these, and then another object would be asked for than was allowed.
    if {"", ".", ".."} & set(key.split("/")):
        raise GovernError(
            _("The key of an object has no empty part and no part that is . or .. alone."), where=_("location")
        )
    for store in settings.OBJECT_STORES.values():
        held, prefix = _place(store)
        if store.serves(organisation) and held == bucket and (not prefix or key.startswith(f"{prefix}/")):
            return StoredObject(store, bucket, key)
    raise ForbiddenError(
        _("This object is not in a store from which datasets may be read."),
        where=location[:200],
        hint=_("Upload the file, or ask for its bucket to be named in GOVERN_OBJECT_STORES."),
    )


def _place(store: Named) -> tuple[str, str]:
    """The bucket and the prefix, which may be empty, of a named store."""
    parts = urlsplit(store.address)
    return parts.netloc.rpartition("@")[2], unquote(parts.path).strip("/")


def _filesystem(store: Named) -> Any:
    from pyarrow import fs

    parts = urlsplit(store.address)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    user, _colon, password = parts.netloc.rpartition("@")[0].partition(":")
    endpoint = urlsplit(options.get("endpoint", ""))
    more: dict[str, Any] = {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme} if endpoint.netloc else {}
    if user:
        more |= {"access_key": unquote(user), "secret_key": unquote(password)}
    elif options.get("credentials") != "environment":
        more |= {"anonymous": True}
    return fs.S3FileSystem(
        region=options.get("region", "us-east-1"),
        connect_timeout=CONNECT_SECONDS,
        request_timeout=SILENCE_SECONDS,
        **more,
    )


def _save(stored: StoredObject, target: Path, progress: Progress) -> None:
    from pyarrow import fs

    limit, total, deadline = settings.DATASET_MAX_BYTES, 0, time.monotonic() + TOTAL_SECONDS
    try:
        filesystem = _filesystem(stored.store)
        found = filesystem.get_file_info(stored.path)
        if found.type != fs.FileType.File:
            raise _missing(stored)
        _check_size(found.size, limit)
        with filesystem.open_input_stream(stored.path) as stream, target.open("wb") as out:
            while block := stream.read(BLOCK):
                total += len(block)
                _check_size(total, limit)
                if time.monotonic() > deadline:
                    raise GovernError(
                        _("The download took longer than %(seconds)s seconds.") % {"seconds": int(TOTAL_SECONDS)},
                        hint=_("Download it yourself and upload the file."),
                    )
                out.write(block)
                progress(total / max(found.size, 1), _("Downloading"))
    except (OSError, ValueError) as error:
        # Nothing of the client's own words is passed on: they may quote the request, and with it who signed it.
        raise _failed(stored, str(error)) from None
    if total < found.size:
        raise GovernError(
            _("The download was cut off."),
            where=_("after %(count)s bytes") % {"count": f"{total:,}"},
            hint=_("Try again later."),
        )


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise GovernError(
            _("The file is larger than %(limit)s bytes.") % {"limit": limit},
            hint=_("Split it, or ask for GOVERN_DATASET_MAX_BYTES to be raised."),
        )


def _missing(stored: StoredObject) -> GovernError:
    return GovernError(
        _("There is no object of this name in the store “%(store)s”.") % {"store": stored.store.name},
        where=f"s3://{stored.path}"[:200],
        hint=_("Name one object, not a folder of them, and check its spelling."),
    )


def _failed(stored: StoredObject, words: str) -> GovernError:
    found = AWS_ERROR.search(words)
    code = next((part for part in found.groups() if part), "") if found else ""
    if code in {"NO_SUCH_KEY", "NO_SUCH_BUCKET", "RESOURCE_NOT_FOUND", "404"}:
        return _missing(stored)
    if code in {"NETWORK_CONNECTION", "REQUEST_TIMEOUT", "SLOW_DOWN", "SERVICE_UNAVAILABLE"}:
        reason, hint = _("it does not answer"), _("Try again later, or have its endpoint checked in the settings.")
    else:
        reason = _("it refused the request") + (f" ({code})" if code else "")
        hint = _("Have the keys, the region and the bucket of the store checked in the operator's settings.")
    return GovernError(
        _("The store “%(store)s” cannot be read: %(reason)s.") % {"store": stored.store.name, "reason": reason},
        where=f"s3://{stored.path}"[:200],
        hint=hint,
    )
