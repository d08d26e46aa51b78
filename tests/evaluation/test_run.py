"""The whole measurement: figures summed up by hand, the command, its results file and its exit codes."""

import json
from contextlib import closing

import pytest
from typer.testing import CliRunner

from assistant.assistant import Assistant
from assistant.config import load_settings
from assistant.evaluation import provenance, run
from assistant.evaluation.figures import curves, figures
from assistant.evaluation.questions import Case, read_questions
from assistant.evaluation.run import evaluate, select
from assistant.evaluation.sets import PUBLIC_SETS, SHARED, Target, corpus_library, library_of
from tests.evaluation.fake_assistant import FakeAssistant
from tests.fake_embedder import FakeEmbedder

TEXTS = {"甲.txt": "粮食自给率达到一百\n涉密人员签订保密承诺书", "乙.txt": "国家安全的基础是人民"}
CASES = (
    Case("1", "粮食自给率达到多少", answers=("一百",), document="甲.txt", start=0, end=9),  # right
    Case("2", "国家安全的基础", answers=("军队",), document="乙.txt"),  # right document, not the answer
    Case("3", "何时何地何故公布", answers=("去年",), document="甲.txt"),  # refused
    Case(
        "4", "保密承诺书第几条", answerable=False, asked_of="甲.txt", kind="adversarial"
    ),  # answered though it has no answer
    Case("5", "月亮离太阳多远", answerable=False, kind="random"),  # refused, rightly
)


def test_figures_by_hand():
    reached = evaluate(FakeAssistant(texts=TEXTS), CASES).figures
    assert reached["questions"] == 5
    assert reached["answerable"] == 3
    assert reached["answering.decisive"] == reached["answering.any_shown"] == pytest.approx(1 / 3)
    assert reached["answering.best_citation_on_span"] == 1
    assert reached["citations.equal"] == reached["citations.gold_document"] == 1
    assert reached["fused.hit_at_1"] >= 2 / 3
    assert reached["refusal.answerable_answered"] == pytest.approx(2 / 3)
    assert reached["refusal.unanswerable_refused"] == 0.5
    # Quotes with a gold sentence: the first. The second's words stand nowhere, so that its sentence is not known.
    assert reached["citations.precision"] == reached["citations.recall"] == 1
    assert reached["answering.right"] == pytest.approx(1 / 3)
    # Answered: 1 right, 2 and 4 wrong. By confidence: 1 (two of them), 7/9, 5/8 and less
    assert reached["selection.coverage"] == pytest.approx(3 / 5)
    assert reached["selection.risk"] == pytest.approx(2 / 3)
    assert reached["refusal.random_refused"] == 1
    assert reached["refusal.random_precision"] == reached["refusal.adversarial_precision"] + 0.5 == 0.5
    assert reached["refusal.random_f1"] == pytest.approx(2 / 3)
    assert reached["refusal.adversarial_refused"] == 0
    assert reached["refusal.precision"] == reached["refusal.recall"] == reached["refusal.f1"] == 0.5
    # confidences 7/9, 1 and below 1/2 against 5/8: characters of the question that the best line shares
    assert reached["refusal.adversarial_auroc"] == pytest.approx(2 / 3)
    assert reached["time.stage.search_p50_ms"] == reached["time.stage.search_p95_ms"] == 1
    assert reached["time.ask_p95_ms"] >= reached["time.ask_p50_ms"] > 0


def test_the_real_assistant_is_measured_through_the_same_methods(tmp_path):
    library = corpus_library(tmp_path / "library", {name: text.encode() for name, text in TEXTS.items()})
    places = {"index": tmp_path / "index", "cache_dir": tmp_path / "cache", "data_dir": tmp_path / "data"}
    settings = load_settings(
        library=library, threshold=0, **places
    )  # 0: what the fake's vectors mean is not calibrated
    with closing(Assistant(settings, load=lambda name: FakeEmbedder())) as assistant:
        assistant.update()
        done = evaluate(assistant, CASES)
    assert done.problems == ()
    assert done.figures["citations.equal"] == 1
    # The first two questions share words with their lines, which every leg finds; the third shares none.
    assert min(done.figures[f"{leg}.hit_at_5"] for leg in ("dense", "keyword", "fused")) >= 2 / 3
    assert done.figures["time.stage.embed_p50_ms"] > 0


