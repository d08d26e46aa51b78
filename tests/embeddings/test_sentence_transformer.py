"""Models of the user's choice: by folder or name, with their own prompts, offline."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import sentence_transformer
from embeddings.embedder import Embedder, EmbedderError, load_embedder
from embeddings.sentence_transformer import SentenceTransformerEmbedder

MakeModel = Callable[..., Path]


def load(folder: Path | str, **options: int) -> Embedder:
    return load_embedder(str(folder), cache_dir=Path("not-used"), **options)


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


# ---- prompts -------------------------------------------------------------------------------------------------------


def same(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    return bool(np.sum(one * other, axis=1).min() > 0.999)


def test_the_prompts_of_the_model_are_used(tiny_model: Path, plain_model: Path) -> None:
    prompted, plain = load(tiny_model), load(plain_model)
    assert same(prompted.encode_queries(["粮食安全"]), plain.encode_queries(["谁：粮食安全"]))
    assert same(prompted.encode_passages(["粮食安全"]), plain.encode_passages(["文：粮食安全"]))
    assert not same(prompted.encode_queries(["粮食安全"]), prompted.encode_passages(["粮食安全"]))


def test_a_model_without_prompts_gets_none(plain_model: Path) -> None:
    plain = load(plain_model)
    assert same(plain.encode_queries(["粮食安全"]), plain.encode_passages(["粮食安全"]))


def test_a_prompt_called_passage_is_for_passages(make_model: MakeModel, plain_model: Path) -> None:
    prompted = load(make_model({"passage": "文："}))
    assert same(prompted.encode_passages(["粮食"]), load(plain_model).encode_passages(["文：粮食"]))


@pytest.mark.parametrize(
    ("readme", "query"),
    [
        ('# Each input text should start with "query: " or "passage: ", even for non-English texts.', "query: "),
        ("A model in the manner of E5.", ""),
    ],
)
def test_prompts_that_only_the_readme_asks_for_are_used(
    tmp_path: Path, plain_model: Path, readme: str, query: str
) -> None:
    """The published E5 models are like that."""
    folder = shutil.copytree(plain_model, tmp_path / "model")
    (folder / "README.md").write_text(readme, "utf-8")
    stated, plain = load(folder), load(plain_model)
    assert same(stated.encode_queries(["粮食"]), plain.encode_queries([query + "粮食"]))
    assert (stated.fingerprint == plain.fingerprint) is (query == "")


# ---- vectors -------------------------------------------------------------------------------------------------------


def test_texts_of_all_lengths_keep_their_rows(tiny_model: Path) -> None:
    embedder = load(tiny_model, batch_size=3)
    texts = ["粮" * length for length in (9, 1, 50, 3, 30, 2, 8)] + ["水位下降", "安全", "档案"]
    together = embedder.encode_passages(texts)
    assert same(together, np.concatenate([embedder.encode_passages([text]) for text in texts]))


def test_a_text_without_a_usable_vector_is_named(make_model: MakeModel) -> None:
    embedder = load(make_model(broken=True))
    assert embedder.encode_passages(["粮食安全"]).shape == (1, 32)
    with pytest.raises(EmbedderError, match=r"no usable vector.*begins “水位下降”"):
        embedder.encode_passages(["粮食安全", "水位下降"])


def test_a_question_does_not_wait_for_a_batch_of_an_update(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = load(tiny_model)
    assert isinstance(embedder, SentenceTransformerEmbedder)
    in_batch, go_on = threading.Event(), threading.Event()
    model = embedder._model
    forward = model[0].forward

    def slow(features: dict[str, Any], **options: Any) -> Any:
        if len(features["input_ids"]) > 1:
            in_batch.set()
            assert go_on.wait(60)
        return forward(features, **options)

    monkeypatch.setattr(model[0], "forward", slow)
    update = threading.Thread(target=embedder.encode_passages, args=(["粮食安全"] * 8,))
    update.start()
    try:
        assert in_batch.wait(60)
        assert embedder.encode_queries(["谁负责"]).shape == (1, embedder.dim)
        assert update.is_alive()
    finally:
        go_on.set()
        update.join()


def test_bulk_encoding_leaves_a_core_while_questions_come_in(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    chosen: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    monkeypatch.setattr(sentence_transformer, "_all_threads", lambda: 4)
    monkeypatch.setattr(sentence_transformer, "QUESTION_PAUSE", 3600)
    embedder = load(tiny_model)
    many = ["粮食"] * (sentence_transformer.FEW_TEXTS + 1)
    embedder.encode_passages(many)
    embedder.encode_queries(["谁"])
    embedder.encode_passages(many)
    assert chosen == [4, 1, 3]


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"amx_bf16": True}, "bfloat16"),
        ({"avx512_bf16": True}, "bfloat16"),
        ({"avx2": True}, "float32"),
        ({}, "float32"),
    ],
)
def test_bfloat16_is_for_processors_made_for_it(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], expected: str
) -> None:
    import torch

    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    assert sentence_transformer._dtype("cpu") == getattr(torch, expected)


# ---- fingerprint ---------------------------------------------------------------------------------------------------


def test_the_fingerprint_is_of_the_model_not_of_its_place_or_number_format(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    one = load(tiny_model)
    copy = shutil.copytree(tiny_model, tmp_path / "elsewhere", copy_function=shutil.copyfile)
    (copy / "README.md").write_text("说明", "utf-8")
    (copy / ".DS_Store").write_text("")
    monkeypatch.setattr(sentence_transformer, "_dtype", lambda device: torch.float16)
    other = load(copy)
    assert other.fingerprint == one.fingerprint
    assert same(other.encode_passages(["粮食安全"]), one.encode_passages(["粮食安全"]))


def test_other_weights_or_prompts_or_lengths_have_another_fingerprint(
    tmp_path: Path, tiny_model: Path, make_model: MakeModel
) -> None:
    shorter = shutil.copytree(tiny_model, tmp_path / "shorter")
    settings = shorter / "tokenizer_config.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "model_max_length": 32}))
    folders = [
        tiny_model,
        shorter,
        make_model({"query": "谁：", "document": "文："}, seed=1),
        make_model({"query": "谁:", "document": "文："}),
    ]
    assert len({load(folder).fingerprint for folder in folders}) == 4


def test_a_change_in_the_middle_of_a_large_file_changes_the_digest(tmp_path: Path) -> None:
    content = bytearray(os.urandom(5_000_000))
    (tmp_path / "model.safetensors").write_bytes(content)
    before = sentence_transformer.folder_digest(tmp_path)
    # Training changes all weights; a block in each mebibyte is looked at.
    content[2_500_000:4_000_000] = os.urandom(1_500_000)
    (tmp_path / "model.safetensors").write_bytes(content)
    assert sentence_transformer.folder_digest(tmp_path) != before


# ---- what cannot be loaded -----------------------------------------------------------------------------------------


def test_the_name_of_a_folder_finds_it_from_anywhere(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_model.parent)
    embedder = load(f"./{tiny_model.name}")
    monkeypatch.chdir("/")
    assert load(embedder.name).fingerprint == embedder.fingerprint


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("没有/这个模型", "There is no model “没有/这个模型”"),
        ("nobody/no-such-model", "hf download nobody/no-such-model"),
        ("no-such-model", "hf download sentence-transformers/no-such-model"),
        ("./no-such-folder", "no such folder"),
        ("~/no/such/folder", "no such folder"),
        ("", "There is no model"),
    ],
)
def test_a_wrong_name_is_told_with_what_to_do(name: str, message: str) -> None:
    with pytest.raises(EmbedderError, match=message):
        load(name)


def test_a_wrong_name_fails_before_anything_heavy_is_imported_or_looked_up() -> None:
    code = """
