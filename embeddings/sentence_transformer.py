"""Any sentence-transformers model as an `Embedder`: from a folder, or by a name in the local model cache."""

from __future__ import annotations

import functools
import gc
import hashlib
import logging
import os
import pickle
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.embedder import EmbedderError, Vectors

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

# Up to so many texts, a call is taken for a question: it runs on one thread, where a busy machine delays it least.
FEW_TEXTS = 4
# While questions come in, bulk encoding leaves one core to them; seconds after the last one.
QUESTION_PAUSE = 2.0
_SAMPLE_STEP = 1 << 20  # bytes: of a large file one block in each mebibyte goes into the fingerprint
_SAMPLE_SIZE = 1 << 12
_NOT_VECTORS = frozenset({".md", ".onnx", ".h5", ".msgpack", ".ot", ".png", ".jpg", ".svg", ".pdf"})
_STATED_PROMPTS = re.compile(r'input text should start with "query: " or "passage: "', re.IGNORECASE)


class SentenceTransformerEmbedder:
    """A loaded model. Several threads may encode at once; only tokenizing takes turns.

    Texts longer than the model reads are cut at its end. Vectors are float32 of length 1, whatever the model computes
    in: bfloat16 or float16 on CUDA, bfloat16 on CPUs with AMX or AVX512-BF16, float32 elsewhere.
    """

    def __init__(self, folder: Path, *, name: str, fingerprint: str | None = None, batch_size: int = 32) -> None:
        self.name = name
        self._batch_size = batch_size
        self._tokenizing = threading.Lock()  # a fast tokenizer fails when two threads set its padding at once
        self._last_question = -QUESTION_PAUSE
        self._model = _load(folder, name)
        prompts = self._model.prompts
        self._query_prompt = prompts.get("query") or ""
        self._passage_prompt = next(filter(None, map(prompts.get, ("document", "passage", "corpus"))), "")
        if not any(prompts.values()) and _states_prompts(folder):
            self._query_prompt, self._passage_prompt = "query: ", "passage: "
        self.fingerprint = fingerprint or f"{folder_digest(folder)}-{_digest(self._query_prompt, self._passage_prompt)}"
        try:
            self.dim = self._forward(["youju"], "", "query").shape[1]  # the first pass also warms the model up
        except (RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise EmbedderError(f"The model “{name}” is loaded but cannot embed a text: {error}") from error

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim). Raises EmbedderError where the model makes no usable vector."""
        return self._encode(texts, self._query_prompt, "query")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim). Raises EmbedderError where the model makes no usable vector."""
        return self._encode(texts, self._passage_prompt, "document")

    def _encode(self, texts: Sequence[str], prompt: str, task: str) -> Vectors:
        # A text of a badly named file may hold lone surrogates, which no tokenizer takes.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        vectors = np.empty((len(clean), self.dim), dtype=np.float32)
        few = len(clean) <= FEW_TEXTS
        if few:
            self._last_question = time.monotonic()
        longest_first = sorted(range(len(clean)), key=lambda row: -len(clean[row]))  # so that padding is small
        for start in range(0, len(clean), self._batch_size):
            rows = longest_first[start : start + self._batch_size]
            self._choose_threads(few=few)
            vectors[rows] = self._forward([clean[row] for row in rows], prompt, task)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unusable = np.flatnonzero(~(np.isfinite(lengths[:, 0]) & (lengths[:, 0] > 0)))
        if unusable.size:
            raise EmbedderError(
                f"The model “{self.name}” makes no usable vector for the text that begins “{texts[unusable[0]][:40]}”. "
                "Choose another model, or take this text out of the library."
            )
        vectors /= lengths
        return vectors

    def _choose_threads(self, *, few: bool) -> None:
        """Set how many threads the calling thread's next pass uses; other threads keep their own number.

        Measured on two cores with AMX while an update runs: one question takes 35 ms if everything uses all threads,
        15 ms if it has a core of its own. Alone it takes 10.5 ms with one thread, 8.5 ms with two.
        """
        import torch

        asked_lately = time.monotonic() - self._last_question < QUESTION_PAUSE
        torch.set_num_threads(1 if few else max(1, _all_threads() - asked_lately))

    def _forward(self, texts: list[str], prompt: str, task: str) -> Vectors:
        """One batch through the model: what `SentenceTransformer.encode` does, which cannot be entered by two threads.

        It also spends 2 ms on every call (of 10 ms for a short question) on going through all modules and parameters.
        """
        import torch
        from sentence_transformers.util import batch_to_device

        with self._tokenizing:
            features = self._model.preprocess(texts, prompt=prompt, task=task)
        with torch.inference_mode():
            features = self._model(batch_to_device(features, self._model.device), task=task)
            vectors: torch.Tensor = features["sentence_embedding"]
            if self._model.truncate_dim is not None:
                vectors = vectors[:, : self._model.truncate_dim]
            result: Vectors = vectors.float().cpu().numpy()
        return result