def test_a_refusal_is_not_a_right_answer_though_what_it_kept_back_would_be():
    case = Case("1", "国家的什么完全不同呢？", answers=("人民",))
    done = evaluate(FakeAssistant(texts=TEXTS), (case,))
    assert done.outcomes[0].right
    assert done.figures["answering.right"] == done.figures["selection.coverage"] == 0
    assert curves(done.outcomes)["risk_coverage"][0]["risk"] == 0  # a lower threshold would bring it


def test_figures_that_no_question_bears_on_are_left_out():
    alone = evaluate(FakeAssistant(texts=TEXTS), CASES[4:]).figures
    assert not [name for name in alone if name.startswith(("answering", "citations", "fused", "dense"))]
    assert "refusal.unanswerable_auroc" not in alone
    assert figures([]) == {"questions": 0, "answerable": 0}
    assert set(map(len, curves([]).values())) == {0}


def test_evaluating_twice_gives_the_same_but_for_time():
    first, second = (evaluate(FakeAssistant(texts=TEXTS), CASES) for _ in range(2))
    timeless = [{k: v for k, v in e.figures.items() if not k.startswith("time.")} for e in (first, second)]
    assert timeless[0] == timeless[1]
    assert curves(first.outcomes) == curves(second.outcomes)


def test_a_question_that_cannot_be_asked_is_listed_and_left_out():
    seen = []
    done = evaluate(FakeAssistant(texts=TEXTS), (Case("空", "？？", answerable=False), *CASES), lambda: seen.append(1))
    assert [problem.path for problem in done.problems] == ["空"]
    assert done.figures["questions"] == len(CASES)
    assert len(seen) == len(CASES) + 1


def test_selection_takes_a_half_first_and_of_it_evenly():
    cases = tuple(Case(str(number), "谁？") for number in range(40))
    halves = select(cases, "dev", None), select(cases, "test", None)
    assert sorted((case.id for half in halves for case in half), key=int) == [case.id for case in cases]
    assert set(select(cases, "dev", 5)) < set(halves[0])
    assert len(select(cases, "dev", 5)) == 5


@pytest.fixture
def shared(tmp_path):
    """A small folder of the public data's shape, of our own making."""
    for name in ("zh_wiki", "zh_law"):
        folder = tmp_path / "shared" / "evaluation" / name
        folder.mkdir(parents=True)
        passages = [{"id": f"p{n}", "text": text} for n, text in enumerate(TEXTS.values())]
        (folder / "passages.jsonl").write_text("\n".join(json.dumps(row) for row in passages), "utf-8")
        question = {
            "id": "q",
            "question": "国家安全的基础",
            "passage_ids": ["p1"],
            "answers": ["人民"],
            "answerable": True,
        }
        (folder / "questions.jsonl").write_text(json.dumps(question), "utf-8")
    return tmp_path / "shared"


