"""The commands: read the flags, call Assistant, print. Nothing heavy is imported before a command really runs."""

from __future__ import annotations

import json as json_module
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant

DONE, USER_ERROR, NO_ANSWER, INTERRUPTED = 0, 1, 3, 130

# Newer typer carries its own copy of click: its errors are only reached through this one.
_UsageError: type[BaseException] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Answers questions from your own texts and shows the exact sentence that says so. "
    "从自己的文本中找答案，并指出原句。",
    epilog="Exit codes: 0 done, 1 an error you can mend, or an index that `check` finds wrong, 3 `ask` found no answer "
    "in the texts.",
)

_Folder = Annotated[Path | None, typer.Argument(metavar="[PATH]", help="The library: a folder of texts.")]
_Library = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="PATH",
        help="The library: a folder of texts. Default: the one last indexed, or the sample.",
    ),
]
_Index = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="Where the index is kept. Default: a folder of its own per library."),
]
_Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="A sentence-transformers model, by name or folder. Default: bundled."),
]
_Within = Annotated[
    list[str] | None,
    typer.Option(
        "--in",
        metavar="FOLDER_OR_DOCUMENT",
        help="Search only there: a path relative to the library; repeat for several.",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def index(
    path: _Folder = None,
    library: _Library = None,
    index: _Index = None,
    model: _Model = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be done; nothing is written.")
    ] = False,
    json: _Json = False,
) -> None:
    """Bring the index of a library up to date; only what changed is embedded."""
    from assistant import contract, printing

    with _assistant(_one(path, library), index, model, remember=not dry_run) as assistant:
        if dry_run:
            with printing.progress() as show:
                preview = assistant.preview(show)
            if json:
                _print_json(contract.preview_json(preview))
            else:
                printing.preview(preview)
            return
        report = _update(assistant)
        if json:
            _print_json(contract.report_json(report))
        else:
            printing.report(report)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="A question, in ordinary words.")] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions", metavar="FILE", help="JSON Lines: a `question` (and an `id`) a line; all answered."
        ),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            "--after", metavar="QUESTION", help="The question before: what this one leaves out is taken from there."
        ),
    ] = None,
    within: _Within = None,
    library: _Library = None,
    index: _Index = None,
    model: _Model = None,
    json: _Json = False,
) -> None:
    """Answer from the texts, with the sentences that say so; exit code 3 where the texts hold no answer.

    A question for every mention (“列出所有提到…的段落”, “where is … mentioned”) is answered by the list of them.
    """
    if (question is None) == (questions is None):
        raise typer.BadParameter("give one question, or a file with --questions")
    if after is not None and questions is not None:
        raise typer.BadParameter("--after goes with one question: those of a file are asked each for itself")
    from assistant import batch, contract, printing

    many = None if questions is None else batch.read_questions(questions)
    with _assistant(library, index, model) as assistant:
        if many is not None:
            with printing.counting(len(many)) as count:
                for question_id, answer in batch.answer_all(assistant, many, within=within or ()):
                    if json:
                        _print_json(contract.answer_json(answer, question_id))
                    else:
                        printing.answer(answer)
                    count()
            return
        assert question is not None
        with printing.waiting("Looking…"):
            earlier = None if after is None else assistant.ask(after, within=within or ()).turn
            answer = assistant.ask(question, within=within or (), after=earlier)
        if json:
            _print_json(contract.answer_json(answer))
        else:
            printing.answer(answer)
        if assistant.status().model_changed:
            printing.notice("Answered by the model the index was made with: `youju index` embeds with the one set now.")
        if not answer.answered:
            raise typer.Exit(NO_ANSWER)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many passages.")] = 10,
    every: Annotated[
        bool, typer.Option("--all", help="Every passage that holds the words literally, counted and by document.")
    ] = False,
    within: _Within = None,
    library: _Library = None,
    index: _Index = None,
    model: _Model = None,
    json: _Json = False,
) -> None:
    """List the passages that best match, or all that hold the words, without composing an answer."""
    from assistant import contract, printing

    with _assistant(library, index, model) as assistant:
        if every:
            with printing.waiting("Looking…"):
                found = assistant.mentions(query, within=within or ())
            if json:
                _print_json(contract.mentions_json(query, found))
            else:
                printing.mentions(found)
            return
        with printing.waiting("Looking…"):
            hits = assistant.search(query, limit=limit, within=within or ())
        if json:
            _print_json({"query": query, "passages": [contract.hit_json(hit) for hit in hits]})
        else:
            printing.hits(hits)


