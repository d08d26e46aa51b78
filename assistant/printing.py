"""What the commands print for people: plain text from the library is never taken for markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from assistant import types
from assistant.text.enumerations import starts_item
from assistant.text.normal import has_chinese

_MOST_PROBLEMS = 20
_MOST_NAMES = 40  # of documents of each kind in a preview
_STAGES = {
    "scan": "Looking through the texts",
    "read": "Reading",
    "embed": "Embedding",
    "publish": "Saving",
    "check": "Checking",
}

# What a terminal would obey (or show in another order) where a text or a file name holds it.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class _Console(Console):
    """Texts of the library are shown, never obeyed."""

    def print(self, *objects: Any, **options: Any) -> None:
        for text in objects:
            if isinstance(text, Text):
                text.plain = _ACTING.sub("\ufffd", text.plain)
        super().print(*objects, **options)


out = _Console(highlight=False, soft_wrap=True)
err = _Console(stderr=True, highlight=False)


def answer(found: types.Answer) -> None:
    """Sentences with their marks, then the quotes with their places; or every mention."""
    understood(found)
    if found.mentions is not None:
        mentions(found.mentions)
        return
    if found.refusal is not None:
        out.print(Text(found.refusal.reason, "bold yellow"))
        out.print(Text("Nearest passages (not an answer):", "dim"))
        hits(found.hits[:3])
        return
    for sentence in found.sentences:
        out.print(_sentence(sentence, found.citations))
    if found.differing:
        values = "; ".join(f"{one.text} ({one.date or 'undated'}) [{one.citation}]" for one in found.differing)
        out.print(Text(f"The texts differ on this, the newest first: {' '.join(values.split())}", "yellow"))
    out.print()
    for citation in found.citations:
        out.print(Text(f"[{citation.number}] ", "cyan").append(_place(citation)))
    if found.index.stale:
        notice("Texts on disk are newer than the index: run `youju index`.")


def understood(found: types.Answer) -> None:
    """What of an earlier question was added to one that follows it, in the language of that."""
    if not found.asked:
        return
    if has_chinese(found.asked):
        added = f"（补充：{'、'.join(found.added)}）" if found.added else ""
        out.print(Text(f"理解为：{found.asked}{added}", "dim"))
    else:
        added = f" (added: {', '.join(found.added)})" if found.added else ""
        out.print(Text(f"Understood as: {found.asked}{added}", "dim"))


def _sentence(sentence: types.Sentence, citations: Sequence[types.Citation]) -> Text:
    """A sentence with its marks, what was asked for underlined; an item indented, with a bullet if it has no mark."""
    bulleted = starts_item(sentence.text, 0, len(sentence.text))
    shown = Text(("  " if bulleted else "  • ") if sentence.item else "", "bold")
    cited = [citation for citation in citations if citation.number in sentence.citations]
    if any(citation.answers for citation in cited):
        for piece, asked in (piece for citation in cited for piece in citation.pieces):
            shown.append(re.sub(r"\s+", " ", piece), "bold underline" if asked else "bold")
    else:
        shown.append(sentence.text, "bold")
    return shown.append("".join(f" [{n}]" for n in sentence.citations), "cyan")


def notice(message: str) -> None:
    """Something to know besides what was asked for, on stderr."""
    err.print(Text(message, "yellow"))


def hits(found: Sequence[types.Hit]) -> None:
    """Passages with their places."""
    for number, hit in enumerate(found, 1):
        passage = hit.passage
        where = " › ".join((hit.title, *passage.heading))
        out.print(Text(f"{number}. ", "cyan").append(where, "bold").append(f"  ({passage.document})", "dim"))
        out.print(Text("   " + " ".join(hit.text.split())))
        if hit.terms:
            out.print(Text("   words: " + ", ".join(hit.terms), "dim"))


def mentions(found: types.Mentions) -> None:
    """Every passage that holds the words, under its document."""
    words = "、".join(found.words)
    documents = len(found.documents)
    if not documents:
        out.print(Text(f"No passage holds {words}."))
        return
    of = f"{documents:,} document{'' if documents == 1 else 's'}"
    passages = f"{found.passages:,} passage{' of {} holds' if found.passages == 1 else 's of {} hold'}".format(of)
    about = f"{documents:,} document{' is' if documents == 1 else 's are'} about {words}"
    out.print(Text(about if found.about else f"{passages}: {words}"))
    for document in found.documents:
        out.print()
        out.print(
            Text(document.title, "bold")
            .append(f"  ({_one_line(document.document)})", "dim")
            .append(f"  {len(document.mentions):,}", "cyan")
        )
        for mention in document.mentions:
            where = " › ".join(mention.passage.heading)
            page = "" if mention.passage.page is None else f"p. {mention.passage.page}"
            place = ", ".join(part for part in (where, page) if part)
            if place:
                out.print(Text(f"  {_one_line(place)}", "dim"))
            out.print(Text("  • " + " ".join(mention.text.split())))


def report(done: types.UpdateReport) -> None:
    """What an update did, and what could not be read."""
    what = (
        f"{done.added:,} added, {done.edited:,} edited, {done.removed:,} removed, {done.renamed:,} renamed; passages: "
        f"{_passages(done.passages_changed)}; {done.embedded:,} windows embedded"
        if done.changed
        else "nothing changed"
    )
    out.print(f"{done.documents:,} documents, {done.passages:,} passages: {what} ({done.seconds:.1f} s).")
    _problems(done.problems)


def preview(found: types.Preview) -> None:
    """What an update would do."""
    if not found:
        out.print("An update would change nothing.")
    else:
        for sign, what, names in (
            ("+", "added", found.added),
            ("~", "edited", found.edited),
            ("-", "removed", found.removed),
            (">", "renamed", found.renamed),
        ):
            if names:
                out.print(Text(f"{len(names):,} {what}:", "bold"))
                for name in names[:_MOST_NAMES]:
                    out.print(Text(f"  {sign} {_one_line(name)}"))
                if len(names) > _MOST_NAMES:
                    out.print(Text(f"  … and {len(names) - _MOST_NAMES:,} more", "dim"))
        if found.dictionary:
            out.print("The library's own words changed: its keyword index is made again, and nothing embedded for it.")
        out.print(f"Passages: {_passages(found.passages)}.")
        out.print(f"{found.windows:,} windows to embed{_expected(found)}.")
    _problems(found.problems)
    if found:
        out.print("Nothing was written: `youju index` does it.")


def check(report: types.CheckReport) -> None:
    """What was looked at, what was mended, and what is still wrong."""
    for finding in report.repaired:
        out.print(Text("mended  ", "green").append(f"{_one_line(finding.place)}: {finding.reason}"))
    for finding in report.findings:
        out.print(Text("wrong   ", "bold red").append(f"{_one_line(finding.place)}: {finding.reason}"))
    verdict = "sound" if report.sound else f"{len(report.findings):,} wrong"
    mended = f", {len(report.repaired):,} mended" if report.repaired else ""
    out.print(
        f"{report.documents:,} documents, {report.passages:,} passages, {report.windows:,} windows and "
        f"{report.files:,} texts on disk checked: {verdict}{mended} ({report.seconds:.1f} s)."
    )


def gc(report: types.GcReport) -> None:
    """What nothing needed, and how much room that makes."""
    if not (report.vectors or report.models or report.generations or report.bytes):
        out.print("There is nothing that is not needed.")
        return
    dropped = ((report.vectors, "vector"), (report.models, "model"), (report.generations, "old generation"))
    what = ", ".join(f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in dropped)
    out.print(f"Dropped: {what}; {_size(report.bytes)} freed.")


def status(found: types.Status) -> None:
    """The library, the index and how they differ."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("library", Text(str(found.library)))
    table.add_row("index", Text(str(found.index)))
    if found.generation:
        table.add_row("indexed", Text(f"{found.built_at} (generation {found.generation})"))
        table.add_row("holds", f"{found.documents:,} documents, {found.passages:,} passages, {found.windows:,} windows")
    else:
        table.add_row("indexed", Text("never: run `youju index`", "yellow"))
    table.add_row("model", Text(found.model + (" (another is set: run `youju index`)" if found.model_changed else "")))
    changes = found.changes
    newer = f"{len(changes.added):,} new, {len(changes.edited):,} edited, {len(changes.removed):,} removed"
    table.add_row("texts", Text(f"{newer}: run `youju index`" if changes else "the index is up to date"))
    if found.ignored:
        table.add_row("ignored", Text(f"{found.ignored:,} files or folders, by .youjuignore"))
    out.print(table)
    _problems(found.problems)


