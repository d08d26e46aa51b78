"""An Assistant over a few texts in memory whose answers can be foretold: it scores by shared characters."""

import json
from pathlib import Path

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import QuestionError
from assistant.types import (
    Answer,
    Changes,
    Citation,
    Document,
    DocumentInfo,
    Hit,
    IndexState,
    Passage,
    PassageChanges,
    Refusal,
    Sentence,
    Status,
    UpdateReport,
)


class FakeAssistant(Assistant):
    """Passages are lines, the answer is the best line; keywords alone rank backwards, so that legs can be told apart.

    It refuses when a question shares less of its characters with the best line than the threshold asks.
    """

    def __init__(self, settings=None, texts=None, *, load=None):
        self.settings = settings or Settings()
        self.texts = texts if texts is not None else {}
        self.closed = False

    def load_model(self):
        return None

    def update(self, on_progress=None, *, stop=None):
        for path in sorted(Path(self.settings.library).iterdir()):
            if path.suffix == ".jsonl":
                rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
                self.texts |= {f"{path.name}#{row['id']}": row["text"] for row in rows}
            else:
                self.texts[path.name] = path.read_text("utf-8")
        count = len(self.texts)
        return UpdateReport(1, True, count, 0, 0, 0, PassageChanges(count), count, count, count, count, 0.1)

    def documents(self):
        return tuple(DocumentInfo(name, name, None, len(text), 1) for name, text in self.texts.items())

    def document(self, document_id):
        return Document(document_id, document_id, self.texts[document_id], "")

    def status(self):
        return Status(Path(), Path(), 1, None, "fake", False, len(self.texts), len(self.texts), 0, Changes())

    def search(self, query, *, limit=10, dense_weight=None):
        hits = []
        for name, text in self.texts.items():
            start = 0
            for line in text.split("\n"):
                score = len(set(query) & set(line)) / max(1, len(set(query)))
                hits.append(Hit(Passage(name, start, start + len(line)), name, line, score, score, score))
                start += len(line) + 1
        backwards = dense_weight == 0
        return tuple(sorted(hits, key=lambda hit: hit.score if backwards else -hit.score)[:limit])

    def ask(self, question, *, threshold=None):
        if not question.strip("？?"):
            raise QuestionError("The question holds no word.")
        hits = self.search(question)
        best = hits[0]
        place = best.passage
        state = IndexState(1, "2024-01-01T00:00:00+00:00", False)
        if best.score < next(one for one in (threshold, self.settings.threshold, 0.5) if one is not None):
            return Answer(question, (), (), hits, best.score, Refusal("weak"), state, {"search": 1.0})
        citation = Citation(1, place.document, best.title, (), None, place.start, place.end, best.text)
        return Answer(
            question, (Sentence(best.text, (1,)),), (citation,), hits, best.score, None, state, {"search": 1.0}
        )

    def close(self):
        self.closed = True
