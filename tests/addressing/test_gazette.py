"""Places in texts as they are published: attached measures, short names, judgments, attachments, odd numbers."""

from pathlib import Path

import pytest

from assistant.addressing.resolve import Address, resolve
from assistant.addressing.short_names import short_for
from assistant.addressing.subjects import subject
from assistant.assistant import Assistant
from tests.addressing.gazette import TEXTS
from tests.index.library import make_assistant, write

NOTICE = "《云州市人民政府关于印发〈云州市住房公积金提取管理办法〉的通知》"
BICYCLES = "《云州市电动自行车管理条例》"
CASE, APPEAL = "(2023)云0105民初2871号", "（2022）云01刑终156号"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    tmp_path = tmp_path_factory.mktemp("gazette")
    write(tmp_path / "texts", TEXTS)
    made = make_assistant(tmp_path)
    made.update()
    return made


def address(assistant: Assistant, question: str) -> Address:
    return resolve(assistant.snapshot(), question)


@pytest.mark.parametrize(
    ("question", "place", "sentences"),
    [
        (
            "《云州市住房公积金提取管理办法》第六条",
            f"{NOTICE} › 第六条",
            ["第六条 提取申请自受理之日起3个工作日内办结。", "第六条 提取申请自受理之日起5个工作日内办结。"],
        ),
        (
            "《云州市住房公积金提取管理办法（2019）》第六条",
            f"{NOTICE} › 第六条",
            ["第六条 提取申请自受理之日起5个工作日内办结。"],
        ),
        (
            "《云州市住房公积金提取管理办法》（2019年）第六条怎么规定",
            f"{NOTICE} › 第六条",
            ["第六条 提取申请自受理之日起5个工作日内办结。"],
        ),
        (
            "2024年的《云州市住房公积金提取管理办法》第六条",
            f"{NOTICE} › 第六条",
            ["第六条 提取申请自受理之日起3个工作日内办结。"],
        ),
        (
            "公积金提取办法2019版第六条",
            f"{NOTICE} › 第六条",
            ["第六条 提取申请自受理之日起5个工作日内办结。"],
        ),
        (
            "请问云州的公积金提取办法第四条",
            f"{NOTICE} › 第四条",
            ["第四条 租房提取每年不超过18000元。", "第四条 租房提取每年不超过12000元。"],
        ),
        (
            "云海大学招生章程第十一条",
            "《云海大学2024年普通本科招生章程》 › 第十一条",
            ["第十一条 外语专业只招收英语语种考生。"],
        ),
        (
            "条例第二章讲什么",
            f"{BICYCLES} › 第二章 罚则",
            [
                "第二章 罚则",
                "第十三条 驾驶人不戴安全头盔的，处二十元罚款。",
                "第十四条 违反规定在楼道内充电的，对单位处五千元以上一万元以下罚款，对个人处五百元罚款。",
                "第十五条 本条例自2022年12月1日起施行。",
            ],
        ),
        (f"{BICYCLES}最后一条", f"{BICYCLES} › 第十五条", ["第十五条 本条例自2022年12月1日起施行。"]),
        (f"{BICYCLES}有几条？", f"{BICYCLES} › 第十五条", ["第十五条 本条例自2022年12月1日起施行。"]),
        (
            f"{BICYCLES}第一章的倒数第二条",
            f"{BICYCLES} › 第一条",
            ["第一条 为加强电动自行车管理，制定本条例。"],
        ),
        ("《云州机械厂考勤办法》第二条", "《云州机械厂考勤办法》 › 第二条", ["第二条 迟到三次记过一次。"]),
        (
            "《云州机械厂食堂就餐守则》最后一条",  # its title is two lines of a collection
            "《云州机械厂食堂就餐守则》 › 第二条",
            ["第二条 餐具自行送回。"],
        ),
        (
            f"{CASE}的原告是谁",
            "《云州市云东区人民法院》 › 原告",
            ["原告：陈小雨，女，1990年5月2日出生，住云州市云东区。"],
        ),
        (f"{APPEAL}的审判长是谁？", "《云州市中级人民法院》 › 审判长", ["审判长 赵刚"]),
        (f"{APPEAL}判决结果", "《云州市中级人民法院》 › 裁定如下", ["裁定如下：", "驳回上诉，维持原判。"]),
        (
            f"{CASE}怎么判的",
            "《云州市云东区人民法院》 › 判决如下",
            [
                "判决如下：",
                "- 一、被告云州蓝天装饰有限公司于本判决生效之日起十日内支付原告陈小雨违约金12000元；",
                "- 二、驳回原告陈小雨的其他诉讼请求。",
                "案件受理费400元，由被告负担。",
            ],
        ),
        (
            "云水发〔2023〕21号的保障措施有哪些",
            "《关于加强防汛工作的实施意见》 › 三、保障措施",
            ["三、保障措施", "落实值班制度。"],
        ),
        (
            "《建築管理條例》第一编第一章第二节",
            "《建築管理條例》 › 第二節 範圍",
            ["第二節 範圍", "第三條 臨時建築不適用本條例。"],
        ),
    ],
)
def test_a_place_is_answered_by_its_own_text(
    assistant: Assistant, question: str, place: str, sentences: list[str]
) -> None:
    answer = assistant.ask(question)
    assert answer.refusal is None
    assert answer.places == (place,)
    assert ["- " * sentence.item + sentence.text for sentence in answer.sentences] == sentences
    assert answer.confidence == 1


