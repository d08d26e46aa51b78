import pytest

from assistant.citing.sources import SourceFacts, facts
from assistant.readers.reading import make_document

CODE = (
    "中华人民共和国民法典\n（2020年5月28日第十三届全国人民代表大会第三次会议通过）\n目录\n第一编 总则\n"
    "第一条 为了保护民事主体的合法权益，制定本法。\n第二条 民法调整民事关系。\n第二条的规定适用于本编。\n"
    "第一千二百六十条 本法自2021年1月1日起施行。\n"
)
NOTICE = (
    "某省人民政府办公厅关于印发《某省防汛预案》的通知\n某政办发〔2021〕12号\n各市人民政府：\n现印发给你们。\n"
    "某省人民政府办公厅\n二〇二一年六月十日\n（此件公开发布）\n某省防汛预案\n一、总则\n"
)


def told(title: str, text: str, name: str = "a.txt") -> SourceFacts:
    return facts(make_document(name, title, text))


@pytest.mark.parametrize(
    ("title", "text", "kind", "authors", "number", "date", "effective"),
    [
        ("中华人民共和国民法典", CODE, "statute", ("全国人民代表大会",), "", "2020-05-28", "2021-01-01"),
        (
            "安全生产法",
            "安全生产法\n（2002年6月29日第九届全国人民代表大会常务委员会第二十八次会议通过　根据2021年6月10日第十三届"
            "全国人民代表大会常务委员会第二十九次会议《关于修改〈安全生产法〉的决定》第三次修正）\n",
            "statute",
            ("全国人民代表大会常务委员会",),
            "",
            "2021-06-10",
            "",
        ),
        (
            "北京市生活垃圾管理条例",
            "北京市生活垃圾管理条例\n（2011年11月18日北京市第十三届人民代表大会常务委员会第二十八次会议通过）\n",
            "statute",
            ("北京市人民代表大会常务委员会",),
            "",
            "2011-11-18",
            "",
        ),
        (
            "某省人民政府办公厅关于印发《某省防汛预案》的通知",
            NOTICE,
            "paper",
            ("某省人民政府办公厅",),
            "某政办发〔2021〕12号",
            "2021-06-10",
            "",
        ),
        (
            "专利代理条例",
            "索引号：0001；主题分类：科技。\n\n发文机关：国务院；成文日期：2018年11月06日。\n\n发文字号：国令第706号；发布日期："
            "2018年11月19日。\n\n第三十二条　本条例自2019年3月1日起施行。\n",
            "statute",
            ("国务院",),
            "国令第706号",
            "2018-11-06",
            "2019-03-01",
        ),
        (
            "党政机关公文格式",
            "GB/T 9704—2012\n党政机关公文格式\n2012-06-29发布\n国家质量监督检验检疫总局　国家标准化管理委员会　发布\n",
            "standard",
            ("国家质量监督检验检疫总局", "国家标准化管理委员会"),
            "GB/T 9704—2012",
            "2012-06-29",
            "",
        ),
        (
            "2025年某省政府工作报告",
            "2025年某省政府工作报告\n\n2025年1月18日在某省第十四届人民代表大会第三次会议上\n\n省长　王小凯\n\n"
            "各位代表：\n",
            "report",
            ("王小凯",),
            "",
            "2025-01-18",
            "",
        ),
        (
            "民事判决书",
            "某市第一中级人民法院\n民事判决书\n（2021）某01民终10023号\n上诉人：张三\n",
            "other",
            ("某市第一中级人民法院",),
            "（2021）某01民终10023号",
            "",
            "",
        ),
        (
            "值班管理办法",
            "值班管理办法\n（本文为示例。2023年2月20日村民代表会议通过）\n第一条 值班。\n"
            "本办法自2023年3月1日起施行。\n",
            "statute",
            (),
            "",
            "2023-02-20",
            "2023-03-01",
        ),
        (
            "Remote Work Policy",
            "Remote Work Policy\nIssued by: Human Resources\nDate: 5 May 2023\nDocument No.: HR-7\n\n1. Scope\n",
            "statute",
            ("Human Resources",),
            "HR-7",
            "2023-05-05",
            "",
        ),
        (
            "Rules for Readers",
            "Rules for Readers\n\nThese rules were adopted on March 4, 2024 and are in force from 1 April 2024.\n",
            "statute",
            (),
            "",
            "2024-03-04",
            "2024-04-01",
        ),
    ],
)
def test_what_a_text_says_of_itself(
    title: str, text: str, kind: str, authors: tuple[str, ...], number: str, date: str, effective: str
) -> None:
    found = told(title, text)
    assert (found.kind, found.authors, found.number, found.date, found.effective) == (
        kind,
        authors,
        number,
        date,
        effective,
    )


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "民法典入门",
            "民法典入门\n\n《中华人民共和国民法典》于2020年5月28日由第十三届全国人民代表大会第三次会议通过，自2021年1月1日"
            "起施行。\n",
        ),
        ("学习体会", "学习体会\n\n根据国发〔2021〕3号文件的要求，2021年5月1日全所学习了安全生产法。\n来源：某日报\n"),
        ("An essay", "An essay\n\nThe Act was adopted on 4 May 2020 and issued by the council: nobody read it.\n"),
        ("", ""),
        ("《》", "\x00\ufffd" * 50),
    ],
)
def test_what_is_said_of_other_texts_is_none_of_its_own(title: str, text: str) -> None:
    found = told(title, text)
    assert (found.authors, found.number, found.date, found.effective, found.publisher) == ((), "", "", "", "")


def test_a_book() -> None:
    found = told("《活着》", "活着\n作者：余华\n北京：作家出版社，2012年8月\nISBN 978-7-5063-6543-7\n")
    assert (found.title, found.kind, found.authors) == ("活着", "book", ("余华",))
    assert (found.place, found.publisher, found.date) == ("北京", "作家出版社", "2012")


def test_the_year_of_a_title_or_file_name_is_told_apart() -> None:
    assert told("工作要点", "正文", "2023年工作要点.txt").year == "2023"
    assert told("工作要点", "正文", "2023年工作要点.txt").date == ""


def test_the_articles_of_a_statute() -> None:
    found = told("中华人民共和国民法典", CODE)
    assert found.article(0) == ""
    assert found.article(CODE.index("民事主体")) == "第一条"
    assert found.article(CODE.index("适用于本编")) == "第二条"
    assert found.article(len(CODE)) == "第一千二百六十条"


def test_a_document_that_is_one_article() -> None:
    found = told("中华人民共和国民法典 第五百七十七条", "当事人一方不履行合同义务的，应当承担违约责任。")
    assert (found.title, found.article(3), found.kind) == ("中华人民共和国民法典", "第五百七十七条", "statute")


@pytest.mark.parametrize(
    "text", ["（" * 5000, "2021年1月1日" * 3000, "甲院 " * 4000, "第一条\n" * 50_000, "省长" * 9000]
)
def test_no_text_keeps_it_busy(text: str) -> None:
    assert told("标题", text).title == "标题"
