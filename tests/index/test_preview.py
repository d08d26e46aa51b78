"""A preview says what an update then does, and writes nothing."""

from pathlib import Path

import pytest

from assistant.errors import LibraryError
from assistant.types import PassageChanges, Preview, UpdateReport
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, write


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(tmp_path / "texts", TEXTS)
    return tmp_path / "texts"


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def agrees(preview: Preview, report: UpdateReport) -> None:
    """The update did what the preview said."""
    said = (len(preview.added), len(preview.edited), len(preview.removed), len(preview.renamed), preview.passages)
    assert said == (report.added, report.edited, report.removed, report.renamed, report.passages_changed)
    assert preview.windows == report.embedded
    assert preview.problems == report.problems


def test_of_a_library_that_was_never_indexed(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    preview = assistant.preview()
    assert set(preview.added) == set(TEXTS)
    assert preview.passages.added > 3
    assert preview.seconds is not None
    assert preview
    assert not (tmp_path / "index").exists()
    agrees(preview, assistant.update())


def test_of_every_kind_of_change(tmp_path: Path, library: Path) -> None:
    write(library, {"旧.txt": "旧的规定\n\n" + "第一条不再适用。\n\n第二条仍然适用。\n"})
    assistant = make_assistant(tmp_path)
    assistant.update()
    assert not assistant.preview()
    assert assistant.preview() == Preview((), (), (), (), PassageChanges(), 0, 0.0)

    before = state(tmp_path / "index")
    write(
        library,
        {
            "粮食.txt": TEXTS["粮食.txt"].replace("100%", "95%"),
            "新.txt": "新的安排\n\n今天上午在会议室开会讨论预算。\n\n明天下午休会，后天再继续讨论。\n",
        },
    )
    (library / "旧.txt").unlink()
    (library / "safety.txt").rename(library / "drills.txt")
    (library / "坏.docx").write_bytes(b"no")
    preview = make_assistant(tmp_path).preview()
    assert preview.added == ("新.txt",)
    assert preview.edited == ("粮食.txt",)
    assert preview.removed == ("旧.txt",)
    assert preview.renamed == ("drills.txt",)
    assert preview.passages == PassageChanges(added=2, changed=1, removed=2)
    assert preview.windows == 3
    assert [problem.path for problem in preview.problems] == ["坏.docx"]
    assert state(tmp_path / "index") == before
    agrees(preview, assistant.update())


def test_of_another_model(tmp_path: Path, library: Path) -> None:
    make_assistant(tmp_path).update()
    other = make_assistant(tmp_path, FakeEmbedder(name="other", fingerprint="other"), model="other")
    preview = other.preview()
    assert (preview.added, preview.edited, preview.removed) == ((), (), ())
    assert preview.windows == other.status().windows
    agrees(preview, other.update())
    # The first model's vectors are still there.
    assert make_assistant(tmp_path).preview().windows == 0


def test_of_a_missing_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="does not exist"):
        make_assistant(tmp_path).preview()


def test_identical_texts_are_counted_once(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    assistant.update()
    write(library, {"副本/粮食.txt": TEXTS["粮食.txt"]})
    preview = assistant.preview()
    assert preview.added == ("副本/粮食.txt",)
    assert preview.windows == 0
    agrees(preview, assistant.update())