@app.command()
def status(library: _Library = None, index: _Index = None, model: _Model = None, json: _Json = False) -> None:
    """Show what the library holds, and whether texts are newer than the index."""
    from assistant import contract, printing

    with _assistant(library, index, model) as assistant:
        found = assistant.status()
        if json:
            documents = assistant.documents() if found.generation else ()
            _print_json(contract.status_json(found, documents))
        else:
            printing.status(found)


@app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be made again from what is sound.")] = False,
    library: _Library = None,
    index: _Index = None,
    model: _Model = None,
    json: _Json = False,
) -> None:
    """Verify the whole index against itself and the texts on disk; exit code 1 where something stays wrong."""
    from assistant import contract, printing

    with _assistant(library, index, model) as assistant:
        with printing.progress() as show:
            report = assistant.check(repair=repair, on_progress=show)
        if json:
            _print_json(contract.check_json(report))
        else:
            printing.check(report)
            if not (report.sound or repair):
                printing.notice("`youju check --repair` mends what can be made again.")
        if not report.sound:
            raise typer.Exit(USER_ERROR)


@app.command()
def gc(library: _Library = None, index: _Index = None, model: _Model = None, json: _Json = False) -> None:
    """Drop what no generation of the index needs any more: vectors of texts and models that are gone."""
    from assistant import contract, printing

    with _assistant(library, index, model) as assistant:
        with printing.waiting("Looking…"):
            report = assistant.gc()
        if json:
            _print_json(contract.gc_json(report))
        else:
            printing.gc(report)


@app.command()
def evaluate(
    questions: Annotated[
        Path | None,
        typer.Argument(
            metavar="[QUESTIONS.jsonl]",
            help="A question a line, with what is known of its answer: `document` and `quote`, `answers`, "
            "`passage_ids`, `not`, or `answerable`. Default: what was said of answers on the page.",
        ),
    ] = None,
    library: _Library = None,
    index: _Index = None,
    model: _Model = None,
    json: _Json = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", dir_okay=False, help="Write a page to read.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option("--compare", metavar="EARLIER.json", help="Compare with an earlier run's --output.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE.json", dir_okay=False, help="Write all that was measured.")
    ] = None,
) -> None:
    """Measure search, answers, citations, refusals and time on questions whose answers are known.

    Without a file these are the library's own: what was said of answers on the page is kept as such. Their figures are
    kept, too, and the page shows them.
    """
    from assistant.evaluation.questions import read_questions
    from assistant.evaluation.results import read_results

    cases = None if questions is None else read_questions(questions)
    earlier = None if compare is None else read_results(compare)
    with _assistant(library, index, model) as assistant:
        from assistant.evaluation import feedback, last_run, own

        own.check_places(output, report)
        path = questions or feedback.questions_file(assistant.index_dir)
        if cases is None:
            cases = last_run.read_own(assistant.index_dir)
        results = own.measure(assistant, cases, path.stem)
        if last_run.is_own(path, assistant.index_dir):
            last_run.keep(assistant, results["sets"][path.stem])
        results = own.tell(results, earlier, output=output, html=report, quiet=json)
    if json:
        _print_json(results)


