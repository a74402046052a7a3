"""Evidence: files of known types up to 20 MiB under random names, and links that open nothing but pages."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.accounts.models import Organisation, User
from assessments.checklists.evidence_types import MAX_BYTES
from assessments.checklists.models import Answer, Evidence, Item, Questionnaire
from assessments.checklists.selectors import evidence_file_open, evidence_get
from assessments.checklists.services import answer_save, evidence_add, questionnaire_submit
from assessments.checklists.services.evidence import evidence_measured
from assessments.common.errors import ConflictError, ForbiddenError, GovernError, NotFoundError

PDF = b"%PDF-1.7\n% a page\n"


@pytest.fixture
def answer(home: Path, questionnaire: Questionnaire, item: Item, assessor: User) -> Answer:
    return answer_save(
        questionnaire=questionnaire, item=item, assessor=assessor, status="level", level=3, comment="", revision=0
    )


def stored(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


def office(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return content.getvalue()


def test_a_file_is_kept_under_a_random_name(answer: Answer, assessor: User, home: Path) -> None:
    evidence = evidence_add(answer=answer, user=assessor, file=ContentFile(PDF, name="../../<b>路线图.PDF"))
    (path,) = stored(home)
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", path.name)
    assert path.is_relative_to(home / "files" / "evidence")
    assert path.read_bytes() == PDF
    assert evidence.digest == hashlib.sha256(PDF).hexdigest()
    assert (evidence.kind, evidence.title, evidence.created_by) == ("file", "<b>路线图.PDF", assessor)
    opened = evidence_file_open(organisation=answer.questionnaire.organisation, pk=evidence.pk)
    with opened.file as file:
        assert file.read() == PDF
    assert (opened.name, opened.content_type) == ("<b>路线图.PDF", "application/pdf")


def test_own_title_gets_the_extension_back(answer: Answer, assessor: User) -> None:
    evidence = evidence_add(answer=answer, user=assessor, file=ContentFile(PDF, name="x.pdf"), title="Plan\r\n2026")
    opened = evidence_file_open(organisation=answer.questionnaire.organisation, pk=evidence.pk)
    opened.file.close()
    assert opened.name == "Plan2026.pdf"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n0000"),
        ("a.jpeg", b"\xff\xd8\xff\xe0"),
        ("a.webp", b"RIFF0000WEBPVP8 "),
        ("a.csv", "商品,价格\n".encode()),
        ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml")),
    ],
)
def test_types_that_are_taken(answer: Answer, assessor: User, name: str, content: bytes) -> None:
    assert evidence_add(answer=answer, user=assessor, file=ContentFile(content, name=name)).title == name


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.html", b"<script>alert(1)</script>", "“.html” are not taken"),
        ("a.svg", b"<svg onload='alert(1)'/>", "“.svg” are not taken"),
        ("a.exe", b"MZ", "“.exe” are not taken"),
        ("noextension", b"text", "“” are not taken"),
        ("a.pdf.sh", PDF, "“.sh” are not taken"),
        ("a.pdf", b"<html>", "not what its name says"),
        ("a.txt", b"\xff\xfe\x00bin", "not what its name says"),
        ("a.csv", b"a,b\0", "not what its name says"),
        ("a.docx", b"PK not a zip", "not what its name says"),
        ("a.docx", office("[Content_Types].xml", "word/vbaProject.bin"), "not what its name says"),
        ("a.txt", b"", "empty"),
    ],
)
def test_files_that_are_refused(
    answer: Answer, assessor: User, home: Path, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(GovernError, match=reason):
        evidence_add(answer=answer, user=assessor, file=ContentFile(content, name=name))
    assert not Evidence.objects.exists()
    assert not stored(home)


def test_the_size_is_measured(answer: Answer, assessor: User, home: Path) -> None:
    whole = b"a" * MAX_BYTES
    too_large = SimpleUploadedFile("a.txt", whole + b"b")
    too_large.size = 1  # what the sender claims
    with pytest.raises(GovernError, match="larger than 20 MiB"):
        evidence_add(answer=answer, user=assessor, file=too_large)
    assert not stored(home)
    evidence_add(answer=answer, user=assessor, file=SimpleUploadedFile("a.txt", whole))
    assert stored(home)[0].stat().st_size == MAX_BYTES


def test_links(answer: Answer, assessor: User) -> None:
    evidence = evidence_add(answer=answer, user=assessor, url=" https://wiki.example.org/规划?a=1#b ", title="")
    assert evidence.url == evidence.title == "https://wiki.example.org/规划?a=1#b"
    with pytest.raises(NotFoundError, match="no file to open"):
        evidence_file_open(organisation=answer.questionnaire.organisation, pk=evidence.pk)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://example.org",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "//example.org/x",
        "example.org",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/" + "a" * 500,
        "http://[::1",
    ],
)
def test_links_that_are_refused(answer: Answer, assessor: User, url: str) -> None:
    with pytest.raises(GovernError):
        evidence_add(answer=answer, user=assessor, url=url)
    assert not Evidence.objects.exists()


def test_one_of_file_and_link(answer: Answer, assessor: User) -> None:
    with pytest.raises(GovernError, match="either a file or a link"):
        evidence_add(answer=answer, user=assessor)
    with pytest.raises(GovernError, match="either a file or a link"):
        evidence_add(answer=answer, user=assessor, file=ContentFile(PDF, name="a.pdf"), url="https://example.org")


def test_at_most_twenty(answer: Answer, assessor: User) -> None:
    for n in range(20):
        evidence_add(answer=answer, user=assessor, url=f"https://example.org/{n}")
    with pytest.raises(GovernError, match="at most 20"):
        evidence_add(answer=answer, user=assessor, url="https://example.org/more")


def test_wrong_organisation(answer: Answer, assessor: User, outsider: User, other_organisation: Organisation) -> None:
    with pytest.raises(ForbiddenError):
        evidence_add(answer=answer, user=outsider, url="https://example.org")
    assert not Evidence.objects.exists()
    evidence = evidence_add(answer=answer, user=assessor, file=ContentFile(PDF, name="a.pdf"))
    for read in (evidence_get, evidence_file_open):
        with pytest.raises(NotFoundError):
            read(organisation=other_organisation, pk=evidence.pk)


def test_nothing_after_submitting(answer: Answer, assessor: User) -> None:
    questionnaire_submit(questionnaire=answer.questionnaire, user=assessor)
    with pytest.raises(ConflictError):
        evidence_add(answer=answer, user=assessor, url="https://example.org")


def test_a_file_that_is_gone_is_named(answer: Answer, assessor: User, home: Path) -> None:
    evidence = evidence_add(answer=answer, user=assessor, file=ContentFile(PDF, name="a.pdf"))
    stored(home)[0].unlink()
    with pytest.raises(NotFoundError, match=evidence.digest):
        evidence_file_open(organisation=answer.questionnaire.organisation, pk=evidence.pk)


def test_what_was_measured_is_kept_once_and_leaves_room_for_files(answer: Answer, assessor: User) -> None:
    for level in (3, 3, 4):
        evidence_measured(answer=answer, proposal={"level": level, "measures": {"en": "rows that pass", "zh": "行"}})
    kept = answer.evidence.filter(kind="measured")
    assert [(piece.title, piece.document["level"], piece.revision) for piece in kept] == [
        ("rows that pass", 3, 1),
        ("rows that pass", 4, 1),
    ]
    for number in range(20):
        evidence_add(answer=answer, user=assessor, url=f"https://example.org/{number}")
    with pytest.raises(GovernError, match="at most 20"):
        evidence_add(answer=answer, user=assessor, url="https://example.org/20")
    with pytest.raises(NotFoundError, match="no file to open"):
        evidence_file_open(organisation=answer.questionnaire.organisation, pk=kept[0].pk)
