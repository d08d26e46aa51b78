"""The bundled model itself: its vectors, its ranking, its prompts."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings import bundled
from embeddings.embedder import Embedder
from embeddings.query_adapter import AdaptedEmbedder

pytestmark = pytest.mark.model

# First eight numbers in float32; the package's own engine agrees with these vectors to a cosine of 0.9999.
REFERENCE = {
    ("passage", "各级人民政府应当加强粮食安全监督管理，确保粮食质量安全。"):
        (0.06556, -0.01367, -0.00905, -0.05555, 0.05575, 0.01448, 0.01878, 0.03097),
    ("passage", "发现泄密情况时，应当立即采取补救措施并及时报告。"):
        (0.0986, -0.03044, -0.03867, -0.07548, 0.04446, -0.01981, -0.01553, 0.0245),
    ("passage", "生产经营单位必须为从业人员提供符合标准的劳动防护用品。"):
        (0.0474, -0.04067, -0.06638, -0.07648, 0.05127, -0.00903, -0.01634, 0.02572),
    ("query", "谁负责粮食安全？"):
        (0.08072, -0.00723, -0.04029, -0.03936, 0.04419, 0.00046, 0.03317, 0.03764),
    ("passage", "The reservoir supplies drinking water to about 1.2 million people."):
        (0.00842, 0.01251, -0.02608, -0.03058, 0.11896, -0.00602, -0.0395, 0.07387),
    ("query", "How many people drink water from the reservoir?"):
        (0.05828, -0.00889, -0.03886, -0.02442, 0.11431, -0.01942, -0.01532, 0.07145),
    ("passage", "《档案法》第三条 English abbreviations：GDP、Wi-Fi，３０㎏～50㎏。"):
        (0.06372, -0.0084, -0.04882, -0.05923, 0.06286, -0.00874, -0.00325, 0.09028),
}  # fmt: skip

ANSWERS = {
    "谁负责粮食安全？": "各级人民政府应当加强粮食安全监督管理，确保粮食质量安全。",
    "泄密了怎么办？": "发现泄密情况时，应当立即采取补救措施并及时报告。",
    "用人单位要给工人发什么防护装备？": "生产经营单位必须为从业人员提供符合标准的劳动防护用品。",
    "图书馆几点开门？": "阅览室每天上午九点开放，晚上八点关闭。",
    "Where does the city get its water?": "The reservoir supplies drinking water to about 1.2 million people.",
    "How long are files kept?": "The archive keeps personnel records for thirty years.",
    "Who must hand out safety equipment?": "生产经营单位必须为从业人员提供符合标准的劳动防护用品。",
}


@pytest.mark.parametrize(("kind", "text"), REFERENCE)
def test_vectors_are_those_of_the_reference(default_embedder: Embedder, kind: str, text: str) -> None:
    assert isinstance(default_embedder, AdaptedEmbedder)  # the reference is of the model alone
    encode = default_embedder.embedder.encode_queries if kind == "query" else default_embedder.encode_passages
    # bfloat16 is off by 0.0013 at most, another text's vector by ten times as much.
    np.testing.assert_allclose(encode([text])[0, :8], REFERENCE[kind, text], atol=0.003)


def test_every_question_finds_its_answer_first_in_both_languages(default_embedder: Embedder) -> None:
    passages = sorted(set(ANSWERS.values()))
    scores = default_embedder.encode_queries(list(ANSWERS)) @ default_embedder.encode_passages(passages).T
    assert {question: passages[best] for question, best in zip(ANSWERS, scores.argmax(1), strict=True)} == ANSWERS


def test_a_chinese_question_finds_its_answer_among_english_passages(default_embedder: Embedder) -> None:
    """Among English ones only: beside passages in its own language, this model ranks those first."""
    passages = sorted(text for text in set(ANSWERS.values()) if text.isascii())
    best = (
        default_embedder.encode_passages(passages) @ default_embedder.encode_queries(["水库给多少人供水？"])[0]
    ).argmax()
    assert "1.2 million" in passages[best]


def test_questions_and_passages_have_different_prompts(default_embedder: Embedder) -> None:
    text = "谁负责粮食安全？"
    query, passage = default_embedder.encode_queries([text])[0], default_embedder.encode_passages([text])[0]
    assert query @ passage < 0.99


def test_its_name_and_fingerprint_do_not_depend_on_the_machine(default_embedder: Embedder) -> None:
    assert default_embedder.name == "default"
    assert default_embedder.dim == 384
    assert default_embedder.fingerprint == bundled.FINGERPRINT == "multilingual-e5-small-q4-1571fc9827503943-1"