@app.command()
def chat(
    path: _Folder = None,
    library: _Library = None,
    index: _Index = None,
    model: _Model = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="If taken, the next free one.")] = 7860,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the folder: update by itself when edits have settled.")
    ] = False,
    uploads: Annotated[
        bool, typer.Option("--uploads", help="Let texts be put into the library through the page.")
    ] = False,
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file", metavar="FILE", help="The page asks for the password that is the only line of FILE."
        ),
    ] = None,
    ask_password: Annotated[
        bool, typer.Option("--ask-password", help="Type the password that the page then asks for.")
    ] = False,
) -> None:
    """Serve the page for a library; one that was never indexed is read while the page is up.

    A password can also be given by the variable YOUJU_PASSWORD. Set one before listening on other addresses.
    """
    from assistant.password import given_password

    given = {"password": given_password(password_file, ask=ask_password), "uploads": uploads or None}
    with _assistant(_one(path, library), index, model, remember=True, explained=True, **given) as assistant:
        # The processes that read files need it least of all.
        os.environ.pop("YOUJU_PASSWORD", None)
        from ui.server import serve

        serve(assistant, host, port, open_browser=browser, watch=watch)


def main() -> NoReturn:
    """Run a command; every error a user can mend is one message, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    sys.exit(_run())


def _run() -> int:
    command = typer.main.get_command(app)
    try:
        code = int(command(standalone_mode=False) or DONE)
        if code != INTERRUPTED:
            return code
        raise KeyboardInterrupt  # typer has made an exit code of it
    except _UsageError as error:
        context = getattr(error, "ctx", None)
        message = getattr(error, "format_message", lambda: "")()
        if message and "Usage:" not in message:  # without any command, the help is the message
            hint = f" See `{context.command_path} --help`." if context else ""
            _complain(f"{message.rstrip('.')}.{hint}")
    except (KeyboardInterrupt, typer.Abort):
        _complain("Stopped. What was done so far is kept; the same command goes on from there.", prefix="")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is flushed into the pipe
        return DONE
    except OSError as error:  # a full disk under the output, say
        _complain(f"{error}. Make room, or check the permissions there.")
    except Exception as error:
        if not _mendable(error):
            raise
        _complain(str(error))
    return USER_ERROR


def _mendable(error: Exception) -> bool:
    """Whether its message is for the user."""
    from assistant.errors import YoujuError

    embedder = sys.modules.get("embeddings.embedder")
    return isinstance(error, YoujuError) or (embedder is not None and isinstance(error, embedder.EmbedderError))


def _complain(message: str, prefix: str = "Error: ") -> None:
    sys.stderr.write(f"{prefix}{message}\n")


def _print_json(value: Any) -> None:
    sys.stdout.write(json_module.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _one(path: Path | None, library: Path | None) -> Path | None:
    if path is not None and library is not None and path != library:
        raise typer.BadParameter("give the library once: as PATH or with --library")
    return path or library


@contextmanager
def _assistant(
    library: Path | None,
    index: Path | None,
    model: str | None,
    *,
    remember: bool = False,
    explained: bool = False,
    **settings_given: Any,
) -> Iterator[Assistant]:
    """`explained`: a library that is not there is no error here, as it is explained where it is shown."""
    if library is not None and not (explained and not library.expanduser().exists()):
        _check_folder(library)
    if model is not None:
        from embeddings.embedder import check_model

        check_model(model)
    from assistant.config import load_settings, remember_library

    settings = load_settings(library=library, index=index, model=model, **settings_given)
    from assistant.assistant import Assistant

    assistant = Assistant(settings)
    try:
        if remember and settings.library.is_dir():
            remember_library(settings)
        yield assistant
    finally:
        assistant.close()


def _check_folder(library: Path) -> None:
    """Told before anything is imported; what else may be wrong with a library is found out later."""
    if not library.expanduser().is_dir():
        from assistant.errors import LibraryError

        wrong = "is not a folder" if library.expanduser().exists() else "does not exist"
        raise LibraryError(f"The library {library} {wrong}. Give the folder that holds your texts.")


def _update(assistant: Assistant) -> Any:
    from assistant import printing

    with printing.progress() as show:
        return assistant.update(show)