@pytest.fixture
def command(tmp_path, monkeypatch):
    monkeypatch.setenv("YOUJU_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(run, "Assistant", FakeAssistant)

    def call(*arguments):
        results = tmp_path / "results" / "evaluation.json"
        done = CliRunner().invoke(run.app, [*arguments, "--output", str(results)])
        return done, json.loads(results.read_text("utf-8")) if results.exists() else None

    return call


def test_the_command_prints_tables_and_writes_results(shared, command):
    done, results = command("--shared", str(shared), "--set", "zh_wiki", "--set", "zh_law")
    assert done.exit_code == 0, done.output
    assert "| zh_wiki: fused.ndcg_at_10 | ≥ 0.9950 | 1.0000 | yes |" in done.output
    assert "| zh_law, fused | 1.000 |" in done.output
    assert set(results["sets"]) == {"zh_wiki", "zh_law"}
    assert results["versions"]["python"]
    assert results["sets"]["zh_wiki"]["settings"]["dense_weight"] == 0.5
    assert [case["case"]["id"] for case in results["sets"]["zh_wiki"]["cases"]] == ["q"]
    assert str(shared) not in json.dumps(results)


def test_the_command_compares_with_its_own_earlier_file_and_writes_a_page(shared, command, tmp_path):
    command("--shared", str(shared), "--set", "zh_wiki")
    (tmp_path / "results" / "evaluation.json").rename(tmp_path / "earlier.json")
    done, _ = command(
        *("--shared", str(shared), "--set", "zh_wiki", "--compare", str(tmp_path / "earlier.json")),
        *("--report", str(tmp_path / "new" / "page.html")),
    )
    assert done.exit_code == 0, done.output
    assert "zh_wiki: no figure differs" in done.output
    assert "zh_wiki" in (tmp_path / "new" / "page.html").read_text("utf-8")
    done, _ = command("--shared", str(shared), "--compare", str(tmp_path / "nowhere.json"))
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert "nowhere.json" in done.output


def test_a_missed_target_is_said_and_fails_the_command(shared, command, monkeypatch):
    monkeypatch.setattr("assistant.evaluation.sets.TARGETS", (Target("zh_wiki", "answering.exact_match", 0.99),))
    done, results = command("--shared", str(shared), "--set", "zh_wiki")
    assert done.exit_code == 1
    assert "| **NO** |" in done.output
    assert [target["met"] for target in results["targets"]] == [False]


def test_without_the_public_data_the_command_says_so_and_succeeds(tmp_path, command):
    done, results = command("--shared", str(tmp_path / "nowhere"))
    assert done.exit_code == 0
    assert "is not here" in done.output
    assert results is None


def test_an_unknown_set_and_a_bad_line_are_told_without_a_traceback(shared, command):
    done, _ = command("--shared", str(shared), "--set", "zh_wikl")
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert "zh_wikl" in done.output
    (shared / "evaluation" / "zh_law" / "questions.jsonl").write_text('{"question": 1}', "utf-8")
    done, _ = command("--shared", str(shared), "--set", "zh_law")
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert "line 1" in done.output


def test_a_library_is_exactly_its_files_and_is_not_touched_when_right(tmp_path):
    library = corpus_library(tmp_path / "library", {"一.txt": b"1", "old.txt": b"2"})
    before = (library / "一.txt").stat().st_mtime_ns
    corpus_library(library, {"一.txt": b"1", "二.txt": b"3"})
    assert {path.name: path.read_bytes() for path in library.iterdir()} == {"一.txt": b"1", "二.txt": b"3"}
    assert (library / "一.txt").stat().st_mtime_ns == before


def test_a_commit_is_named_only_inside_a_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "_ROOT", tmp_path)
    assert provenance.commit() is None
    (tmp_path / ".git").mkdir()
    assert provenance.commit() is None  # not a repository git understands


@pytest.mark.shared
@pytest.mark.parametrize("name", PUBLIC_SETS)
def test_the_public_sets_are_read_whole(name, tmp_path):
    if not (SHARED / "evaluation").is_dir():
        pytest.skip("the public evaluation data is not beside the checkout")
    cases = read_questions(SHARED / "evaluation" / name / "questions.jsonl")
    counts = {"zh_wiki": (2000, 1500), "en_wiki": (2077, 996), "zh_law": (250, 250), "seeds": (16, 12)}
    assert (len(cases), sum(case.answerable for case in cases)) == counts[name]
    library = library_of(name, shared=SHARED, work=tmp_path)
    if name == "seeds":
        spans = [(library / case.document).read_bytes().decode("utf-8")[case.start : case.end] for case in cases[:12]]
        assert spans == [case.quote for case in cases[:12]]
    else:
        assert [path.name for path in library.iterdir()] == ["passages.jsonl"]
        known = {json.loads(line)["id"] for line in (library / "passages.jsonl").read_text("utf-8").splitlines()}
        assert {passage for case in cases for passage in case.passage_ids} <= known


def test_the_table_of_a_readme_is_written_anew(shared, command, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("前\n<!-- evaluation: begin -->\nvieux\n<!-- evaluation: end -->\n后\n", "utf-8")
    done, _ = command("--shared", str(shared), "--set", "zh_wiki", "--readme", str(readme))
    assert done.exit_code == 0, done.output
    text = readme.read_text("utf-8")
    assert text.startswith("前\n<!-- evaluation: begin -->\n| ")
    assert text.endswith("\n<!-- evaluation: end -->\n后\n")
    assert "vieux" not in text
    assert "| **passages, nDCG@10** | 1.000 |" in text
    readme.write_text("no marks", "utf-8")
    done, _ = command("--shared", str(shared), "--set", "zh_wiki", "--readme", str(readme))
    assert done.exit_code == 1
    assert readme.read_text("utf-8") == "no marks"
