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
from assistant.text.tokens import QuestionTokens, Required, Term, Tokens, pairs, required

_HEAP_BYTES = 64_000_000
_COPIED_BYTES = 1 << 20  # at once
_MOST_RANGES = 64  # 50,000 of 100,000 passages: 3 ms as a range, 50 ms one by one
# Numbers have a field of their own: among the words they would make texts with many numbers longer, and score less.
_WORDS, _BIGRAMS, _NUMBERS, _PASSAGE = "words", "bigrams", "numbers", "passage"

IdRange = tuple[int, int]  # first and last


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

    def search(
        self, tokens: QuestionTokens, limit: int, *, within: Sequence[IdRange] | None = None
    ) -> list[tuple[int, float]]:
        """Passage ids and BM25 scores, best first; every word and bigram may match, none has to.

        A passage that holds the question as a whole is found even where all its words only ask. `within` restricts the
        search to passages with these ids, exactly.
        """
        import tantivy

        clauses = self._clauses(tokens)
        if not clauses:
            return []
        query = _any_of(clauses)
        if within is not None:
            area = tantivy.Query.const_score_query(self._area(within), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, area)])
        return self._scored(query, limit)

    def score(
        self, tokens: QuestionTokens, weights: Mapping[Term, float], passages: Sequence[int]
    ) -> tuple[dict[int, float], dict[int, float]]:
        """BM25 and coverage of some passages, each as a part of what is possible; one with neither is left out.

        BM25 is divided by the weight of the question's words, so that it tells a good match from the best of bad ones;
        coverage is the share of that weight in words that the passage, its title or headings hold.
        """
        import tantivy

        total = sum(weights.values())
        clauses = self._clauses(tokens)
        if not (passages and clauses and total):
            return {}, {}
        held = tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._index.schema, _PASSAGE, list(passages)), 0.0
        )
        terms = [
            tantivy.Query.const_score_query(self._held(term), weight / total)
            for term, weight in weights.items()
            if weight > 0
        ]
        found = []
        for wanted in (clauses, terms):
            both = [(tantivy.Occur.Must, _any_of(wanted)), (tantivy.Occur.Must, held)]
            found.append(dict(self._scored(tantivy.Query.boolean_query(both), len(passages))))
        bm25, coverage = found
        return {passage: score / total for passage, score in bm25.items()}, coverage

    def _clauses(self, tokens: QuestionTokens) -> list[Any]:
        clauses = [self._word(word) for word in dict.fromkeys(tokens.words)]
        clauses += [self._term(_BIGRAMS, pair) for pair in dict.fromkeys(tokens.bigrams)]
        clauses += [self._any_name(names) for names in tokens.others]
        return clauses + [self._all_of(phrase) for phrase in tokens.phrase]

    def _any_name(self, names: Sequence[Required]) -> Any:
        """The best of several names of one thing: each is as good."""
        import tantivy

        return tantivy.Query.disjunction_max_query([self._all_of(name) for name in names])

    def _held(self, term: Term) -> Any:
        """A word of a question or its other names, a Chinese one also where the text was cut otherwise."""
        forms = [self._word(term.folded), *(self._all_of(required(name)) for name in term.others)]
        if term.is_cjk and len(term.folded) > 1:
            forms.append(self._all_of(required(term.folded)))
        return _any_of(forms) if len(forms) > 1 else forms[0]

    def _scored(self, query: Any, limit: int) -> list[tuple[int, float]]:
        hits = self._searcher.search(query, limit, count=False).hits
        ids = self._searcher.fast_field_values(_PASSAGE, [address for _, address in hits])
        return [(int(passage), float(score)) for passage, (score, _) in zip(ids, hits, strict=True)]

    def _area(self, ranges: Sequence[IdRange]) -> Any:
        """Passages in some ranges of ids. Many ranges are slow, and many single ids, too, but less so."""
        import tantivy

        schema, unsigned = self._index.schema, tantivy.FieldType.Unsigned
        if len(ranges) > _MOST_RANGES:
            ids = [number for first, last in ranges for number in range(first, last + 1)]
            return tantivy.Query.term_set_query(schema, _PASSAGE, ids)
        parts = [tantivy.Query.range_query(schema, _PASSAGE, unsigned, first, last) for first, last in ranges]
        return _any_of(parts) if parts else tantivy.Query.empty_query()

    def holding(self, words: Sequence[Sequence[Required]], *, within: Sequence[IdRange] | None = None) -> list[int]:
        """Ids of all passages with the tokens of every one of some words, in one of its forms; ascending.

        A form that requires nothing is in any passage.
        """
        import tantivy

        clauses = [_any_of([self._all_of(form) for form in forms]) for forms in words if all(forms)]
        clauses += [] if within is None else [self._area(within)]
        query = tantivy.Query.all_query()
        if clauses:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, clause) for clause in clauses])
        return sorted(self._ids(query, max(1, len(self))))

    def holding_all(self, word: str, limit: int) -> list[int]:
        """Ids of passages that hold every bigram of a Chinese word."""
        return self._ids(self._all_of(Required(bigrams=tuple(pairs(word)))), limit)

    def _all_of(self, tokens: Required) -> Any:
        import tantivy

        terms = [self._word(word) for word in tokens.words]
        terms += [self._term(_BIGRAMS, pair) for pair in tokens.bigrams]
        patterns = [f"{character}.?|.{character}" for character in tokens.characters]
        terms += [tantivy.Query.regex_query(self._index.schema, _BIGRAMS, pattern) for pattern in patterns]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in terms])

    def _word(self, word: str) -> Any:
        """A word, or a number in whatever way it is written."""
        numeric = any(character.isdecimal() for character in word)
        return (
            _any_of([self._term(field, word) for field in (_WORDS, _NUMBERS)]) if numeric else self._term(_WORDS, word)
        )

    def _term(self, field: str, value: str) -> Any:
        import tantivy

        return tantivy.Query.term_query(self._index.schema, field, value, "freq")

    def _ids(self, query: Any, limit: int) -> list[int]:
        hits = self._searcher.search(query, limit, count=False).hits
        return [int(i) for i in self._searcher.fast_field_values(_PASSAGE, [address for _, address in hits])]

    def passages(self) -> set[int]:
        """Ids of all passages."""
        import tantivy

        return set(self._ids(tantivy.Query.all_query(), max(1, len(self))))

    def frequency(self, term: Term) -> int:
        """In how many passages a word of a question occurs, or another name of the same thing.

        A Chinese word is counted also where it was cut otherwise.
        """
        names = [self._all_of(required(name)) for name in term.others]
        word = self._word(term.folded)
        found = self._count(_any_of([word, *names]) if names else word)
        if term.is_cjk and len(term.folded) == 2:
            found = max(found, self._count(self._term(_BIGRAMS, term.folded)))
        return found

    def _count(self, query: Any) -> int:
        """Counted, not looked up: tantivy's own document frequencies include passages that were removed."""
        return int(self._searcher.search(query, 1, count=True).count)


def _any_of(queries: Sequence[Any]) -> Any:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


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
    for field in (_WORDS, _BIGRAMS, _NUMBERS):
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
            document.add_text(_WORDS, " ".join(tokens.words(text)))
            document.add_text(_BIGRAMS, " ".join(tokens.bigrams(text)))
            document.add_text(_NUMBERS, " ".join(tokens.numbers(text)))
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
