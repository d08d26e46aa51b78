"""What an older version read in the wrong encoding is read again by the first update of this one."""

from pathlib import Path

import pytest

from assistant.index import cutting
from assistant.readers import reading
from assistant.readers.encoding import Decoded
from tests.index.library import make_assistant, write

RULES = "Rules\n\nReplacing a lost card costs £2.\n"
HOURS = "Hours\n\nThe library opens at nine.\n"


def test_a_text_read_in_the_wrong_encoding_is_mended_without_being_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "texts", {"rules.txt": RULES, "hours.txt": HOURS})
    with monkeypatch.context() as older:
        older.setattr(cutting, "SPLIT_VERSION", "2")
        older.setattr(reading, "decode", lambda data, name: Decoded(data.decode("gb18030"), "gb18030"))
        make_assistant(tmp_path).update()
        assert "拢2" in make_assistant(tmp_path).document("rules.txt").text
    report = make_assistant(tmp_path).update()
    document = make_assistant(tmp_path).document("rules.txt")
    assert (document.text, document.encoding) == (RULES, "utf-8")
    assert 0 < report.embedded < report.windows  # the other text's vectors are kept
    assert not make_assistant(tmp_path).update().changed
