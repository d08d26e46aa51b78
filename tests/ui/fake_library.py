"""An Assistant over a few documents in memory: its answers can be worked out by reading it, and it needs no model.

A question is compared with every sentence by the pairs of letters they share. It can be held, slowed down or made to
fail at will, which the real one cannot.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.citing.difference import difference
from assistant.citing.verification import Cited, State, Verdict
from assistant.config import Settings
from assistant.errors import NotIndexedError, QuestionError, QuestionLengthError, UpdateStoppedError
from assistant.types import (
    Answer,
    Changes,
    CheckReport,
    Citation,
    Document,
    DocumentInfo,
    DocumentMentions,
    GcReport,
    Hit,
    IndexState,
    Mention,
    Mentions,
    Passage,
    PassageChanges,
    Preview,
    Problem,
    Progress,
    Refusal,
    Sentence,
    Status,
    Turn,
    UpdateReport,
    Window,
)

if TYPE_CHECKING:
    from assistant.asking.suggesting import Suggestion

HOSTILE = (
    '<script>window.pwned=1</script><img src=x onerror="window.pwned=2"> ${window.pwned=3} {{window.pwned=4}} '
    "![leak](http://leak.example/a.png) [click](javascript:window.pwned=5) <a href='javascript:window.pwned=6'>a</a> "
    "$$\\href{javascript:window.pwned=7}{x}$$ `code` **bold** <form action=http://leak.example><button>go</button>"
    "</form> <iframe src=http://leak.example></iframe> <style>body{display:none}</style> </p></section><!-- "
    "\u202egnp.exe\u202c "
    '" onmouseover="window.pwned=8 <svg onload=window.pwned=9> http://leak.example/auto &lt;b&gt; &#60;i&#62;'
)

TEXTS = {
    "粮食安全/储备粮管理.md": (
        "储备粮管理办法",
        ("第三章 轮换管理", "第十二条"),
        "中央储备粮实行均衡轮换制度，每年轮换的数量一般为储备总量的百分之二十至三十。"
        "轮换计划由承储企业提出，经主管部门批准后执行。轮换期间，储备粮的库存不得低于规定规模的百分之七十。",
        "储备粮的日常保管由承储企业负责，地方粮食部门每季度检查一次。检查结果应当在十五日内书面告知承储企业。",
    ),
    "安全生产/车间守则.txt": (
        "车间安全守则",
        ("二、用电安全",),
        "电工必须持证上岗，检修设备前应当先切断电源，并悬挂“禁止合闸”的标志牌。"
        "发现电线破损时，任何人都应当立即报告班组长。",
        "车间每月组织一次消防演练，灭火器每半年检查一次压力。",
    ),
    "english/tea.md": (
        "A short history of tea",
        ("Trade", "Clippers"),
        "Tea reached Europe in the early seventeenth century, carried by Dutch ships. The fastest clipper of 1866 "
        "sailed from Fuzhou to London in 99 days. Its cargo was worth more than the ship itself.",
        "Green tea is heated soon after it is picked, which keeps the leaves from turning dark.",
    ),
    "恶意/<img src=x onerror=window.pwned=10>.txt": (
        "危险文本 <script>window.pwned=11</script> ${window.pwned=12} **粗体**",
        ("<b>标题</b>", "[链接](javascript:window.pwned=13)"),
        f"这是一段危险文本，里面有：{HOSTILE}。它只能作为文字显示。",
        "危险文本的第二段很平常。",
    ),
}


class FakeAssistant:
    """Answers by shared pairs of letters; `gate` holds questions, `steps` an update and `reading` a preview."""

    def __init__(self, *, indexed: bool = True) -> None:
        folder = tempfile.mkdtemp(prefix="youju-fake-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.settings = Settings(library=Path("/资料/示例资料库"), index=Path(folder) / "index", watch_seconds=0.2)
        self.library = self.settings.library
        self.index_dir = self.settings.index_dir
        self.state = "ready"
        self.generation = 3 if indexed else 0
        self.changes = Changes()
        self.problems: tuple[Problem, ...] = ()
        self.ignored = 0
        self.failure: Exception | None = None
        self.update_failure: Exception | None = None
        self.status_failure: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.preview_failure: Exception | None = None
        self.steps: threading.Semaphore | None = None
        self.reading: threading.Semaphore | None = None
        self.updates = 0  # that were begun
        self.edits: dict[str, str] = {}
        self.asked: list[str] = []
        self.after: list[str | None] = []  # for each of them, the question that it may follow
        self.offered = ("储备粮的日常保管由谁负责？", "每年轮换多少储备粮？", "How fast was the clipper of 1866?")
        self._documents, self._hits = _read(TEXTS)

    def ask(
        self,
        question: str,
        *,
        within: Iterable[str] = (),
        after: Turn | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """它 stands for the first three characters of the question before; 提到“…”的段落 wants every mention."""
        self.asked.append(question)
        self.after.append(None if after is None else after.question)
        self.gate.wait(30)
        if self.failure is not None:
            raise self.failure
        if len(question) > self.settings.question_characters:
            longest = self.settings.question_characters
            raise QuestionLengthError(f"It has {len(question):,} characters; at most {longest:,} count.", longest)
        if not re.search(r"\w", question):
            raise QuestionError("The question has no word to search for. Ask with words.")
        if not self.generation:
            raise NotIndexedError("This library has not been indexed. Run “youju index” first.")
        added = () if after is None or "它" not in question else (after.question[:3],)
        written, question = question, question.replace("它", added[0] if added else "它")
        listed = re.search("提到“(.+)”的段落", question)
        if listed:
            return self._mentions(written, listed[1])
        wanted = _pairs(question)
        found = []
        for hit in self._hits:
            for sentence in re.finditer(r"[^。.]+[。.]?", hit.text):
                shared = len(wanted & _pairs(sentence[0])) / max(1, len(wanted))
                found.append((shared, hit, sentence.start(), sentence.end()))
        found.sort(key=lambda one: -one[0])
        hits = tuple(dict.fromkeys(hit for _, hit, _, _ in found))
        best = [one for one in found if one[0] >= max(0.3, found[0][0] * 0.6)][:3]
        index = IndexState(self.generation, "2026-03-01T14:05:00+08:00", bool(self.changes))
        if not best:
            missing = tuple(re.findall(r"[一-鿿]{2,4}|[A-Za-z]{4,}", question)[:2])
            answer = Answer(written, (), (), hits, 0.1, Refusal("weak", missing), index)
            return replace(answer, asked=question if added else "", added=added)
        citations = tuple(
            _citation(number, hit, self._documents[hit.passage.document], begin, end)
            for number, (_, hit, begin, end) in enumerate(best, 1)
        )
        sentences = tuple(Sentence(citation.quote, (citation.number,)) for citation in citations)
        answer = Answer(written, sentences, citations, hits, min(0.97, best[0][0] + 0.3), None, index)
        return replace(answer, asked=question if added else "", added=added)

    def suggestions(self, answer: Answer, *, asked: Sequence[str] = (), limit: int = 3) -> tuple[Suggestion, ...]:
        """The questions it offers that were not asked yet, wherever they lead."""
        from assistant.asking.suggesting import (
            Suggestion,
        )  # imports FAISS, which the page's own start must not wait for

        rest = [one for one in self.offered if one not in (answer.question, *asked)]
        return tuple(Suggestion(one, "english/tea.md", 0, 1) for one in rest[:limit])

    def verify(self, quotes: Sequence[Cited]) -> tuple[Verdict, ...]:
        """By the first place where a quote stands; what is changed can be told from `edits`: quotes and their heirs."""
        found = []
        for one in quotes:
            document = self._documents.get(one.document)
            if document is None:
                found.append(Verdict("deleted", one.document, gone=True))
            elif one.quote in self.edits:
                pieces = difference(one.quote, self.edits[one.quote])
                found.append(Verdict("changed", one.document, one.title, one.start, one.end, pieces, newer=True))
            else:
                at = document.text.find(one.quote)
                state: State = "unchanged" if at == one.start else "moved"
                found.append(Verdict(state, one.document, one.title, at, at + len(one.quote)))
        return tuple(found)

    def _mentions(self, question: str, words: str) -> Answer:
        """The fake's own documents that hold the words; “很多” is in 1,501 passages of 300 documents."""
        documents = []
        for document in self._documents.values():
            found = []
            for hit in self._hits:
                at = document.text.find(words, hit.passage.start, hit.passage.end)
                if hit.passage.document == document.id and at >= 0:
                    found.append(Mention(hit.passage, hit.text, ((at, at + len(words)),)))
            if found:
                documents.append(DocumentMentions(document.id, document.title, tuple(found)))
        if words == "很多":
            one = Mention(Passage("多.txt", 0, 4), "很多的字", ((0, 2),))
            documents = [DocumentMentions(f"多/{n}.txt", f"第{n}篇", (one,) * (2 if n else 903)) for n in range(300)]
        index = IndexState(self.generation, "2026-03-01T14:05:00+08:00", bool(self.changes))
        refusal = None if documents else Refusal(f"没有哪一段文本提到：{words}。", (words,))
        mentions = Mentions((words,), tuple(documents))
        return Answer(question, (), (), (), float(bool(documents)), refusal, index, mentions=mentions)

    def update(
        self, on_progress: Callable[[Progress], None] | None = None, *, stop: threading.Event | None = None
    ) -> UpdateReport:
        self.updates += 1
        changes = self.changes

        def tell(state: Progress) -> None:
            if stop is not None and stop.is_set():
                raise UpdateStoppedError("The update was stopped. What was embedded is kept.")
            if on_progress is not None:
                on_progress(state)

        tell(Progress("scan"))
        if self.update_failure is not None:
            raise self.update_failure
        tell(Progress("read", 2, 4))
        for done in range(0, 240, 40):
            tell(Progress("embed", 4, 4, done, 240, 41.5, (240 - done) / 41.5))
            if self.steps is not None:
                self.steps.acquire(timeout=30)
        tell(Progress("publish", 4, 4, 240, 240))
        self.generation += 1
        if self.changes is changes:  # else something was edited meanwhile
            self.changes = Changes()
        passages = PassageChanges(3, 2, 1)
        return UpdateReport(self.generation, bool(changes), 1, 2, 0, 0, passages, 4, 8, 240, 80, 5.8, self.problems)

    def preview(self, on_progress: Callable[[Progress], None] | None = None) -> Preview:
        tell = on_progress or (lambda progress: None)
        tell(Progress("scan"))
        for done in range(4):
            tell(Progress("read", done, 4))
            if self.reading is not None:
                self.reading.acquire(timeout=30)
        if self.preview_failure is not None:
            raise self.preview_failure
        changes = self.changes
        passages, windows = (PassageChanges(12, 3, 2), 480) if changes else (PassageChanges(), 0)
        return Preview(
            changes.added,
            changes.edited,
            changes.removed,
            (),
            passages,
            windows,
            windows / 40,
            self.problems,
        )

    def check(self, *, repair: bool = False, on_progress: Callable[[Progress], None] | None = None) -> CheckReport:
        return CheckReport(4, 8, 240, 4, (), (), 0.1)

    def gc(self) -> GcReport:
        return GcReport(0, 0, 0, 0)

    def status(self) -> Status:
        if self.status_failure is not None:
            raise self.status_failure
        indexed = self.generation > 0
        return Status(
            library=self.settings.library,
            index=Path("/索引"),
            generation=self.generation,
            built_at="2026-03-01T14:05:00+08:00" if indexed else None,
            model="default",
            model_changed=False,
            documents=len(self._documents) if indexed else 0,
            passages=len(self._hits) if indexed else 0,
            windows=240 if indexed else 0,
            changes=self.changes,
            problems=self.problems,
            ignored=self.ignored,
        )

    def documents(self, *, within: Iterable[str] = ()) -> tuple[DocumentInfo, ...]:
        if not self.generation:
            raise NotIndexedError("This library has not been indexed. Run “youju index” first.")
        return tuple(
            DocumentInfo(
                one.id,
                one.title,
                one.encoding,
                len(one.text),
                2,
                kind=one.id.rpartition(".")[2],
                indexed_at="2026-03-01T14:05:00+08:00",
                bytes=len(one.text.encode()),
                modified_at=f"2026-02-0{number}T09:30:00+08:00",
                file=one.id,
            )
            for number, one in enumerate(self._documents.values(), 1)
        )

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]

    def examples(self, limit: int = 4) -> tuple[str, ...]:
        return self.offered[:limit]

    def load_model(self) -> None:
        self.state = "ready"

    @property
    def model_state(self) -> str:
        return self.state

    def close(self) -> None:
        self.gate.set()


def _read(texts: dict[str, tuple[str, tuple[str, ...], str, str]]) -> tuple[dict[str, Document], list[Hit]]:
    documents, hits = {}, []
    for name, (title, heading, *paragraphs) in texts.items():
        text = "\n\n".join([title, *paragraphs])
        documents[name] = Document(name, title, text, hashlib.sha256(text.encode()).hexdigest(), "utf-8")
        for number, paragraph in enumerate(paragraphs):
            start = text.index(paragraph)
            place = Passage(name, start, start + len(paragraph), heading, 4 if number else None)
            hits.append(Hit(place, title, paragraph, 1.0, 2.0, 3.0, (paragraph[:2],), Window(start, start + 9)))
    return documents, hits


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"\W+", "", text.lower())
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _citation(number: int, hit: Hit, document: Document, begin: int, end: int) -> Citation:
    start, stop = hit.passage.start + begin, hit.passage.start + end
    return Citation(
        number,
        document.id,
        hit.title,
        hit.passage.heading,
        hit.passage.page,
        start,
        stop,
        document.text[start:stop],
        ordinal=1 + document.text.count("\n\n", 0, start) - 1,
    )
