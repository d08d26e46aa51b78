"""An assistant with thousands of documents and mentions, made up: what a page does with so many needs no index."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from assistant.errors import QuestionError
from assistant.types import DocumentInfo, DocumentMentions, Mention, Mentions, Passage
from tests.ui.fake_library import FakeAssistant


class ManyAssistant(FakeAssistant):
    """20,000 documents; every mention of a word: 20,000 passages in 3,000 of them, 2,000 in the first."""

    looked = 0

    def snapshot(self) -> SimpleNamespace:
        return SimpleNamespace(generation=self.generation)

    def documents(self, *, within: Iterable[str] = ()) -> tuple[DocumentInfo, ...]:
        places = list(within)
        made = [
            DocumentInfo(
                f"法规/{n // 200}/第{n}号.md", f"第{n}号办法", "utf-8", 900, 7, file=f"法规/{n // 200}/第{n}号.md"
            )
            for n in range(20_000)
        ]
        if not places:
            return tuple(made)
        found = tuple(one for one in made if any(f"{one.id}/".startswith(f"{place}/") for place in places))
        if not found:
            raise QuestionError("The library has no such folder or document.")
        return found

    def mentions(self, words: str, *, within: Iterable[str] = ()) -> Mentions:
        self.looked += 1
        text = f"第一条 为了{words}，制定本办法；{words}的具体办法由有关部门另行规定，并报上一级机关备案。"
        documents = []
        for number in range(3_000):
            name = f"法规/{number // 200}/第{number}号.md"
            one = Mention(Passage(name, 40, 40 + len(text), ("第一章",)), text, ((46, 46 + len(words)),))
            documents.append(DocumentMentions(name, f"第{number}号办法", (one,) * (2_000 if number == 0 else 6)))
        return Mentions((words,), tuple(documents))