def find_model(name: str) -> Path:
    """The folder of a model: `name` itself, or what the local model cache holds under that name.

    Raises EmbedderError at once where there is neither; nothing is looked up on the network.
    """
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        if not any((folder / file).is_file() for file in ("modules.json", "config.json")):
            raise EmbedderError(
                f"The folder {folder} holds no sentence-transformers model: it has neither modules.json nor "
                "config.json. Give the folder that `SentenceTransformer.save` wrote."
            )
        return folder.resolve()
    if not name or name[0] in "./~" or name.count("/") > 1 or "\\" in name:
        raise EmbedderError(f"There is no model “{name}”: no such folder. Check the path.")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    full_name = name if "/" in name else f"sentence-transformers/{name}"
    try:
        found = Path(snapshot_download(full_name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise EmbedderError(
            f"There is no model “{name}”: it is neither a folder nor in the local model cache, and Youju downloads "
            f"nothing. Check the spelling, download it once with “hf download {full_name}”, or give its folder."
        ) from error
    if not (found / "config.json").is_file() and not (found / "modules.json").is_file():
        raise EmbedderError(
            f"The model “{name}” in the local model cache ({found}) is not complete. Download it again with "
            f"“hf download {full_name}”."
        )
    return found


def folder_digest(folder: Path) -> str:
    """Identifies a model by its files, wherever the folder lies: 32 hexadecimal digits.

    Small files are read whole, of large ones a block in each mebibyte: hashing 500 MB at every start would take half
    a second, and training changes every block.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix in _NOT_VECTORS or any(part.startswith(".") for part in name.parts) or not path.is_file():
            continue
        size = path.stat().st_size
        digest.update(f"{name.as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= _SAMPLE_STEP:
                digest.update(file.read())
                continue
            for place in (*range(0, size, _SAMPLE_STEP), size - _SAMPLE_SIZE):
                file.seek(place)
                digest.update(file.read(_SAMPLE_SIZE))
    return digest.hexdigest()[:32]


def _load(folder: Path, name: str) -> SentenceTransformer:
    """Load from a folder, without network, code of the model's own, or a word on the terminal."""
    # Read when the libraries are imported: no look-ups, no warning from tokenizers whenever a process is forked.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with _collector_paused():
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        _all_threads()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            model = SentenceTransformer(
                str(folder),
                device=device,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"dtype": _dtype(device)},
            )
        except (
            OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError, IndexError,
            SafetensorError, pickle.UnpicklingError,
        ) as error:  # fmt: skip
            own_code = "trust_remote_code" in str(error)
            why = "it needs program code of its own, which Youju does not run" if own_code else error
            raise EmbedderError(
                f"The model “{name}” in {folder} cannot be loaded: {why}. Download it again or choose another model."
            ) from error
    return model.eval()


def _dtype(device: str) -> torch.dtype:
    """What the model computes in: half the memory and two to four times as fast where the machine is made for it."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    # Not there before torch 2.10 or so; float32 is right everywhere.
    capabilities: dict[str, Any] = dict(getattr(torch.cpu, "get_capabilities", dict)())
    return torch.bfloat16 if capabilities.get("amx_bf16") or capabilities.get("avx512_bf16") else torch.float32


@functools.cache
def _all_threads() -> int:
    """Threads torch chose for this machine; asked once, before any thread is given another number."""
    import torch

    return torch.get_num_threads()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Importing makes millions of objects that stay; looking for garbage among them costs 0.6 s of 3.7 s."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _states_prompts(folder: Path) -> bool:
    """Whether the model's own description asks for E5's prompts, which the published folders do not configure."""
    try:
        return _STATED_PROMPTS.search((folder / "README.md").read_text("utf-8", "replace")) is not None
    except OSError:
        return False


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
