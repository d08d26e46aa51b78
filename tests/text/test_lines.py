from assistant.text.lines import joins, lines


def joined(text: str) -> list[bool]:
    return joins(text, lines(text))


def test_a_chinese_paragraph_a_line_is_not_wrapped():
    assert joined("要坚持安全第一、预防为主的方针不动摇，落实责任。\n要加强检查。\n要总结经验，推广好的做法。") == [
        False,
        False,
    ]


def test_lines_of_equal_length_that_break_in_mid_sentence_are_wrapped():
    text = "\n".join(["国家安全是民族复兴的根基社会稳定是国家强盛的前提"] * 4)
    assert joined(text) == [True, True, True]


def test_lines_of_equal_length_that_are_sentences_are_not():
    text = "\n".join(["国家安全是民族复兴的根基社会稳定是国家强盛前提。"] * 4)
    assert joined(text) == [False, False, False]


def test_an_indented_line_begins_a_paragraph():
    line = "国家安全是民族复兴的根基社会稳定是国家强盛的前提必须坚定"
    assert joined(f"　　{line[:-2]}\n{line}\n短尾。\n　　{line[:-2]}\n{line}\n短尾。") == [
        True,
        True,
        False,
        True,
        True,
    ]


def test_english_at_seventy_columns():
    text = (
        "The quick brown fox jumps over the lazy dog and then it runs away from\n"
        "the house, because the dog has woken up and is barking at everything\n"
        "that moves.\n"
        "- an item\n"
        "- another item\n\n"
        "A new paragraph begins after a blank line and is wrapped as well, just\n"
        "like the first."
    )
    assert joined(text) == [True, True, False, False, False, True]


def test_verse_and_short_lists_are_not_wrapped():
    assert joined("床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。") == [False, False, False]
    assert joined("Apples\nPears\nPlums") == [False, False]


def test_all_line_breaks_are_seen_and_blank_lines_noted():
    found = lines("甲\r\n乙\r丙\u2028丁\n \u3000\n戊")
    assert [line.after_blank for line in found] == [False, False, False, False, True]
