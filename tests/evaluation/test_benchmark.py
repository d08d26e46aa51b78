"""The benchmark measures what it says: the same windows on both sides, every question asked, limits told apart."""

import json

import pytest
from typer.testing import CliRunner

from assistant.evaluation import benchmark
from assistant.evaluation.benchmark import Bench, Figure, RecordingEmbedder
from tests.fake_embedder import FakeEmbedder


def test_a_limit_is_met_on_its_own_side():
    assert Figure("a", 0.85, "×", at_least=0.85).met
    assert not Figure("a", 0.84, "×", at_least=0.85).met
    assert Figure("a", 3.0, "×", at_most=3).met
    assert not Figure("a", 3.1, "×", at_most=3).met
    assert Figure("a", 3.1, "×").met


def test_the_table_shows_limit_and_whether_it_is_met():
    table = benchmark.report(
        [Figure("慢", 3.14159, "×", at_most=3), Figure("many", 4892, ""), Figure("a", 1, "×", 0.5)]
    )
    assert "| 慢 | 3.14 × | ≤ 3 | **NO** |" in table
    assert "| many | 4,892 |  |  |" in table
    assert "| a | 1 × | ≥ 0.5 | yes |" in table


def test_a_recording_embedder_changes_nothing_and_keeps_the_passages():
    plain = FakeEmbedder()
    recording = RecordingEmbedder(plain)
    texts = ["粮食安全", "water", "混合 mixed"]
    assert (recording.encode_passages(texts) == plain.encode_passages(texts)).all()
    assert (recording.encode_queries(["水"]) == plain.encode_queries(["水"])).all()
    assert recording.texts == texts
    assert (recording.fingerprint, recording.dim, recording.name) == (plain.fingerprint, plain.dim, plain.name)


class Counting:
    """Stands for the bare model; keeps what it was given."""

    def __init__(self):
        self.passages = []
        self.queries = []

    def encode(self, texts, size):
        assert size == 32
        self.passages.append(list(texts))
        return 0.5

    def query(self, text):
        self.queries.append(text)
        return 0.5


@pytest.fixture
def bare():
    return Counting()


@pytest.fixture
def bench(tmp_path, monkeypatch, bare):
    monkeypatch.setenv("YOUJU_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("YOUJU_DATA_DIR", str(tmp_path / "data"))
    for name in ("zh_law", "zh_wiki"):
        folder = tmp_path / "shared" / "evaluation" / name
        folder.mkdir(parents=True)
        rows = [
            {
                "id": f"{name}{n}",
                "title": f"某办法 第{n}条",
                "text": f"第{n}种情形应当在{n}日内提出申请。逾期{n}日不予受理。",
            }
            for n in range(30)
        ]
        (folder / "passages.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        asked = [{"question": f"第{n}种情形几日内申请？", "answers": [f"{n}日"]} for n in range(8)]
        (folder / "questions.jsonl").write_text("\n".join(json.dumps(row) for row in asked), "utf-8")
    return Bench(tmp_path / "shared", tmp_path / "work", None, FakeEmbedder(), bare.encode, bare.query)


def test_the_bare_model_gets_exactly_the_windows_that_were_indexed(bench, bare):
    figures = {figure.name: figure for figure in benchmark.measure_indexing(bench, documents=12)}
    _warm_up, *slices = bare.passages
    assert sorted(text for texts in bare.passages for text in texts) == sorted(bench.embedder.texts_embedded)
    assert figures["windows indexed"].value == sum(map(len, slices))
    assert [sum(f"第{n}种" in text for texts in slices for text in texts) for n in range(13)] == [1] * 12 + [0]
    ratio = figures["indexing against bare embedding of the same windows"]
    assert ratio.at_least == 0.85
    assert figures["… lowest of the slices"].value <= ratio.value <= figures["… highest of the slices"].value


def test_every_question_is_asked_and_embedded_as_often(bench, bare):
    figures = {figure.name: figure for figure in benchmark.measure_asking(bench, questions=4)}
    assert sorted(bare.queries) == sorted(bench.embedder.queries_embedded)
    assert len(set(bare.queries)) == 4
    assert figures["passages"].value == 60
    assert figures["a question against bare embedding of it, p50"].at_most == 3
    assert any(name.startswith("stage ") for name in figures)


def test_an_unchanged_library_is_made_of_separate_files_and_embeds_nothing_again(bench):
    (figure,) = benchmark.measure_unchanged(bench, documents=7)
    assert len(list((bench.work / "unchanged" / "library").glob("*.txt"))) == 7
    embedded = list(bench.embedder.texts_embedded)
    benchmark.measure_unchanged(bench, documents=7)
    assert bench.embedder.texts_embedded == embedded
    assert figure.at_most == 1


@pytest.fixture
def command(bench, monkeypatch, tmp_path):
    monkeypatch.setattr(benchmark, "_bench", lambda shared, model: bench)

    def call(*arguments):
        results = tmp_path / "benchmark.json"
        done = CliRunner().invoke(benchmark.app, ["--shared", str(bench.shared), "--output", str(results), *arguments])
        return done, json.loads(results.read_text("utf-8")) if results.exists() else None

    return call


@pytest.mark.parametrize(("value", "status"), [(0.9, 0), (0.5, 1)])
def test_the_command_writes_results_and_fails_on_a_missed_target(command, monkeypatch, value, status):
    monkeypatch.setitem(benchmark.MEASUREMENTS, "asking", lambda bench: [Figure("某", value, "×", at_least=0.85)])
    done, results = command("--measure", "asking")
    assert done.exit_code == status, done.output
    assert [(figure["name"], figure["met"]) for figure in results["figures"]] == [("某", status == 0)]


def test_without_the_public_data_the_command_says_so_and_succeeds(command, tmp_path):
    done, results = command("--shared", str(tmp_path / "nowhere"))
    assert (done.exit_code, results) == (0, None)
    assert "is not here" in done.output


def test_an_unknown_measurement_is_told(command):
    done, results = command("--measure", "everything")
    assert done.exit_code == 2
    assert "everything" in done.output
    assert results is None