def _problems(problems: Sequence[types.Problem]) -> None:
    if problems:
        out.print(Text(f"{len(problems):,} could not be read:", "yellow"))
        for problem in problems[:_MOST_PROBLEMS]:
            out.print(Text(f"  {_one_line(problem.path)}: {problem.reason}"))
        if len(problems) > _MOST_PROBLEMS:
            out.print(Text(f"  … and {len(problems) - _MOST_PROBLEMS:,} more: see `youju status --json`", "dim"))


def _passages(changes: types.PassageChanges) -> str:
    return f"{changes.added:,} added, {changes.changed:,} changed, {changes.removed:,} removed"


def _expected(found: types.Preview) -> str:
    if not found.windows:
        return ""
    if found.seconds is None:
        return ", which takes a time that is not known yet"
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if found.seconds >= 1.5 * length:
            return f", which takes about {found.seconds / length:.0f} {unit}"
    return f", which takes about {max(1.0, found.seconds):.0f} s"


def _size(number: int) -> str:
    """A number of bytes in the unit that helps, as 1.5 MB."""
    size = float(number)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _one_line(name: str) -> str:
    """A file's name may hold anything but “/”, a line break included."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)


def _place(citation: types.Citation) -> Text:
    place = Text(" › ".join((citation.title, *citation.heading)), "bold")
    page = f", p. {citation.page}" if citation.page is not None else ""
    span = f"{citation.start}–{citation.end}"
    return place.append(f"  ({citation.document}{page}, characters {span})", "dim")


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """A sign of life on stderr while the model loads."""
    with err.status(message):
        yield


@contextmanager
def counting(total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on stderr; the function moves it by one."""
    with _bar("{task.fields[detail]}") as progress:
        task = progress.add_task("Answering", total=total, detail="")
        yield lambda: progress.advance(task)


@contextmanager
def progress() -> Iterator[Callable[[types.Progress], None]]:
    """A progress bar of an update on stderr: documents, windows a second, time left."""
    with _bar("{task.fields[detail]}") as bar:
        task = bar.add_task("Looking through the texts", total=None, detail="")

        def show(state: types.Progress) -> None:
            embedding = state.stage == "embed"
            total = state.windows_total if embedding else state.documents_total
            detail = ""
            if embedding and state.windows_per_second:
                left = "" if state.seconds_left is None else f", {_minutes(state.seconds_left)} left"
                detail = f"{state.windows_per_second:.0f} windows/s{left}"
            bar.update(
                task,
                description=_STAGES[state.stage],
                completed=state.windows if embedding else state.documents,
                total=total or None,
                detail=detail,
            )

        yield show


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _bar(detail: str) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn(detail),
        console=err,
        transient=True,
    )
