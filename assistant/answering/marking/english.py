"""Words of an English sentence that may answer who, where, how, what, and what something is called or means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.marking.view import WORD, Fit, Put, View
from assistant.text.marks import Span
from assistant.text.tokens import stem

_CAPITAL = r"[A-Z][\w’'.&-]*\w|[A-Z]\b"
_WITHIN_NAMES = "of|the|de|von|van|la|le|du|di|da|al|bin|ibn|and|for|y"
_CAPITALS = re.compile(rf"(?:{_CAPITAL})(?:(?: (?:{_WITHIN_NAMES})){{0,2}} (?:[A-Z][\w’'&-]*|[IVX]+\b|\d{{4}}\b))*")
_FIRST = re.compile(r"\w+\W*")
_SMALL_WORDS = """
the a an in on at it he she they this that these those after before when while since although however by for from with
as his her its their there during between under over about into among many some most all each several both if but and
or not one two three according because what which who i we you such other another no thus then also
"""
_NO_NAME = frozenset(_SMALL_WORDS.split())  # capitalised only where they begin a sentence
_AUXILIARIES = "is are was were be been being do does did has have had can could will would should may might must to"
_AUXILIARY = frozenset(_AUXILIARIES.split())
_PREPOSITION = frozenset(("to", "of", "in", "on", "at", "for", "from", "with", "by", "about", "into", "over", "as"))

_MOST_WORDS = 10  # of a person or body
_CLAUSE_WORDS = "it its he she they them him her this these those his their was were is are had has have did"
_CLAUSE_WORD = frozenset(_CLAUSE_WORDS.split())

_STOPS = re.compile(
    r"[,.;:()]| (?:in|on|at|for|during|after|before|until|from|when|who|which|that|while|since|as|because|with|to) "
    r"| and (?=[a-z])"
)
_CLAUSE_END = re.compile("[.;,]")
_EXPLAINED_END = re.compile(r"[.;]|, (?:which|and|who)")
_DOES = re.compile(r"\s*(?:do|does|did)\b")
_BY = re.compile(r"(?: \w+){0,2}? by (?:the )?(?!their|its|his|her|them|it\b)")
_BY_DOING = re.compile(r"\b(?:by (?:means of )?\w+ing|through|via|by means of|by using)\b[^,.;]{3,100}")
_RIGHT_BEFORE = re.compile(r"(?: (?!and\b)\w+){0,2} ")
_INTO_PLACE = re.compile(r"\b(?:in|at|near|to|from|on|into|through) (?:the |what is now |present-day )?$")
_LARGER_PLACE = re.compile(r"(?:, [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)?(?=[,.;]|$)")
_PLACE_REACH = 25  # characters between the verb and “in”
_ASKS_NAME = re.compile(r"\b(?:called|named|known as|name of|termed)\b")
_NAMED_FOR = re.compile(r"(?:after|for|in|on|by|as|that|because|when|to|it|its|they|he|she|this|that)\b")
_CALLS = re.compile(r"\b(?:called|named|termed|known as|nicknamed|dubbed|titled|entitled|referred to as) (?:the )?")


def english(put: Put, view: View) -> Iterator[Fit]:
    """What fits the kind that is asked for, of those kinds that are not told by a pattern alone."""
    kind = put.asked.kind
    if kind == "person":
        yield from ((span, fit) for span, fit in _doer(put, view) if _may_name(view.text[span[0] : span[1]]))
    elif kind == "place":
        yield from _whereabouts(put, view)
    elif kind == "manner":
        yield from ((match.span(), 0.8) for match in _BY_DOING.finditer(view.text))
    elif kind == "definition":
        yield from _explained(put, view)
    elif kind == "thing" and _ASKS_NAME.search(put.text):
        yield from (
            ((match.end(), view.until(_STOPS, match.end())), 0.8)
            for match in _CALLS.finditer(view.text)
            if not _NAMED_FOR.match(view.text, match.end())
        )
    elif kind == "thing":
        yield from _named_by(put, view)
        yield from _object(put, view)


def _may_name(words: str) -> bool:
    """Whether words may name somebody: few, and neither a pronoun nor a clause."""
    found = words.casefold().split()
    return bool(found) and len(found) <= _MOST_WORDS and not _CLAUSE_WORD & {*found}


def _capitals(view: View) -> Iterator[Span]:
    """Names: runs of capitalised words; a first word that is capitalised as such is left out."""
    for match in _CAPITALS.finditer(view.text):
        start, end = match.span()
        while (first := _FIRST.match(view.text, start, end)) and _is_no_name(first[0]):
            start = first.end()
        if start < end and view.text[start].isupper():
            yield start, end


def _is_no_name(word: str) -> bool:
    return word[0].isdigit() or word.strip().casefold() in _NO_NAME


def _verb(put: Put) -> str:
    """The stem of the question's main verb: its first word after what asks that is no auxiliary."""
    return next((stem(word) for word in WORD.findall(put.after) if word not in _AUXILIARY), "")