import socket, sys
def refuse(*arguments, **options): raise AssertionError("network")
socket.getaddrinfo = socket.socket.connect = refuse
from pathlib import Path
from embeddings.embedder import EmbedderError, load_embedder
try:
    load_embedder("nobody/no-such-model", cache_dir=Path("not-used"))
except EmbedderError as error:
    print(error)
print({"torch", "transformers", "sentence_transformers", "faiss"} & set(sys.modules))
"""
    done = run_python(code)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Check the spelling" in done.stdout
    assert done.stdout.endswith("set()\n")


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=f"{tmp_path.name} holds no sentence-transformers model"):
        load(tmp_path)


def lose_the_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def cut_the_weights(folder: Path) -> None:
    os.truncate(folder / "model.safetensors", 1000)


def break_the_list_of_modules(folder: Path) -> None:
    (folder / "modules.json").write_text("{")


def empty_the_configuration(folder: Path) -> None:
    (folder / "config.json").write_text("{}")


def lose_the_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("[]")


@pytest.mark.parametrize(
    "damage",
    [lose_the_weights, cut_the_weights, break_the_list_of_modules, empty_the_configuration, lose_the_tokenizer],
)
def test_a_damaged_model_is_told_in_one_message(
    tmp_path: Path, tiny_model: Path, damage: Callable[[Path], None]
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "damaged-model")
    damage(folder)
    with pytest.raises(EmbedderError, match=r"damaged-model.*cannot be loaded"):
        load(folder)


def test_a_model_with_code_of_its_own_is_refused_and_its_code_not_run(tmp_path: Path, tiny_model: Path) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    modules = json.loads((folder / "modules.json").read_text())
    modules.append({"idx": 2, "name": "2", "path": "", "type": "evil.Evil"})
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')\nclass Evil: pass\n")
    with pytest.raises(EmbedderError, match="code of its own, which Youju does not run"):
        load(folder)
    assert not (tmp_path / "was-run").exists()


# ---- quiet and offline ---------------------------------------------------------------------------------------------


def test_loading_and_encoding_say_nothing_and_ask_nobody(tiny_model: Path) -> None:
    code = """
import socket, sys
def refuse(*arguments, **options): raise AssertionError("network")
socket.getaddrinfo = socket.socket.connect = refuse
import logging
logging.basicConfig()
from pathlib import Path
from embeddings.embedder import load_embedder
embedder = load_embedder(sys.argv[1], cache_dir=Path("not-used"))
embedder.encode_passages(["粮食安全"] * 100)
embedder.encode_queries(["谁负责"])
"""
    done = run_python(code, str(tiny_model))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = """
import sys
import embeddings.embedder, embeddings.bundled, embeddings.sentence_transformer
heavy = {"torch", "transformers", "sentence_transformers", "faiss", "tokenizers", "safetensors"}
print(sorted(heavy & set(sys.modules)))
"""
    assert run_python(code).stdout == "[]\n"
