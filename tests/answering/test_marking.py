"""The words that give the answer are marked within the sentence, and rather none than wrong ones."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.marking.marked import answers
from assistant.evaluation.metrics import holds
from assistant.text.sentences import sentences
from assistant.text.tokens import Tokens
from tests.index.library import CACHE

SHARED = Path(__file__).resolve().parents[3] / "shared"
TOKENS = Tokens(CACHE)


def marked(question: str, sentence: str) -> list[str]:
    found = answers(question, TOKENS.question(question).terms, TOKENS, sentence, 0, len(sentence))
    return [sentence[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        # when
        ("民法典啥时候施行？", "民法典自2021年1月1日起施行，共1260条。", "2021年1月1日"),
        ("圣保罗堂区成立于哪年？", "圣保罗堂区成立于1824年，教堂1911年完工。", "1824年"),
        ("颱風幾時登陸？", "颱風於2009年8月7日晚上11時50分在花蓮登陸。", "2009年8月7日晚上11時50分"),
        ("落山风在每年几月产生？", "落山风每年从10月到次年4月产生。", "10月到次年4月"),
        ("What year was the library founded?", "The library was founded in 1895 and rebuilt in 1952.", "1895"),
        # how many: the number with the unit asked for
        ("机场有几个机坪？", "机场占地30公顷，有2个机坪。", "2个"),
        ("民法典总共有多少个条文？", "自2021年1月1日起施行，共1260条。", "1260条"),
        ("罚金多少钱？", "判处有期徒刑三年，并处罚金人民币5000元。", "5000元"),
        ("被告人被判了几年？", "被告人被判处有期徒刑三年，并处罚金5000元。", "三年"),
        ("罚款多少元？", "处1000元以上1万元以下罚款，公示10日。", "1000元以上1万元以下"),
        ("复试占多大比例？", "其中初试占60%，复试占40%。", "40%"),
        ("面积有多大？", "全县面积1832平方公里，人口65万人。", "1832平方公里"),
        ("How many employees does the firm have?", "The firm has 4,300 employees in 12 countries.", "4,300"),
        ("How long are books lent?", "Books are lent for 21 days to 300 members.", "21 days"),
        # how many of the whole, or of the part that the question names
        ("学校2024年招多少人？", "学校2024年计划招收3450人，其中省内1200人、省外2250人。", "3450人"),
        ("台灣有幾家醫院受害？", "全球共有17家醫院受害，其中台灣佔6家。", "6家"),
        ("计算机专业招多少人？", "计划招生3450人，其中计算机专业240人，会计专业120人。", "240人"),
        ("2023年营业额是多少元？", "2022年营业额300万元，2023年营业额410万元。", "410万元"),
        ("泵站投资多少？", "投资1860万元新建东片泵站，2025年3月开工。", "1860万元"),
        ("住宿费多少？", "住宿费每年1200元，学制四年。", "1200元"),
        # when: the event that is asked for
        ("个人信息保护法什么时候施行？", "该法于2021年8月20日通过，自2021年11月1日起施行。", "2021年11月1日"),
        ("个人信息保护法什么时候通过？", "该法于2021年8月20日通过，自2021年11月1日起施行。", "2021年8月20日"),
        ("捷運環狀線什麼時候恢復通車？", "環狀線在4月3日地震中受損停駛，5月20日恢復通車。", "5月20日"),
        ("展览什么时候闭幕？", "展览将于10月1日开幕，12月31日闭幕。", "12月31日"),
        ("合同什么时候签订？", "2024年12月5日，双方签订合同。", "2024年12月5日"),
        # who
        ("公章由谁保管？", "公章由会计何秀兰保管，存放在柜内。", "会计何秀兰"),
        ("谁发明了活字印刷术？", "北宋庆历年间，毕昇发明了活字印刷术。", "毕昇"),
        ("吕理政退休后由谁接任？", "吕理政届龄退休，由王长华接任第3任馆长。", "王长华"),
        ("谁负责审批？", "项目由县级以上人民政府自然资源主管部门负责审批。", "县级以上人民政府自然资源主管部门"),
        ("Who commissioned the tapestry?", "It was commissioned by Odo, the Bishop of Bayeux.", "Odo"),
        ("Who founded the library?", "In 1895 Mary Harding founded the library.", "Mary Harding"),
        ("组长是谁？", "招生工作领导小组由校长任组长，负责招生工作。", "校长"),
        ("组长是谁？", "成立领导小组，组长王建国，副组长李敏。", "王建国"),
        ("副校长是谁？", "学校校长王志强，副校长李敏、张华。", "李敏"),
        ("网格长是谁？", "网格长由村民委员会主任周立平兼任，负责巡查。", "村民委员会主任周立平"),
        ("局長是誰？", "工務局長鄭德發表示，環狀線將於年底恢復。", "鄭德發"),
        ("公司董事长是谁？", "公司董事长兼总经理张伟在会上宣布了重组计划。", "张伟"),
        ("何秀兰是谁？", "公章由会计何秀兰保管，存放在柜内。", "会计"),
        ("周立平是谁？", "周立平是石桥村村民委员会主任。", "石桥村村民委员会主任"),
        ("谁负责校车安全管理？", "第三条 市公安局负责校车安全管理工作。", "市公安局"),
        (
            "Who led the strike?",
            "The strike, which began in May, was led by organizer Rosa Diaz.",
            "organizer Rosa Diaz",
        ),
        # where
        ("公司总部设在哪里？", "公司总部设在深圳市南山区科技园，员工约3000人。", "深圳市南山区科技园"),
        (
            "Where is the headquarters located?",
            "The headquarters is located in Geneva, Switzerland.",
            "Geneva, Switzerland",
        ),
        # which
        ("赵敏案由哪个法院审理？", "赵敏案经江州市中级人民法院审理。", "江州市中级人民法院"),
        ("哪个部门负责审批？", "项目由县自然资源局负责审批。", "县自然资源局"),
        ("迟子建发表了哪篇文章而成名？", "1986年，迟子建发表《北极村的童话》一文，从而成名。", "《北极村的童话》"),
        ("Which ministry issued the notice?", "The Ministry of Finance issued the notice.", "Ministry of Finance"),
        # why
        ("為什麼暫停監測？", "由於經費不足，衛生局暫停監測計畫。", "由於經費不足"),
        ("为什么要轮作？", "连作会使地力下降，因此需要轮作。", "连作会使地力下降"),
        (
            "Why was the bridge closed?",
            "The bridge was closed because of cracks in two piers.",
            "because of cracks in two piers",
        ),
        # how
        ("怎样通知村民？", "通过微信群通知村民。", "通过微信群通知村民"),
        # what is it, what is it called, what
        ("什么是国家秘密？", "国家秘密是关系国家安全和利益的事项。", "关系国家安全和利益的事项"),
        ("What is phishing?", "Phishing is a form of fraud.", "a form of fraud"),
        ("蓝线裸顶鲷的俗名是什么？", "蓝线裸顶鲷，又称蓝线白鱼，俗名龙尖，为龙占鱼科。", "龙尖"),
        ("达曼港的货物进出口量仅次于什么港口？", "达曼港的货物进出口量仅次于吉达港。", "吉达港"),
        ("漏洞编号是多少？", "该漏洞编号为CVE-2024-3094，评分为10.0。", "CVE-2024-3094"),
        ("What did Tymnet connect?", "In 1985 Tymnet connected host computers.", "host computers"),
    ],
)
def test_the_words_that_answer_are_marked(question: str, sentence: str, expected: str) -> None:
    assert marked(question, sentence) == [expected]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("法律允许吗？", "法律允许。"),
        ("保密工作怎么做？", "加强教育，严格管理。"),
        ("小麦什么时候播种？", "小麦要适时播种。"),
        ("谁是刘德华？", "刘德华很有名。"),  # what the question says is no answer
        ("比赛何时举行？", "比赛3月1日举行，比赛5月1日举行。"),  # two are as good
        ("Who killed Harold?", "In 1066 William conquered England, killing Harold."),
        ("报名费多少钱？", "报名费为甲类60元、乙类80元、丙类90元。"),  # none stands out
        ("物业服务人有哪些义务？", "业主大会选聘的新物业服务人接管之前，原物业服务人应当继续处理。"),
        ("长鼻王是由哪个公司生产的？", "长鼻王是一种点心的商标名，口味很多。"),
        ("学校招多少人？", "2024年学校面向省内招生1200人。"),  # a part that the question does not name
        ("学校招多少人？", "其中省内招收1200人，省外2250人。"),
        ("捷運環狀線什麼時候恢復通車？", "捷運環狀線因4月3日地震受損，預計年底前恢復通車。"),  # another event's date
        ("个人信息保护法什么时候施行？", "2021年8月20日，会议通过《个人信息保护法》。"),
        ("合作社什么时候成立？", "合作社2019年3月获评省级示范社。"),
        ("东西有多大？", "桌上放着三个东西。"),
        ("人工智能专业学费多少？", "| 人工智能 | 6800 | 四年 |"),
        ("2023年招多少人？", "2024年招收3450人。"),  # another year's
        ("2023年新增了哪些专业？", "2024年学校新增人工智能专业。"),
        ("医院院长是谁？", "医院院长的职责是全面负责医院工作。"),
        ("组长是谁？", "副组长李敏主持会议。"),
        ("院长是谁？", "院长办公室设在三楼。"),
        ("What is the school named after?", "The school was named after it moved to the river."),
        ("Who are meetings open to?", "Chamber meetings are open to the public."),
    ],
)
def test_nothing_is_marked_where_nothing_is_sure(question: str, sentence: str) -> None:
    assert marked(question, sentence) == []


@pytest.mark.timeout(20)
def test_small_words_that_can_be_read_in_many_ways_are_read_in_one() -> None:
    """可以 is 可 and 以, too: 60 of them could be parted in more ways than can be tried."""
    assert marked("可以" * 60 + "甲，由哪个部门负责？", "这件事由宣传部负责。") == ["宣传部"]


TABLE = "| 专业 | 学费（元/年） | 学制 |\n| --- | --- | --- |\n| 会计 | 5500 | 三年 |\n| 人工智能 | 6800 | 四年 |\n"
TOLD = "专业：人工智能；学费：6800；学制：四年。"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("人工智能专业学费多少？", "6800"),
        ("人工智能专业多少钱？", "6800"),
        ("人工智能专业学制几年？", "四年"),
        ("机器人专业学费多少？", None),
    ],
)
def test_a_cell_is_marked_by_its_column_and_row(question: str, expected: str | None) -> None:
    terms = TOKENS.question(question).terms
    for text, start in ((TABLE, TABLE.index("| 人工")), (TOLD, 0)):
        found = answers(question, terms, TOKENS, text, start, len(text.rstrip()))
        assert [text[slice(*span)] for span in found] == ([expected] if expected else [])


def test_spans_point_into_the_document_across_marks_line_breaks_and_width() -> None:
    text = "前文。罚款##paidbegin##为人民币\n５０００元。后文。"
    start, end = text.index("罚"), text.index("后")
    question = "罚款多少钱？"
    (found,) = answers(question, TOKENS.question(question).terms, TOKENS, text, start, end)
    assert text[slice(*found)] == "５０００元"


@given(
    st.sampled_from(
        [
            "谁负责？",
            "何时施行？",
            "罚多少钱？",
            "在哪里？",
            "为什么？",
            "什么是甲？",
            "又叫什么？",
            "Who did it?",
            "Where?",
        ]
    ),
    st.text(alphabet="甲由王小明负责3日元，。（）《》是为因A bB\n12年月在省#", max_size=40),
)
def test_spans_lie_in_the_sentence_and_in_order(question: str, sentence: str) -> None:
    found = answers(question, TOKENS.question(question).terms, TOKENS, sentence, 0, len(sentence))
    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(sentence) for start, end in found)


@pytest.mark.parametrize(("name", "least"), [("zh_wiki", 0.85), ("en_wiki", 0.85)])
def test_marks_of_the_public_questions_are_right(name: str, least: float) -> None:
    """In the sentence that holds the answer, a mark holds it or is a part of it, and there are enough marks to tell."""
    folder = SHARED / "evaluation" / name
    if not folder.is_dir():
        pytest.skip(f"the public evaluation data is not at {SHARED}")
    rows = [json.loads(line) for line in (folder / "passages.jsonl").read_text("utf-8").splitlines()]
    texts = {row["id"]: row["text"] for row in rows}
    cases = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()][:400]
    right = total = 0
    for case in (case for case in cases if case["answerable"]):
        text = texts[case["passage_ids"][0]]
        spans = sentences(text, 0, len(text))
        best = next(((a, b) for a, b in spans if holds(text[a:b], case["answers"])), None)
        if best is None:
            continue
        found = answers(case["question"], TOKENS.question(case["question"]).terms, TOKENS, text, *best)
        if found:
            words = text[slice(*found[0])]
            total += 1
            right += holds(words, case["answers"]) or any(words in answer for answer in case["answers"])
    assert total > 60
    assert right / total >= least
