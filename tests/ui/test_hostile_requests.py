"""Requests that no page makes: each is answered, told in words of the page, and none of them by “500”."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.index.library import TEXTS, make_assistant, write
from tests.ui.running import Running
from ui.messages import CHINESE

OWN = {"x-youju": "1", "accept-language": "zh", "content-type": "application/json"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("served")
    write(folder / "texts", TEXTS)
    assistant = make_assistant(folder)
    assistant.update()
    with Running(assistant) as running:
        yield running


def post(served: Running, path: str, content: bytes) -> httpx.Response:
    return httpx.post(served.url + path, content=content, headers=OWN, timeout=30)


def ask(served: Running, question: str, belonging: str = "{}") -> httpx.Response:
    body = {"data": [question, belonging], "fn_index": 0, "session_hash": "somebody"}
    return post(served, "/gradio_api/run/predict", json.dumps(body).encode())


@pytest.mark.parametrize("path", ["/search/passages", "/library/follow", "/gradio_api/run/predict"])
@pytest.mark.parametrize(
    "content",
    [b'{"query": ["\\ud800"]}', b'{"query": NaN, "on": NaN}', b'{"query": Infinity, "on": [Infinity]}', b"null", b""],
)
def test_a_body_of_another_shape_is_told_in_words_and_not_repeated(served: Running, path: str, content: bytes) -> None:
    answer = post(served, path, content)
    assert answer.status_code == 422
    assert CHINESE.unclear_error in answer.text
    assert "query" not in answer.text


@pytest.mark.parametrize("path", ["/search/passages", "/library/follow", "/gradio_api/run/predict"])
def test_a_body_that_is_too_deep_is_told_in_words(served: Running, path: str) -> None:
    for content in (b"[" * 300_000, b'{"query":' * 100_000):
        answer = post(served, path, content)
        assert (answer.status_code, CHINESE.unclear_error in answer.text) == (400, True)


@pytest.mark.parametrize("path", ["/library/none", "/reader/", "/search/passages"])  # which is only posted to
def test_an_address_that_leads_nowhere_is_told_in_words(served: Running, path: str) -> None:
    answer = httpx.get(served.url + path, headers=OWN)
    assert (answer.status_code, CHINESE.gone_error in answer.text) == (404, True)


def test_what_gradio_does_not_know_is_told_as_gone(served: Running) -> None:
    answer = post(served, "/gradio_api/run/predict", b'{"data": ["", "{}"], "fn_index": 9}')
    assert (answer.status_code, CHINESE.gone_error in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/search/places/named", {"within": ["\ud800"]}),
        ("/library/dictionary/check", {"text": "\ud800词"}),
        ("/library/dictionary", {"text": "\ud800词", "seen": "\ud800"}),
    ],
)
def test_half_a_sign_is_taken_for_text(served: Running, path: str, body: dict[str, object]) -> None:
    assert post(served, path, json.dumps(body).encode()).status_code == 200


def test_a_question_that_belongs_to_nonsense_is_answered(served: Running) -> None:
    for belonging in (
        "[" * 100_000,
        "9" * 5000,
        "null",
        '{"conversation": "\\ud800", "within": [1], "replaces": true}',
    ):
        answer = ask(served, "涉密人员上岗前应当签订什么？", belonging)
        assert (answer.status_code, "turn pending" in answer.text) == (200, True)


def test_a_verdict_on_what_an_answer_does_not_have_changes_nothing(served: Running) -> None:
    markup = ask(served, "涉密人员上岗前应当签订什么？").json()["data"][0]
    found = re.search(r'href="#([^"]+)"', markup)
    assert found
    turn = f"/conversations/{found[1].replace('&#45;', '-').replace('&#95;', '_')}/turns/1"
    while "turn pending" in httpx.get(served.url + turn, headers=OWN, timeout=30).text:
        pass
    for citation in (0, -1, 99, 2**63, 10**400):
        answer = post(served, f"{turn}/verdict", json.dumps({"verdict": "wrong", "citation": citation}).encode())
        assert (answer.status_code, CHINESE.gone_error in answer.text) == (404, True)
    assert post(served, f"{turn}/verdict", b'{"verdict": "right", "citation": 1}').json()["1"] == "right"
