"""What a snapshot tells of the passages around one."""

from pathlib import Path

from assistant.index.snapshot import Snapshot
from assistant.types import Passage
from tests.index.library import make_assistant, write


def test_the_passages_around_one_are_those_of_its_document_in_order(tmp_path: Path) -> None:
    lines = [f"第{number}段讲的是第{number}件事，说得很清楚，也很完整。" for number in range(6)]
    write(
        tmp_path / "texts",
        {"a.txt": "别的文本也有一段话，写在前面。\n", "b.txt": "\n\n".join(lines), "c.txt": "后面。\n"},
    )
    assistant = make_assistant(tmp_path)
    assistant.update()
    snapshot = Snapshot(tmp_path / "index", tmp_path / "texts")
    try:
        text = snapshot.document("b.txt").text
        everything = snapshot.around(Passage("b.txt", 0, 0), 9, 9)
        assert [text[p.start : p.end] for p in everything] == lines
        assert snapshot.around(everything[3], 1, 2) == everything[2:6]
        assert snapshot.around(everything[0], 5, 0) == everything[:1]
        assert snapshot.around(Passage("b.txt", 1, 2), 5, 5) == ()
    finally:
        snapshot.close()
