"""A question that names a document or a part of one gets exactly that, or is told that it is not there."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.addressing.resolve import Address, resolve
from assistant.assistant import Assistant
from assistant.errors import QuestionError
from tests.addressing.statutes import TEXTS, write_docx
from tests.index.library import make_assistant, write

FRAGMENTS = (
    "《 》 共享单车管理办法 养犬守则 第 三 2 条 款 （一） 项 章 至 、 和 附则 林防发 〔2023〕 5号 的 违反 怎么规定 "
    "罚款 Article section of the service agreement"
)
STATUTES = Path(__file__).parents[3] / "shared" / "evaluation" / "zh_law" / "passages.jsonl"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    tmp_path = tmp_path_factory.mktemp("statutes")
    write(tmp_path / "texts", TEXTS)
    write_docx(tmp_path / "texts")
    made = make_assistant(tmp_path)
    made.update()
    return made


def address(assistant: Assistant, question: str, **more: object) -> Address:
    return resolve(assistant.snapshot(), question, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "place", "sentences"),
    [
        (
            "《河畔市共享单车管理办法（2018年）》第二条怎么规定？",
            "《河畔市共享单车管理办法（2018年）》 › 第二条",
            ["第二条 旧办法的范围。"],
        ),
        (
            "共享单车管理办法第三条讲什么",
            "《河畔市共享单车管理办法》 › 第三条",
            [
                "第三条 经营者有下列情形之一的，处五万元以下罚款：",
                "- （一）未经备案投放车辆的；",
                "- （二）隐瞒投放数量的；",
                "- （三）其他扰乱秩序的情形。",
                "前款规定的罚款由城市管理部门决定。",
            ],
        ),
        (
            "《共享单车管理办法》第3条之一",
            "《河畔市共享单车管理办法》 › 第三条之一",
            ["第三条之一 经营者应当缴存保证金。"],
        ),
        (
            "《共享单车管理办法》第二条第三款是什么内容",
            "《河畔市共享单车管理办法》 › 第二条第三款",
            ["电动自行车的共享租赁不适用本办法。"],
        ),
        (
            "《共享单车管理办法》第三条第一款第（二）项",
            "《河畔市共享单车管理办法》 › 第三条第一款第（二）项",
            ["第三条 经营者有下列情形之一的，处五万元以下罚款：", "- （二）隐瞒投放数量的；"],
        ),
        (
            "《共享单车管理办法》第三条第二款",
            "《河畔市共享单车管理办法》 › 第三条第二款",
            ["前款规定的罚款由城市管理部门决定。"],
        ),
        (
            "《共享单车管理办法》第二章第二节讲什么",
            "《河畔市共享单车管理办法》 › 第二节 特别规定",
            ["第二节 特别规定", "第四条 违反本办法第二条规定的，由城市管理部门责令改正，并处一千元罚款。"],
        ),
        (
            "《共享单车管理办法》附则规定了什么",
            "《河畔市共享单车管理办法》 › 第三章 附 则",
            ["第三章 附 则", "第五条 本办法自2022年7月1日起施行。"],
        ),
        (
            "《共享单车管理办法》第二章的标题是什么",
            "《河畔市共享单车管理办法》 › 第二章 投 放",
            ["第二章 投 放"],
        ),
        (
            "《养犬守则》第二条怎么规定",
            "《养犬守则》 › 第二条",
            ["第二条 遛犬应当牵绳，绳长不超过1.5米。", "违反第一条的，由物业劝告。"],
        ),
        ("实验室守则第一条", "《实验室守则》 › 第一条 预约", ["进入前应当预约。", "预约后不来的，记一次违约。"]),
        (
            "实验室守则第二条",
            "《实验室守则》 › 第二条",
            ["**第二条** 进入应当穿实验服。", "- - （一）长发应当束起；", "- - （二）不得穿拖鞋。"],
        ),
        ("实验室守则第二章", "《实验室守则》 › 第二章 离开", ["第二章 离开", "离开前关闭电源。"]),
        (
            "《南山区河道管理规定》第二条",
            "《南山区河道管理规定》 › 第二条",
            ["第二条 河道内禁止下列行为：", "- （一）倾倒垃圾；", "- （二）私自取水。"],
        ),
        ("《噪音管制条例》第二条", "《噪音管制條例》 › 第二條", ["第二條 夜間十一時至早上七時，不得施工。"]),
        ("《山南省工会条例》第九条怎么规定", "《山南省工会条例》 › 第九条", ["职工有权加入工会。"]),
        ("山南省工会条例第七条第二款", "《山南省工会条例》 › 第七条第二款", ["任期届满应当按时换届。"]),
        (
            "林防发【2023】5号第二部分是什么",
            "《关于开展森林防火工作的通知》 › 二、重点任务",
            ["二、重点任务", "- （一）加强宣传。", "每月宣传一次。", "- （二）加强巡护。", "每日巡护两次。"],
        ),
        (
            "What does Article 3 of the Service Agreement say?",
            "Service Agreement › Article 3 Termination",
            ["Either party may terminate with 30 days' notice.", "Notice is given in writing."],
        ),
        (
            "section 2 of the rules for readers",
            "Millbrook Library: Rules for Readers › 2. Borrowing",
            ["2. Borrowing", "Books are lent for 21 days.", "Films are lent for seven days."],
        ),
    ],
)
def test_a_place_is_answered_by_its_own_text(
    assistant: Assistant, question: str, place: str, sentences: list[str]
) -> None:
    answer = assistant.ask(question)
    assert answer.places == (place,)
    assert ["- " * sentence.item + sentence.text for sentence in answer.sentences] == sentences
    assert answer.confidence == 1
    assert answer.refusal is None
    assert answer.hits[0].passage.document == answer.citations[0].document
    for citation in answer.citations:
        assert assistant.document(citation.document).text[citation.start : citation.end] == citation.quote


def test_several_places_are_answered_in_their_order(assistant: Assistant) -> None:
    answer = assistant.ask("《河畔市共享单车管理办法》第四条和第一条")
    assert [place.rpartition(" ")[2] for place in answer.places[:1]] == ["第四条"]
    assert answer.text.startswith("第四条 违反")
    assert "第一条 为了规范" in answer.text


def test_all_versions_of_a_document_are_shown_the_newest_first(assistant: Assistant) -> None:
    answer = assistant.ask("《河畔市共享单车管理办法》第一条")
    assert [sentence.text for sentence in answer.sentences] == [
        "第一条 为了规范共享单车的投放和使用，制定本办法。",
        "第一条 旧办法的目的。",
    ]


@pytest.mark.parametrize(
    ("question", "missing", "reason"),
    [
        ("《养犬守则》第九十九条", ("第九十九条",), "《养犬守则》中没有第九十九条：它有第一条至第三条。"),
        (
            "《山南省工会条例》第八条",
            ("第八条",),
            "《山南省工会条例》中没有第八条：文本中有它的2条，在第七条到第九条之间。",
        ),
        (
            "《共享单车管理办法》第三条第五款",
            ("第三条第五款",),
            "《河畔市共享单车管理办法》中没有第三条第五款：第三条有2款。",
        ),
        ("《养犬守则》第二章讲什么", ("第二章",), "《养犬守则》中没有第二章。"),
        ("《反间谍法》规定了哪些刑罚？", ("《反间谍法》",), "文本中没有《反间谍法》，也没有提到它。"),
        ("国发〔2021〕3号讲什么", ("国发〔2021〕3号",), "文本中没有国发〔2021〕3号，也没有提到它。"),
        (
            "《民法典》第五百七十八条",
            ("《民法典》第五百七十八条",),
            "文本提到了《民法典》，但没有收入它，也没有提到它的第五百七十八条。",
        ),
        ("第三百条怎么规定", ("第三百条",), "文本中没有第三百条。"),
        ("Article 9 of the service agreement", ("Article 9",), "Service Agreement has no Article 9: it has 1 to 3."),
    ],
)
def test_what_is_not_there_is_refused_by_its_name(
    assistant: Assistant, question: str, missing: tuple[str, ...], reason: str
) -> None:
    answer = assistant.ask(question)
    assert answer.refusal is not None
    assert (answer.refusal.missing, answer.refusal.reason) == (missing, reason)
    assert (answer.sentences, answer.confidence) == ((), 0)
    assert answer.hits  # the nearest, all the same


def test_a_document_outside_the_area_is_told_as_such(assistant: Assistant) -> None:
    answer = assistant.ask("《养犬守则》第一条", within="判决.txt")
    assert answer.refusal is not None
    assert answer.refusal.reason == "所选范围的文本中没有《养犬守则》，也没有提到它。"
    assert assistant.ask("第一条怎么规定", within="养犬.txt").places == ("《养犬守则》 › 第一条",)


def test_more_than_the_place_is_answered_by_the_sentence_in_it(assistant: Assistant) -> None:
    answer = assistant.ask("《共享单车管理办法》第三条规定的罚款由谁决定？")
    assert answer.sentences[0].text == "前款规定的罚款由城市管理部门决定。"
    assert answer.places == ("《河畔市共享单车管理办法》 › 第三条",)


def test_what_the_place_does_not_say_is_not_made_up(assistant: Assistant) -> None:
    answer = assistant.ask("《养犬守则》第三条规定的疫苗有效期是几个月？")
    assert answer.refusal is not None
    assert "《养犬守则》 › 第三条" in answer.refusal.reason
    assert "疫苗" in answer.refusal.missing


def test_the_number_of_the_article_is_not_the_number_that_is_asked_for(assistant: Assistant) -> None:
    answer = assistant.ask("《养犬守则》第三条规定的犬只伤人赔偿多少元？")
    assert answer.refusal is not None


def test_the_penalty_for_breaking_an_article_stands_in_another(assistant: Assistant) -> None:
    answer = assistant.ask("违反《河畔市共享单车管理办法》第二条怎么处罚？")
    assert answer.hits[0].passage.heading[-1] == "第四条"
    assert answer.sentences[0].text.startswith("第四条 违反本办法第二条规定的")


def test_a_named_document_is_preferred_and_no_other_left_out(assistant: Assistant) -> None:
    found = address(assistant, "《养犬守则》对罚款怎么说")
    assert found.documents == {"养犬.txt"}
    assert found.parts == ()
    hits = assistant.search("《养犬守则》对城市管理部门的罚款怎么说")
    assert hits[0].passage.document == "养犬.txt"
    assert {hit.passage.document for hit in hits} > {"养犬.txt"}
    without = assistant.search("对城市管理部门的罚款怎么说")
    assert without[0].passage.document != "养犬.txt"


def test_a_part_without_a_document_is_shown_of_all_that_have_it(assistant: Assistant) -> None:
    answer = assistant.ask("第三条怎么规定")
    assert set(answer.places) == {
        "《河畔市共享单车管理办法》 › 第三条",
        "《养犬守则》 › 第三条",
        "《实验室守则》 › 第三条",
        "《南山区河道管理规定》 › 第三条",
        "Service Agreement › Article 3 Termination",
    }
    assert answer.confidence == pytest.approx(0.8)
    best = assistant.ask("第三条规定的犬只伤人由谁赔偿").citations[0]
    assert best.document == "养犬.txt"


def test_a_part_without_a_document_is_that_of_the_question_before(assistant: Assistant) -> None:
    found = address(assistant, "那第三条呢？", documents=("养犬.txt",))
    assert [part.label for part in found.parts] == ["《养犬守则》 › 第三条"]
    assert found.is_sure
    assert found.only


@pytest.mark.parametrize(
    ("question", "count"), [("《办法》第三条", 1), ("本办法第三条怎么规定", 1), ("该条例第三条", 5), ("守则第三条", 2)]
)
def test_what_only_says_the_kind_means_any_document_of_that_kind(
    assistant: Assistant, question: str, count: int
) -> None:
    found = address(assistant, question)
    assert found.documents == frozenset()
    assert len(found.parts) == count
    assert found.only
    assert address(assistant, question, documents=("实验室.md",)).shown == ("《实验室守则》 › 第三条",)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("林防发〔2023〕5号讲什么", "防火.txt"),
        ("林防发[2023] 5 号文件的巡护次数是多少", "防火.txt"),
        ("（2021）云08民终123号的上诉人是谁", "判决.txt"),
        ("(2021)云08民终123号", "判决.txt"),
    ],
)
def test_a_number_names_the_document_that_bears_it(assistant: Assistant, question: str, document: str) -> None:
    assert address(assistant, question).documents == {document}
    assert assistant.search(question)[0].passage.document == document


@pytest.mark.parametrize(
    ("question", "document"), [("国办函〔2020〕99号", "防火.txt"), ("（2020）云0802民初77号", "判决.txt")]
)
def test_a_number_that_is_only_cited_leads_to_where_it_is(assistant: Assistant, question: str, document: str) -> None:
    found = address(assistant, question)
    assert found.documents == frozenset()
    assert [part.document for part in found.parts] == [document]
    text = question.strip("（）")[-4:]
    assert text in assistant.ask(question).citations[0].quote


def test_a_number_is_not_the_end_of_a_longer_one(assistant: Assistant) -> None:
    assert address(assistant, "（2021）云08民终23号").refusal is not None
    assert address(assistant, "林防发〔2023〕15号").refusal is not None


def test_the_number_of_another_issuer_or_case_is_another_one(tmp_path: Path) -> None:
    """京政发〔2021〕3号 and 浙政发〔2021〕3号 end alike, 10023 and 123 are no one number; in titles and in texts."""
    texts = {
        "京政发〔2021〕3号.txt": "收储通知\n\n京政发〔2021〕3号\n\n各单位应当在三十日内完成收储。\n",
        "判决.txt": "判决书\n\n（2021）京01民终10023号\n\n上诉人应当支付违约金五千元。\n",
        "转发.txt": "转发通知\n\n根据苏财税〔2022〕9号的要求，押金为三百元。\n",
    }
    write(tmp_path / "texts", texts)
    made = make_assistant(tmp_path)
    made.update()
    for question, document in (
        ("京政发〔2021〕3号讲什么", "京政发〔2021〕3号.txt"),
        ("（2021）京01民终10023号", "判决.txt"),
    ):
        assert address(made, question).documents == {document}
    for question in ("浙政发〔2021〕3号讲什么", "（2021）京01民终123号", "皖财税〔2022〕9号讲什么"):
        assert address(made, question).refusal is not None
    for question in ("苏财税〔2022〕9号讲什么", "江苏省财政厅苏财税〔2022〕9号讲什么"):
        assert [part.document for part in address(made, question).parts] == ["转发.txt"]


def test_a_document_is_looked_through_whole_for_each_part_of_a_question(tmp_path: Path) -> None:
    """第三条 has no ninth paragraph here, so all documents are looked at for one; 第五条 is that of the one meant."""
    texts = {f"{n}.txt": f"某{n}号村章程\n\n第三条 要交{n}元。\n\n第五条 要开会{n}次。\n" for n in range(25)}
    write(tmp_path / "texts", {**texts, "a.md": "# 粮食办法\n\n## 第三条\n\n要入库。\n\n## 第五条\n\n要通风。\n"})
    made = make_assistant(tmp_path)
    made.update()
    found = address(made, "第三条第九款和第五条怎么规定？", documents=("a.md",))
    assert [part.label for part in found.parts] == ["《粮食办法》 › 第五条"]
    assert found.is_sure


def test_a_part_of_a_law_that_is_only_cited_is_answered_by_who_cites_it(assistant: Assistant) -> None:
    answer = assistant.ask("《民法典》第五百七十七条怎么规定？")
    assert answer.sentences[0].text.startswith("本院认为，依照《中华人民共和国民法典》第五百七十七条")


def test_the_contents_of_a_document_are_its_headings(assistant: Assistant) -> None:
    answer = assistant.ask("《河畔市共享单车管理办法》讲了什么？", within="共享单车.txt")
    assert [sentence.text for sentence in answer.sentences if sentence.item][:3] == [
        "第一章 总 则",
        "第二章 投 放",
        "第三章 附 则",
    ]
    assert answer.sentences[0].text == "河畔市共享单车管理办法"
    assert answer.confidence == 1


def test_a_long_chapter_is_answered_by_how_its_articles_begin(tmp_path: Path) -> None:
    articles = "\n".join(f"第{n}条 要办{n}号事。办完要报。" for n in range(1, 31))
    write(tmp_path / "texts", {"a.txt": f"办事规则\n\n第一章 事项\n{articles}\n"})
    made = make_assistant(tmp_path)
    made.update()
    answer = made.ask("《办事规则》第一章讲什么")
    assert len(answer.sentences) == 10
    assert [sentence.text for sentence in answer.sentences[:3]] == [
        "第一章 事项",
        "第1条 要办1号事。",
        "第2条 要办2号事。",
    ]


def test_a_numbered_thing_is_no_part_of_a_document(assistant: Assistant) -> None:
    assert address(assistant, "中国第一条铁路是什么时候建成的？") == Address()


def test_a_title_that_is_mentioned_is_no_refusal(assistant: Assistant) -> None:
    assert address(assistant, "法院为什么引用《民法典》？").refusal is None


def test_a_title_named_by_the_way_is_no_refusal(assistant: Assistant) -> None:
    question = (
        "我家的狗去年在小区里咬伤了邻居家的小孩，当时没有办理《养犬许可证》，现在邻居要求赔偿，应该由谁来赔偿这笔钱呢？"
    )
    assert address(assistant, question).refusal is None


@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(FRAGMENTS.split()),
        min_size=1,
        max_size=12,
    )
)
def test_any_address_is_answered_with_true_quotes(assistant: Assistant, words: list[str]) -> None:
    try:
        answer = assistant.ask(" ".join(words) if words[0].isascii() else "".join(words))
    except QuestionError:
        return
    for citation in answer.citations:
        assert assistant.document(citation.document).text[citation.start : citation.end] == citation.quote
    places = [(hit.passage.document, hit.passage.start) for hit in answer.hits]
    assert len(set(places)) == len(places)


@pytest.mark.skipif(not STATUTES.exists(), reason="the public statutes are not beside this checkout")
def test_every_article_of_real_statutes_is_found_by_its_address(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in STATUTES.read_text("utf-8").splitlines()]
    write(tmp_path / "texts", {"p.jsonl": STATUTES.read_text("utf-8")})
    made = make_assistant(tmp_path)
    made.update()
    for row in random.Random(4).sample(rows, 100):
        answer = made.ask(f"《{row['law_key']}》{row['article']}怎么规定？")
        assert answer.hits[0].passage.document == f"p.jsonl#{row['id']}", row["title"]
        assert answer.citations[0].document == f"p.jsonl#{row['id']}", row["title"]
