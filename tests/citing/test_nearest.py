import pytest

from assistant.citing.nearest import Sought, alike, nearest, occurrences

TEXT = (
    "某村便民服务站管理办法\n\n第一章 总则\n\n第一条 为了方便村民办事，制定本办法。\n"
    "第二条 服务站由村民委员会设立，站长对日常管理负责。\n\n第二章 开放与值班\n\n"
    "第四条 服务站的开放时间为周一至周五8:30至17:00，周六、周日休息。\n"
    "第五条 每个工作日至少有2人值班。值班人员离开30分钟以上的，应当在门口挂牌说明去向。\n"
    "第六条 遇到台风、暴雨等恶劣天气，由站长决定临时关闭，并在村民微信群里提前通知。\n\n"
    "Every building holds a fire drill twice a year. The safety officer keeps the records for 3.5 years.\n"
)


def sought(quote: str, near: int = 0) -> Sought:
    return Sought(quote, near, lambda candidate: False, lambda place: 0.0)


def found(text: str, quote: str, near: int = 0) -> str | None:
    (near_one,) = nearest(text, [sought(quote, near)])
    return None if near_one is None else text[near_one.start : near_one.end]


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("每个工作日至少有3人值班。", "第五条 每个工作日至少有2人值班。"),
        ("值班人员离开15分钟以上的，应当在门口挂牌。", "值班人员离开30分钟以上的，应当在门口挂牌说明去向。"),
        ("由站长决定临时关闭，并提前通知村民。", "由站长决定临时关闭，并在村民微信群里提前通知。"),
        ("为了方便群众办事，特制定本办法。", "第一条 为了方便村民办事，制定本办法。"),
        ("Every building holds a fire drill once a month.", "Every building holds a fire drill twice a year."),
        ("The safety officer keeps all records for 5 years.", "The safety officer keeps the records for 3.5 years."),
        ("会议室每小时收费五十元。", None),
        ("Dogs must be kept on a lead at all times.", None),
        ("", None),
        ("……", None),
    ],
)
def test_the_sentence_that_stands_for_a_quote(quote: str, stands: str | None) -> None:
    assert found(TEXT, quote) == stands


def test_several_sentences_become_several() -> None:
    quote = "每个工作日至少有1人值班。值班人员离开30分钟以上的，要在门口挂牌说明去向。"
    place = found(TEXT, quote)
    assert place is not None
    assert place.endswith("去向。")
    assert "2人值班" in place


def test_of_two_that_are_as_near_the_one_at_its_place_counts() -> None:
    filler = "\n".join(f"其他内容的第{number}行，说的是别的事。" for number in range(400))
    text = f"第三条 违反的，处200元罚款。\n{filler}\n第九条 违反的，处900元罚款。\n"
    (late,) = nearest(text, [sought("第七条 违反的，处500元罚款。", len(text) - 20)])
    (early,) = nearest(text, [sought("第七条 违反的，处500元罚款。", 5)])
    assert late is not None
    assert early is not None
    assert text[late.start : late.end] == "第九条 违反的，处900元罚款。"
    assert text[early.start : early.end] == "第三条 违反的，处200元罚款。"


def test_a_sentence_known_to_be_another_does_not_stand_for_a_quote() -> None:
    other = "第五条 每个工作日至少有2人值班。"
    (place,) = nearest(TEXT, [Sought("每个工作日至少有3人值班。", 0, lambda text: text == other, lambda _: 0.0)])
    assert place is None or TEXT[place.start : place.end] != other


def test_a_far_place_in_a_long_text_is_found() -> None:
    filler = "\n".join(f"第{number}件事的记录在这里，一切照旧办理。" for number in range(120_000))
    late = len(filler) - 1_000
    text = filler[:late] + "\n涉密人员上岗前应当签订保密承诺书。\n" + filler[late:]
    assert len(text) > 2_000_000
    assert found(text, "涉密人员上岗前必须签订保密承诺书。") == "涉密人员上岗前应当签订保密承诺书。"


@pytest.mark.parametrize(
    ("text", "quote", "near", "places"),
    [
        ("甲乙甲乙甲", "甲", 2, (0, 2, 4)),
        ("甲甲甲", "甲甲", 1, (0, 1)),
        ("甲乙", "丙", 0, ()),
        ("甲乙", "", 0, ()),
        ("乙甲", "甲", 99, (1,)),
    ],
)
def test_where_a_quote_occurs(text: str, quote: str, near: int, places: tuple[int, ...]) -> None:
    assert occurrences(text, quote, near) == places


def test_of_very_many_places_those_around_are_looked_at() -> None:
    text = "是。" * 100_000
    places = occurrences(text, "是。", 100_000)
    assert len(places) < 1_000
    assert 100_000 in places


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("三十日内答复", "六十日内答复", 0.6, 0.95),
        ("完全相同。", "完全相同", 1.0, 1.0),
        ("毫不相干", "另有所指", 0.0, 0.0),
        ("twice a year", "Twice a  year", 1.0, 1.0),
        ("——", "——", 1.0, 1.0),
        ("——", "……", 0.0, 0.0),
    ],
)
def test_likeness(one: str, other: str, least: float, most: float) -> None:
    assert least <= alike(one, other) <= most
