"""Versions of one document from other years are shown together, the newest first; other documents are not."""

from pathlib import Path

import pytest

from assistant.types import Answer
from tests.index.library import make_assistant, write

OLD = "服务站的开放时间为周一至周五，周六、周日休息。"
NEW = "服务站的开放时间改为周一至周五和周六上午，周日休息。"


def ask(tmp_path: Path, texts: dict[str, str], question: str) -> Answer:
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    return assistant.ask(question)


def test_both_versions_are_shown_the_newest_first(tmp_path: Path) -> None:
    texts = {"石桥村服务站管理办法（2023年）.txt": OLD, "石桥村服务站指南（2025年版）.txt": NEW}
    answer = ask(tmp_path, texts, "服务站周六休息吗？")
    assert [sentence.text for sentence in answer.sentences[:2]] == [NEW, OLD]


@pytest.mark.parametrize(
    ("names", "question"),
    [
        (("石桥村服务站办法（2023年）.txt", "柳河镇服务站办法（2025年）.txt"), "服务站周六休息吗？"),  # another place
        (("石桥村服务站办法（2023年）.txt", "石桥村养老院章程（2025年）.txt"), "服务站周六休息吗？"),  # another text
        (
            ("石桥村服务站办法（2023年）.txt", "石桥村服务站办法（2025年）.txt"),
            "2023年服务站周六休息吗？",
        ),  # says which
    ],
)
def test_what_is_no_other_version_does_not_come_first(tmp_path: Path, names: tuple[str, str], question: str) -> None:
    answer = ask(tmp_path, dict(zip(names, (OLD, NEW), strict=True)), question)
    assert answer.sentences[0].text == OLD


@pytest.mark.parametrize(("names", "first"), [(("服务站", "服务站"), 0), (("服务站2023年", "服务站2025年"), 1)])
def test_texts_of_one_title_are_versions_where_a_name_has_a_year(
    tmp_path: Path, names: tuple[str, str], first: int
) -> None:
    texts = {
        f"甲/{names[0]}.txt": f"服务站\n\n2023年3月1日印发\n\n{OLD}",
        f"乙/{names[1]}.txt": f"服务站\n\n2025年3月1日印发\n\n{NEW}",
    }
    assert ask(tmp_path, texts, "服务站周六休息吗？").sentences[0].text == (OLD, NEW)[first]


def test_of_equal_sentences_the_newest_is_shown(tmp_path: Path) -> None:
    texts = {"通知2019年.txt": "涉密文件不得带回家中。", "规定2024年.txt": "涉密文件不得带回家中。"}
    answer = ask(tmp_path, texts, "涉密文件能带回家吗？")
    assert answer.citations[0].document == "规定2024年.txt"
    other = ask(tmp_path / "other", {**texts, "规定2024年.txt": "公文按月装订。"}, "涉密文件能带回家吗？")
    assert other.citations[0].document == "通知2019年.txt"


def test_nothing_is_marked_in_a_document_of_another_year(tmp_path: Path) -> None:
    text = "计划招生1500人。"
    other = ask(tmp_path / "other", {"章程2024年.txt": text}, "2023年计划招生多少人？")
    same = ask(tmp_path / "same", {"章程2023年.txt": text}, "2023年计划招生多少人？")
    assert not other.citations[0].answers
    assert same.citations[0].answers
