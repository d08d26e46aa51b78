"""200 damaged files of every format: no crash of this process, no wrong quote, no lost document."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.readers.worker import Limits, Reader
from tests.index.library import TEXTS, make_assistant, write
from tests.readers.mutations import mutations
from tests.readers.oracle import assert_consistent, assert_told
from tests.readers.samples import SAMPLES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the limits of the system are those of POSIX")

COUNT = 200
IN_A_LIBRARY = 4
LIMITS = Limits(memory_bytes=500_000_000, seconds=10, characters=1_000_000)


@pytest.mark.parametrize("suffix", SAMPLES)
def test_a_damaged_file_is_read_or_told(suffix: str, tmp_path: Path) -> None:
    whole = SAMPLES[suffix]()
    assert whole == SAMPLES[suffix](), "a file that differs every time cannot be tried again"
    path, name = tmp_path / f"文件.{suffix}", f"子/文件.{suffix}"
    outcomes: Counter[str] = Counter()
    with Reader(LIMITS) as reader:
        path.write_bytes(whole)
        sound = reader.read(path, name)
        assert_consistent(sound, name)
        assert sound.problems == ()
        for number, data in enumerate(mutations(whole, seed=3, count=COUNT)):
            path.write_bytes(data)
            try:
                reading = reader.read(path, name)
                assert_consistent(reading, name, characters=LIMITS.characters)
                outcomes["same" if list(reading.documents) == list(sound.documents) else "other"] += 1
            except ReadError as error:
                assert_told(error, name)
                outcomes["refused"] += 1
            except AssertionError as error:
                raise AssertionError(f"mutation {number} of {suffix}: {error}") from error
        path.write_bytes(whole)
        assert list(reader.read(path, name).documents) == list(sound.documents), "it read wrong after damaged files"
    # Else the damage never reached what is read, or nothing got past the door.
    assert outcomes["other"] >= 8, outcomes
    assert outcomes["refused"] >= 10, outcomes


def test_a_library_of_damaged_files_keeps_the_others(tmp_path: Path) -> None:
    """One update over some of each format: every other document is there, and every quote equals its span."""
    library = tmp_path / "texts"
    write(library, TEXTS)
    damaged = library / "坏"
    damaged.mkdir()
    for suffix, sample in SAMPLES.items():
        for number, data in enumerate(mutations(sample(), seed=5, count=IN_A_LIBRARY)):
            (damaged / f"{number}.{suffix}").write_bytes(data)
        (library / f"好.{suffix}").write_bytes(sample())
    assistant = make_assistant(tmp_path)
    report = assistant.update()
    indexed = {document.id for document in assistant.documents()}
    assert set(TEXTS) | {f"好.{suffix}" for suffix in SAMPLES if suffix != "jsonl"} <= indexed
    assert {f"好.jsonl#{name}" for name in range(3)} <= indexed
    told = {problem.path for problem in report.problems}
    files = {f"坏/{number}.{suffix}" for suffix in SAMPLES for number in range(IN_A_LIBRARY)}
    assert files == {name.partition("#")[0] for name in told | indexed if name.startswith("坏/")}
    assert files & told
    assert not {name for name in told if not name.startswith("坏/")}
    citations = 0
    for question in (
        "粮食自给率要达到多少？",
        "防汛工作由谁负责？",
        "沙袋有多少条？",
        "When does the library close?",
        "张三多少岁？",
    ):
        answer = assistant.ask(question)
        assert answer.hits
        for hit in answer.hits:
            text = assistant.document(hit.passage.document).text
            assert 0 <= hit.passage.start < hit.passage.end <= len(text)
        for citation in answer.citations:
            assert assistant.document(citation.document).text[citation.start : citation.end] == citation.quote
            citations += 1
    assert citations
    assert not assistant.update().changed, "damaged files change nothing when they are read again"
    assistant.close()
