"""What `make fuzz` counts as a finding, and what it found."""

from __future__ import annotations

import io
import zipfile

import pytest

from assistant.errors import ReadError
from assistant.readers import docx, jsonl
from assistant.readers.reading import Reading, make_document
from tests.fuzz.readers import FORMATS
from tests.fuzz.target import examined, is_finding
from tests.readers.cases import with_part
from tests.readers.mutations import mutations
from tests.readers.samples import SAMPLES

# Format and content of what was found and mended.
FOUND = [
    ("csv", "甲,\n丙,\n丁,\n".encode()),  # only titles over the whole width, no row
    ("csv", "姓,名\n\n\n\x01,\n姓,名\n张,三\n".encode()),  # a title of nothing but a control character
    ("md", b" " + b"\xff" * 91),  # no-break spaces in a code page of DOS: no text
    ("md", b"---\ntitle:" + b"\r" * 20 + "防汛\n---\n# \n\n文字。".encode()),  # line breaks of old Macs in a title
    ("xlsx", with_part(SAMPLES["xlsx"](), "xl/worksheets/sheet1.xml", b"<worksheet></sheet" + b"\x0c" * 900 + b">")),
    ("txt", "\u2028\x85\xa0".encode()),
]


def outcome(suffix: str, data: bytes) -> BaseException | None:
    try:
        examined(suffix)(data)
    except Exception as error:  # noqa: BLE001  as the fuzzing does
        return error if is_finding(error, suffix) else None
    return None


@pytest.mark.parametrize("suffix", FORMATS)
def test_valid_and_damaged_files_are_no_findings(suffix: str) -> None:
    sample = SAMPLES[suffix]()
    for data in (sample, *mutations(sample, seed=11, count=20)):
        assert outcome(suffix, data) is None


@pytest.mark.parametrize(("suffix", "data"), FOUND)
def test_what_was_found_is_mended(suffix: str, data: bytes) -> None:
    assert outcome(suffix, data) is None


LIES = [
    lambda: Reading((make_document("子/文件.jsonl", "题", " "),)),
    lambda: Reading((make_document("子/文件.jsonl", "题", "字", pages=(2,)),)),
    lambda: Reading((make_document("子/文件.jsonl", "", "字"),)),
    lambda: Reading((make_document("别的.jsonl", "题", "字"),)),
    lambda: Reading(()),
    lambda: Reading((make_document("子/文件.jsonl", "题", "字"),) * 2),
]


@pytest.mark.parametrize("number", range(len(LIES)))
def test_a_reading_that_cannot_be_right_is_a_finding(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "read", lambda data, document_id: LIES[number]())
    assert isinstance(outcome("jsonl", b"x"), AssertionError)


@pytest.mark.parametrize(
    "message", ["damaged. Copy it again.", "子/文件.jsonl is odd.", "子/文件.jsonl is odd" + "!" * 900 + " Remove it."]
)
def test_an_error_that_does_not_help_is_a_finding(message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes, document_id: str) -> Reading:
        raise ReadError(message)

    monkeypatch.setattr(jsonl, "read", fail)
    assert isinstance(outcome("jsonl", b"x"), AssertionError)


def test_what_a_library_raises_is_a_finding_only_where_the_reader_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes, document_id: str) -> Reading:
        zipfile.ZipFile(io.BytesIO(b"no archive"))
        raise AssertionError

    for module, suffix in ((docx, "docx"), (jsonl, "jsonl")):
        monkeypatch.setattr(module, "read", fail)
        assert (outcome(suffix, b"x") is None) == (suffix == "docx")


def test_what_our_code_raises_is_a_finding_in_every_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "_Writer", None)  # so that calling it raises in docx.py
    monkeypatch.setattr(docx.archive, "reading", lambda *_: io.BytesIO())
    assert isinstance(outcome("docx", SAMPLES["docx"]()), TypeError)
