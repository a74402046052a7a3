"""A body that is too large is refused before any of it is read or written to disk."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

MIB = 2**20


class Unread:
    """The body of a request that nobody may touch."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, address: str, size: int) -> Any:
    """A form that says that it is as large as this; reading it is an error."""
    return client.generic(
        "POST", address, b"x", MULTIPART_CONTENT, CONTENT_LENGTH=str(size), **{"wsgi.input": Unread()}
    )


@pytest.mark.parametrize("address", ["/sign-in/", "/language/", "/datasets/new/", "/admin/login/", "/nothing/"])
def test_nobody_signed_in_sends_more_than_a_form(address: str, client: Client, db: None) -> None:
    assert send(client, address, 6 * MIB).status_code in {413, 404}


@pytest.mark.parametrize(
    ("role", "address", "size"),
    [
        ("viewer", "/datasets/new/", 6 * MIB),
        ("steward", "/datasets/new/", 102 * MIB),
        ("steward", "/jobs/", 6 * MIB),
        ("assessor", "/datasets/new/", 6 * MIB),
        ("assessor", "/checklists/{questionnaire}/items/strategy.planning/evidence/", 22 * MIB),
        ("viewer", "/checklists/{questionnaire}/items/strategy.planning/evidence/", 6 * MIB),
        ("steward", "/api/v1/datasets/", 102 * MIB),
        ("assessor", "/api/v1/answers/{answer}/evidence/", 22 * MIB),
        ("auditor", "/api/v1/verify/", 6 * MIB),
    ],
)
def test_what_a_page_does_not_take_is_not_read(
    role: str,
    address: str,
    size: int,
    shop: SimpleNamespace,
    client_as: Callable[[str], Client],
    settings: LazySettings,
) -> None:
    settings.DATASET_MAX_BYTES = 100 * MIB
    place = address.format(questionnaire=shop.questionnaire.pk, answer=1)
    assert send(client_as(role), place, size).status_code == 413


def test_a_file_that_the_page_takes_is_read(
    shop: SimpleNamespace, client_as: Callable[[str], Client], home: Path, sent: list[Any]
) -> None:
    text = "user,item\n" + "u,i\n" * (6 * MIB // 4)
    file = SimpleUploadedFile("large.csv", text.encode())
    body = encode_multipart(BOUNDARY, {"name": "large", "kind": "interactions", "source": "upload", "file": file})
    answer = client_as("steward").generic("POST", "/datasets/new/", body, MULTIPART_CONTENT)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/jobs/")
