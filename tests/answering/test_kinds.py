"""What kind of answer is asked for, and whether a sentence has one."""

import pytest

from assistant.answering.kinds import agreement, lacks


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("《保密法》是哪一年公布的？", "该法于一九八八年公布。", 1.0),
        ("《保密法》是哪一年公布的？", "组织学习《保密法》和配套法规。", -1.0),
        ("软枝黄蝉的盛花期是什么时候？", "盛花期为夏季。", 1.0),
        ("国务院安委会提出了多少条措施？", "贯彻15条硬措施。", 1.0),
        ("全镇有多少户？", "进一步做好工作。", -1.0),  # 一 in 进一步 is no number
        ("戈登出生在哪里？", "他生于印第安纳州。", 1.0),
        ("为什么要轮作？", "由于地力下降。", 1.0),
        ("保密工作怎么做？", "加强教育。", 0.0),
        ("When did the war end?", "It ended in 1945.", 1.0),
        ("How many members are there?", "There are twelve of them, all women, and two dogs.", 1.0),
        ("What does it mean when currencies float?", "They rise and fall.", 0.0),
    ],
)
def test_agreement(question: str, sentence: str, expected: float) -> None:
    assert agreement(question, sentence) == expected


def test_only_dates_and_numbers_are_missed() -> None:
    assert lacks("《保密法》是哪一年公布的？", "组织学习《保密法》。")
    assert lacks("How many members are there?", "The committee meets often.")
    assert not lacks("戈登出生在哪里？", "他生于印第安纳波利斯。")
    assert not lacks("保密工作怎么做？", "加强教育。")