def _doer(put: Put, view: View) -> Iterator[Fit]:
    """Who did something: named right before the verb, or after “by”.

    Nothing where it is asked to whom it was done (who did they …, who is it given to).
    """
    words = WORD.findall(put.text)
    if put.text[put.asked.start : put.asked.end] != "who" or _DOES.match(put.after) or words[-1] in _PREPOSITION:
        return
    verb = _verb(put)
    for word, (start, end) in view.stems():
        if word != verb:
            continue
        passive = _BY.match(view.text, end)
        if passive:
            yield (passive.end(), view.until(_STOPS, passive.end())), 1.0
            continue
        names = [span for span in _capitals(view) if _RIGHT_BEFORE.fullmatch(view.text, span[1], start)]
        yield from ((span, 1.0) for span in names[-1:])


def _whereabouts(put: Put, view: View) -> Iterator[Fit]:
    """A name after a preposition that follows the verb of the question."""
    last = "" if put.asked.noun else stem(WORD.findall(put.text)[-1])
    verbs = [span for word, span in view.stems() if word in (last, _verb(put))]
    for start, end in _capitals(view):
        into = _INTO_PLACE.search(view.text, 0, start)
        if into and any(
            0 < into.start() - right < _PLACE_REACH and not _CLAUSE_END.search(view.text, right, into.start())
            for _, right in verbs
        ):
            more = _LARGER_PLACE.match(view.text, end)
            yield (start, more.end() if more else end), 1.0


def _explained(put: Put, view: View) -> Iterator[Fit]:
    """What follows “is a …” after the word that is to be explained."""
    word = re.escape(put.asked.noun.strip())
    is_pattern = rf"\b{word}\b(?: \([^()]*\))?,? (?:is|are|means|refers to|stands for|was) "
    found = re.search(is_pattern, view.text, re.IGNORECASE) if word else None
    if found:
        yield (found.end(), view.until(_EXPLAINED_END, found.end())), 1.0


def _named_by(put: Put, view: View) -> Iterator[Fit]:
    """A name with the noun that is asked for in it: which treaty … the Treaty of Lisbon."""
    if put.asked.noun:
        noun = stem(put.asked.noun)
        for start, end in _capitals(view):
            if noun in [stem(word.casefold()) for word in WORD.findall(view.text[start:end])]:
                yield (start, end), 1.0


def _object(put: Put, view: View) -> Iterator[Fit]:
    """What somebody did (what does X require): what follows the verb that ends the question, after its subject."""
    words = WORD.findall(put.text)
    if not _DOES.match(put.after) or len(words) < 4:
        return
    verb = words[-2] if words[-1] in _PREPOSITION else words[-1]
    subject = stem(words[words.index(verb) - 1])
    held = view.stems()
    for number, (word, (_, end)) in enumerate(held):
        near = [other for other, _ in held[max(0, number - 3) : number]]
        if word == stem(verb) and subject in near and end + 1 < len(view.text):
            yield (end + 1, view.until(_CLAUSE_END, end)), 0.8
