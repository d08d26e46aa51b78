"""The keyword index: BM25 over the words and the character bigrams of passages, by tantivy.

Derived: it can be made again from the database. Its files never change once written, only new ones are added and the
list of them is replaced, so a copy made of hard links can be brought up to date beside the one that is in use.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.index.private import private_folder
from assistant.text.normal import fold
from assistant.text.tokens import Term, Tokens, pairs

_HEAP_BYTES = 64_000_000
_COPIED_BYTES = 1 << 20  # at once
_WORDS, _BIGRAMS, _PASSAGE = "words", "bigrams", "passage"


class KeywordIndex:
    """One state of the keyword index, for searching. Safe to use from several threads."""

    def __init__(self, folder: Path, checksums: Mapping[str, str]) -> None:
        """Raises ValueError or OSError where the files, whose sha256 by name are given, are no sound index.

        They are mapped into memory from a private copy: a mapped file that somebody else truncates ends the process.
        """
        import tantivy

        copy = private_folder(self) / "keywords"
        copy.mkdir()
        if {file.name: _copy(file, copy / file.name) for file in _files(folder)} != checksums:
            raise ValueError(f"{folder} is damaged or of another generation")
        self._index = _with_tokenizer(tantivy.Index.open(str(copy)))
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, words: Sequence[str], bigrams: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """Passage ids and BM25 scores, best first; every word and bigram may match, none has to."""
        import tantivy

        schema = self._index.schema
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, value, "freq"))
            for field, values in ((_WORDS, words), (_BIGRAMS, bigrams))
            for value in dict.fromkeys(values)
        ]
        if not clauses:
            return []
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
        ids = self._searcher.fast_field_values(_PASSAGE, [address for _, address in hits])
        return [(int(passage), float(score)) for passage, (score, _) in zip(ids, hits, strict=True)]

    def holding_all(self, word: str, limit: int) -> list[int]:
        """Ids of passages that hold every bigram of a Chinese word."""
        import tantivy

        schema = self._index.schema
        clauses = [
            (tantivy.Occur.Must, tantivy.Query.term_query(schema, _BIGRAMS, pair, "freq")) for pair in pairs(word)
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
        return [int(i) for i in self._searcher.fast_field_values(_PASSAGE, [address for _, address in hits])]

    def passages(self) -> set[int]:
        """Ids of all passages."""
        import tantivy

        hits = self._searcher.search(tantivy.Query.all_query(), max(1, len(self)), count=False).hits
        return {int(i) for i in self._searcher.fast_field_values(_PASSAGE, [address for _, address in hits])}

    def frequency(self, term: Term) -> int:
        """In how many passages a word of a question occurs; a Chinese word also where it was cut otherwise."""
        found = self._count(_WORDS, term.folded)
        return max(found, self._count(_BIGRAMS, term.folded)) if term.is_cjk and len(term.folded) == 2 else found

    def _count(self, field: str, value: str) -> int:
        """Counted, not looked up: tantivy's own document frequencies include passages that were removed."""
        import tantivy

        query = tantivy.Query.term_query(self._index.schema, field, value, "freq")
        return int(self._searcher.search(query, 1, count=True).count)


def checksums(folder: Path) -> dict[str, str]:
    """The sha256 of each file of an index, by name. Raises OSError."""
    found = {}
    for path in _files(folder):
        with path.open("rb") as file:
            found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.iterdir()) if not file.name.endswith(".lock")]


def _copy(source: Path, target: Path) -> str:
    """Copy a file; returns the sha256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while block := read.read(_COPIED_BYTES):
            digest.update(block)
            written.write(block)
    return digest.hexdigest()


def build(path: Path, tokens: Tokens, passages: Iterable[tuple[int, str]]) -> None:
    """Make an index of (passage id, search text) pairs in an empty or missing folder."""
    import tantivy

    path.mkdir(parents=True, exist_ok=True)
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_PASSAGE, stored=False, indexed=True, fast=True)
    for field in (_WORDS, _BIGRAMS):
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="freq")
    try:
        index = _with_tokenizer(tantivy.Index(builder.build(), str(path)))
    except ValueError as error:
        raise OSError(f"the keyword index cannot be made: {error}") from error
    _write(index, tokens, removed=(), added=passages)


def update(old: Path, new: Path, tokens: Tokens, removed: Iterable[int], added: Iterable[tuple[int, str]]) -> None:
    """Make `new` from `old` without touching `old`."""
    import tantivy

    new.mkdir(parents=True)
    for file in _files(old):
        if file.suffix == ".json":  # the lists of files are replaced, never changed in place; still, no shared inode
            shutil.copyfile(file, new / file.name)
        else:
            _link(file, new / file.name)
    try:
        index = _with_tokenizer(tantivy.Index.open(str(new)))
    except ValueError as error:
        raise OSError(f"the keyword index cannot be opened: {error}") from error
    _write(index, tokens, removed, added)


def _write(index: Any, tokens: Tokens, removed: Iterable[int], added: Iterable[tuple[int, str]]) -> None:
    """Raises OSError."""
    import tantivy

    try:
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for passage in removed:
            writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, _PASSAGE, passage))
        for passage, text in added:
            document = tantivy.Document()
            document.add_unsigned(_PASSAGE, passage)
            folded = fold(text)
            document.add_text(_WORDS, " ".join(tokens.words(folded)))
            document.add_text(_BIGRAMS, " ".join(tokens.bigrams(folded)))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # how tantivy tells of a disk that is full or fails
        raise OSError(f"the keyword index cannot be written: {error}") from error


def _with_tokenizer(index: Any) -> Any:
    import tantivy

    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", analyzer)
    index.config_reader("manual")  # no thread that watches the folder for commits: an index here never changes
    return index


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
