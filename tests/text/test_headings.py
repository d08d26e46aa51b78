import pytest

from assistant.text.headings import Path, is_salutation, is_short_line, recognise


@pytest.mark.parametrize(
    ("line", "style", "title"),
    [
        ("第一编　总则", "编", "第一编 总则"),
        ("第二分编 所有权", "分编", "第二分编 所有权"),
        ("第三章　耕地保护", "章", "第三章 耕地保护"),
        ("第十二章", "章", "第十二章"),
        ("第四节 一般规定", "节", "第四节 一般规定"),
        ("第一百二十条", "条", "第一百二十条"),
        ("第一編　總則", "编", "第一編 總則"),
        ("第二分編 所有權", "分编", "第二分編 所有權"),
        ("第三節 範圍", "节", "第三節 範圍"),
        ("第一百二十條", "条", "第一百二十條"),
        ("附錄二 圖表", "附件", "附錄二 圖表"),
        ("第2条 合同期限", "条", "第2条 合同期限"),
        ("一、2018年工作回顾", "一、", "一、2018年工作回顾"),
        ("十二、怎么报名？", "一、", "十二、怎么报名？"),
        ("（三）加强组织领导，落实责任", "（一）", "（三）加强组织领导，落实责任"),
        ("1.落实责任", "1.", "1.落实责任"),
        ("2、督查", "1.", "2、督查"),
        ("1.2 温度", "1.1", "1.2 温度"),
        ("（1）检查", "（1）", "（1）检查"),
        ("① 检查", "①", "① 检查"),
        ("Chapter 3", "chapter", "Chapter 3"),
        ("CHAPTER IV. The Store", "chapter", "CHAPTER IV. The Store"),
        ("Article 5", "article", "Article 5"),
        ("Section 2.1 Storage", "section", "Section 2.1 Storage"),
        ("1.2 Keeping Grain Dry", "1.1", "1.2 Keeping Grain Dry"),
        ("附件1：检查表", "附件", "附件1：检查表"),
    ],
)
def test_heading_lines(line: str, style: str, title: str):
    heading = recognise(line, 0, len(line))
    assert heading is not None
    assert (heading.style, heading.title, heading.inline) == (style, title, False)
    assert heading.span == (0, len(line))


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("一、保障粮食安全提高粮食产能。我们基层要牢记国之大者。", "一、保障粮食安全提高粮食产能"),
        ("（二）完善制度。要建立台账。", "（二）完善制度"),
        ("三、工作目标：到2025年建成一百个示范点。", "三、工作目标"),
        ("第十二条　国家实行占用耕地补偿制度。", "第十二条"),
        ("第十二條　建築物應當申請執照。", "第十二條"),
        ("第十一条【占补平衡】国家实行占用耕地补偿制度。", "第十一条【占补平衡】"),
        ("第五条为了规范管理，制定本办法。", "第五条"),
        ("Article 5. Everyone has the right to food.", "Article 5."),
    ],
)
def test_headings_that_begin_a_paragraph(line: str, title: str):
    heading = recognise(line, 0, len(line))
    assert heading is not None
    assert heading.title == title
    assert heading.inline
    assert line[slice(*heading.span)] == title


@pytest.mark.parametrize(
    "line",
    [
        "第十二条规定的情形除外。",
        "第三条和第四条不适用。",
        "第十二條規定的情形除外。",
        "第三條與第四條不適用。",
        "第三章规定了保护耕地的各项制度，并且明确了各级政府、各部门和各单位应当承担的法律责任。",
        "（一）擅自占用耕地的；",
        "1.5亿元用于储备。",
        "3.5%的增速",
        "2019年政府工作报告",
        "一般来说，这样不行。",
        "1. 2023年，我们在各地建成了一百个示范点，培训了三万名技术人员，发放了十万册资料；",
        "Article 5 of the treaty says so.",
        "Chapters follow.",
        "",
    ],
)
def test_what_is_no_heading(line: str):
    assert recognise(line, 0, len(line)) is None


@pytest.mark.parametrize(
    "line", ["国家安全工作主题教育心得体会", "值班手册", "怎样存粮？", "The Annual Report", "Storing grain"]
)
def test_short_lines_that_may_be_titles(line: str):
    assert is_short_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "各位代表：",
        "各位代表！",
        "尊敬的领导",
        "2024年3月1日",
        "（2018年3月17日通过）",
        "作者：张三",
        "- 项目",
        "正文。",
        "12345",
        "Dear Sir,",
        "It rains.",
        "https://example.com",
        "这一行实在太长了，长到没有人会把它当作标题来看待，它其实就是正文的一句话",
    ],
)
def test_short_lines_that_are_none(line: str):
    assert not is_short_line(line)


def test_salutations():
    assert is_salutation("各位代表！")
    assert is_salutation("Ladies and gentlemen,")
    assert not is_salutation("各位代表听取了报告。")


def path_of(*lines: str) -> tuple[str, ...]:
    path = Path()
    for line in lines:
        heading = recognise(line, 0, len(line))
        assert heading is not None
        path.push(heading)
        path.text()
    return path.titles


def test_what_is_attached_is_not_under_the_last_heading_of_a_notice():
    assert path_of("三、保障措施", "（一）经费", "附件1 物资清单") == ("附件1 物资清单",)
    assert path_of("附件1 物资清单", "一、工具") == ("附件1 物资清单", "一、工具")


def test_levels_nest_and_close():
    assert path_of("第一章 甲", "第一节 乙", "第一条 为了丙，制定本法。", "第二章 丁") == ("第二章 丁",)
    assert path_of("一、甲", "（一）乙", "1.丙", "（二）丁") == ("一、甲", "（二）丁")
    assert path_of("第一章 甲", "一、乙", "（一）丙", "二、丁") == ("第一章 甲", "二、丁")
    assert path_of("Chapter 1", "Section 1.1", "Article 2", "Section 1.2") == ("Chapter 1", "Section 1.2")


def test_closing_tells_which_headings_had_nothing_under_them():
    path = Path()
    first, second = (recognise(line, 0, len(line)) for line in ("一、甲", "二、乙"))
    assert first is not None
    assert second is not None
    assert path.push(first) == []
    assert path.push(second) == [(first, ())]
    path.text()
    assert path.close() == []