def test_attachments_without_a_number_are_all_attachments(assistant: Assistant) -> None:
    answer = assistant.ask("云水发〔2023〕21号的附件")
    assert [place.rpartition(" › ")[2] for place in answer.places] == ["附件1 防汛物资清单", "附件2 值班电话表"]
    assert len(answer.sentences) == 4


def test_how_many_chapters_is_answered_by_their_headings(assistant: Assistant) -> None:
    answer = assistant.ask(f"{BICYCLES}共几章")
    assert [sentence.text for sentence in answer.sentences] == ["第一章 总则", "第二章 罚则"]
    assert not address(assistant, "中国有几条铁路").parts


def test_a_range_ends_where_the_document_does(assistant: Assistant) -> None:
    answer = assistant.ask(f"{BICYCLES}第一条至第一百万条")
    assert len(answer.places) == len(answer.sentences) == 5


@pytest.mark.parametrize(
    ("asked", "label"), [("第零条", "第零条"), ("第-1条", "第-1条"), ("第12345条", "第12345条"), ("第1.5条", "第1.5条")]
)
def test_a_number_that_no_article_can_have_is_refused_by_it(assistant: Assistant, asked: str, label: str) -> None:
    refusal = assistant.ask(f"{BICYCLES}{asked}").refusal
    assert refusal is not None
    assert refusal.reason.startswith(f"{BICYCLES}中没有{label}：")


@pytest.mark.parametrize("question", ["反间谍法第三条规定了什么", "楼道充电条例第十四条", "反间谍法规定了哪些刑罚"])
def test_a_name_without_marks_is_never_refused_as_not_in_the_library(assistant: Assistant, question: str) -> None:
    found = address(assistant, question)
    assert found.refusal is None
    assert found.parts == ()


def test_a_short_name_that_is_in_no_title_is_refused_where_it_is_marked(assistant: Assistant) -> None:
    assert address(assistant, "《楼道充电条例》第十四条").refusal is not None


def test_more_than_the_place_of_a_short_name_is_answered_from_it(assistant: Assistant) -> None:
    answer = assistant.ask("电动自行车条例第十四条对单位罚多少")
    assert answer.places == (f"{BICYCLES} › 第十四条",)
    assert answer.sentences[0].text.startswith("第十四条 违反规定")


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        (f"{CASE}受理费是多少", "案件受理费400元"),
        (f"{CASE}合同是哪年签的", "经审理查明，双方于2022年3月签订合同"),
        (f"{BICYCLES}对个人罚多少", "第十四条 违反规定"),
        (f"{BICYCLES}对不戴头盔罚多少", "第十三条"),
        ("《云海大学2024年普通本科招生章程》对色盲考生怎么规定", "第十二条"),
    ],
)
def test_what_is_asked_of_a_named_document_is_answered_from_it(
    assistant: Assistant, question: str, begins: str
) -> None:
    answer = assistant.ask(question)
    assert answer.sentences
    assert answer.sentences[0].text.startswith(begins)


@pytest.mark.parametrize(
    "question",
    [
        f"{CASE}的精神损害赔偿是多少",
        f"{APPEAL}的辩护人是谁",
        f"{BICYCLES}对电动自行车闯红灯罚多少",
        "《云海大学2024年普通本科招生章程》的学费是多少",
    ],
)
def test_what_a_named_document_does_not_say_is_not_made_up(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).refusal is not None


TITLES = {
    title: title
    for title in (
        "云州市住房公积金提取管理办法",
        "云州市住房公积金贷款管理办法",
        "劳动合同法",
        "保守国家秘密法",
        "云海大学2023年普通本科招生章程",
        "云海大学2024年普通本科招生章程",
        "石桥村便民服务站管理办法",
    )
}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("公积金提取办法", ("云州市住房公积金提取管理办法",)),
        ("公积金办法", ()),  # two may be meant
        ("便民服务站办法", ("石桥村便民服务站管理办法",)),
        ("便民服务站条例", ()),  # another kind
        ("海州市公积金提取办法", ()),  # of another place
        ("管理办法", ()),
        ("劳动法", ()),
        ("合同法", ()),
        ("保密法", ("保守国家秘密法",)),
        ("云海大学招生章程", ("云海大学2023年普通本科招生章程", "云海大学2024年普通本科招生章程")),
        ("云海大学2024年招生章程", ("云海大学2024年普通本科招生章程",)),
        ("云海大学2022年招生章程", ()),
    ],
)
def test_a_short_name_leaves_out_words_of_one_title(name: str, found: tuple[str, ...]) -> None:
    assert short_for(name, TITLES) == found


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ("的原告是谁？", "原告"),
        ("的主要任务有哪些", "主要任务"),
        ("审判长", "审判长"),
        ("对罚款怎么说", "对罚款怎么说"),
        ("的", ""),
    ],
)
def test_what_is_asked_of_a_document(rest: str, wanted: str) -> None:
    assert subject(rest) == wanted


def test_the_result_is_that_of_the_judgment_itself(tmp_path: Path) -> None:
    text = (
        "云州市中级人民法院\n民事判决书\n（2024）云01民终9号\n\n一审法院判决如下：驳回起诉。\n\n上诉人不服，提起上诉。\n"
        "判决如下：\n撤销原判。\n本判决为终审判决。\n审 判 长　钱进\n"
    )
    write(tmp_path / "texts", {"a.txt": text})
    made = make_assistant(tmp_path)
    made.update()
    answer = made.ask("（2024）云01民终9号的判决结果")
    assert [sentence.text for sentence in answer.sentences] == ["判决如下：", "撤销原判。"]
    assert "钱进" in made.ask("（2024）云01民终9号的审判长是谁").text
