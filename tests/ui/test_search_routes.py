"""The routes of the search room, over a real index and without a browser."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from assistant.assistant import Assistant
from embeddings.embedder import Embedder
from tests.index.library import TEXTS, make_assistant, settings, write
from tests.ui.many import ManyAssistant
from tests.ui.running import Running

GONE = "已经没有的文件夹"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("search")
    write(folder / "texts", {**TEXTS, **{f"通知/{n}号.md": f"# 第{n}号通知\n\n农业保险的事。\n" for n in range(130)}})
    assistant = make_assistant(folder)
    assistant.update()
    with Running(assistant) as running:
        yield running


def post(server: Running, path: str, **body: object) -> httpx.Response:
    headers = {"x-youju": "1", "accept-language": "zh-CN"}
    return httpx.post(server.url + path, json=body, headers=headers, timeout=60, trust_env=False)


def get(server: Running, path: str, language: str = "zh-CN") -> httpx.Response:
    return httpx.get(server.url + path, headers={"accept-language": language}, timeout=60, trust_env=False)


def plain(reply: httpx.Response) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", reply.text))


def test_passages_are_listed_with_why_and_no_answer(served: Running) -> None:
    found = post(served, "/search/passages", query="涉密人员上岗前签订什么？", within=[])
    assert found.status_code == 200
    first = found.text[: found.text.index("</article>")]
    assert "<mark>涉密人员上岗前</mark>" in first
    assert "为什么是这一段" in first
    assert "保密&#47;办法&#46;md" in first
    assert found.text.count("<article") == 10
    more = post(served, "/search/passages", query="涉密人员上岗前签订什么？", start=10)
    assert more.text.count("<article") == 10
    assert "保密&#47;办法&#46;md" not in more.text


def test_a_named_article_is_told(served: Running) -> None:
    found = post(served, "/search/passages", query="《保密办法》第二条说了什么？")
    first = found.text[: found.text.index("</article>")]
    assert 'class="named">问题点名了这一处' in first
    assert found.text.count('class="named"') < 10


def test_a_search_is_kept_to_places(served: Running) -> None:
    found = post(served, "/search/passages", query="农业保险", within=["保密"])
    assert set(re.findall(r'class="path">([^<]+)', found.text)) == {"保密&#47;办法&#46;md"}
    mentions = post(served, "/search/mentions", query="农业保险", within=["通知/3号.md", "粮食.txt"])
    assert "2 个段落提到“农业保险”，在 2 篇文档里。" in plain(mentions)


def test_every_mention_is_counted_and_fetched_in_parts(served: Running) -> None:
    found = post(served, "/search/mentions", query="农业保险")
    assert "131 个段落提到" in plain(found)
    generation = int(re.findall('data-generation="([0-9]+)"', found.text)[0])
    rest = post(served, "/search/mentions/part", query="农业保险", generation=generation, start=100)
    assert found.text.count("<details") + rest.text.count("<details") == 131
    one = post(served, "/search/mentions/part", query="农业保险", generation=generation, start=0, document=130)
    assert one.text.count("<article") == 1
    beyond = post(served, "/search/mentions/part", query="农业保险", generation=generation, start=0, document=131)
    assert beyond.status_code == 404


def test_a_list_does_not_go_on_in_another_generation(served: Running) -> None:
    other = post(served, "/search/mentions/part", query="农业保险", generation=999, start=100)
    assert "资料库刚刚更新过" in plain(other)
    assert 'class="problem"' in other.text


def test_a_list_goes_on_in_the_generation_it_began_in(tmp_path: Path) -> None:
    assistant = ManyAssistant()
    with Running(assistant) as server:
        post(server, "/search/mentions", query="备案")
        assistant.generation += 1
        part = post(server, "/search/mentions/part", query="备案", generation=3, start=100)
        assert part.text.count("<details") == 100
        assert assistant.looked == 1


@pytest.mark.parametrize("path", ["/search/passages", "/search/mentions"])
@pytest.mark.parametrize("query", ["", "   ", "？！", "字" * 100_000, '"', "“”"])
def test_what_cannot_be_looked_for_is_told(served: Running, path: str, query: str) -> None:
    found = post(served, path, query=query)
    assert found.status_code == 200  # a request that fails is an error in a browser's console
    assert "这个问题没法查找" in plain(found)


@pytest.mark.parametrize("path", ["/search/passages", "/search/mentions"])
@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", "a' OR 1=1 --", "NEAR( * : ^ ~", "${x} {{y}} \\", "字\0字", "\u202egnp"]
)
def test_signs_in_a_question_are_text(served: Running, path: str, query: str) -> None:
    found = post(served, path, query=query)
    assert found.status_code == 200
    assert "<script" not in found.text
    assert "\u202e" not in found.text


@pytest.mark.parametrize("path", ["/search/passages", "/search/mentions"])
def test_a_place_that_is_gone_is_named_and_can_be_let_go(served: Running, path: str) -> None:
    found = post(served, path, query="农业保险", within=["保密", GONE])
    assert f"“{GONE}”已经不在资料库里了" in plain(found)
    assert "“保密”" not in plain(found)
    assert 'class="button whole"' in found.text


def test_places_are_called_by_their_names(served: Running) -> None:
    facts = post(served, "/search/places/named", within=["保密", "保密/办法.md", GONE]).json()
    assert facts["names"] == ["保密", "保密办法", GONE]
    assert facts["label"] == "保密等 3 处"
    assert facts["gone"] == [GONE]
    assert GONE in facts["told"]
    assert post(served, "/search/places/named", within=[]).json()["label"] == "全部资料"


def test_places_are_listed_as_a_tree_and_by_name(served: Running) -> None:
    top = plain(get(served, "/search/places"))
    assert "通知 130 篇" in top
    assert "第3号通知" not in top
    inside = get(served, f"/search/places?folder={quote('通知')}")
    assert inside.text.count("<li class") == 130
    named = get(served, f"/search/places?query={quote('通知 12')}")
    assert named.text.count("<li class") == 12  # 12, 112, and 120 to 129
    assert "No folder or document" in plain(get(served, "/search/places?query=zzz", "en"))


def test_every_mention_is_exported(served: Running) -> None:
    asked = f"q={quote('农业保险')}&within={quote('通知')}"
    table = get(served, f"/search/mentions/export?format=csv&{asked}")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert quote("提到-农业保险") in table.headers["content-disposition"]
    assert len(list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))) == 131
    assert get(served, f"/search/mentions/export?format=md&{asked}").text.count("\n## ") == 130
    assert get(served, f"/search/mentions/export?format=exe&{asked}").status_code == 422


def test_an_address_of_its_own_leads_into_the_room(served: Running) -> None:
    reply = get(served, "/search?q=%E4%BF%9D%E9%99%A9&mode=mentions&within=a")
    assert reply.status_code == 303
    assert reply.headers["location"] == "/?show=search&mode=mentions&q=%E4%BF%9D%E9%99%A9&within=a"


def test_without_an_index_the_way_to_one_is_shown(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant: Assistant = make_assistant(tmp_path)
    with Running(assistant) as server:
        for path in ("/search/passages", "/search/mentions"):
            found = post(server, path, query="保险")
            assert "还没有建立索引" in plain(found)
            assert 'href="/?show=library"' in found.text
        assert "还没有建立索引" in plain(get(server, "/search/places"))


def test_while_it_is_built_nobody_is_told_to_build_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "texts", TEXTS)
    with Running(make_assistant(tmp_path)) as server:
        monkeypatch.setattr(type(server.desk.updates), "running", True)
        found = plain(post(server, "/search/passages", query="保险"))
        assert "正在第一次读你的文本" in found
        assert "看进度" in found
        assert "建立索引" not in found


def test_mentions_need_no_model(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    make_assistant(tmp_path).update()

    class NoModelError(Exception):
        pass

    def load(name: str) -> Embedder:
        raise NoModelError

    assistant = Assistant(settings(tmp_path), load=load)
    with Running(assistant) as server:
        assert "1 个段落提到“农业保险”" in plain(post(server, "/search/mentions", query="农业保险"))
