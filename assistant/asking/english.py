"""Follow-ups in English: “And in 2023?”, “Who is responsible for it?”, “What about Article 3?”."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.asking.wording import LONGEST, Piece
from assistant.text.normal import has_chinese

_LEAD = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks|thank you|and|but|so|then|also|what about|how about|and what about)\b[,.!]?\s+)+", re.I
)
_CALLS = re.compile(r"\b(?:and|what about|how about)\b", re.I)
_MORE = re.compile(
    r"(?:and |but )?(?:why(?: not| is that| so)?|how come|what else|anything else|who else|where else"
    r"|and then(?: what)?|then what|tell me more"
    r"|more details?|such as|like what|for example|for instance|can you give (?:me )?an example|go on|continue"
    r"|are there (?:any )?others"
    r"|on what grounds|for what reason|is there anything else|any others?)",
    re.I,
)
# Asked alone: what it asks with takes the place of what the earlier question asked with.
_ASKED = (
    r"(?:since |until |from |by |for |to |at |in )?(?:when|where|who|whom|whose|how (?:much|many|long|often|far"
    r"|old|soon|big|high|large)|how"
    r"|(?:what|which) (?:year|date|day|time|month|place|country|city|age|price|cost)|at what (?:time|age|price|cost))"
)
_ALONE = re.compile(rf"{_ASKED}", re.I)
_LED = re.compile(
    rf"^(?P<asks>(?:(?:in|on|at|by|for|from|to|since|until) )?(?:{_ASKED}|why|what|which \w+|what (?:kind|sort"
    rf"|type)s? of \w+|how (?:much|many) \w+))"
    r"\s+(?=(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had)\b)",
    re.I,
)
_YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had)\b", re.I
)
_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had"
    r"|isn't|aren't|doesn't|don't|didn't|can't)"
)
_OPEN_START = (
    rf"(?:(?:(?:since|until|from|by|for|to|at|in|on|with|of|about) )?(?:who|whom|whose|what|when|where|why|which"
    rf"|how)(?: (?:much|many|long|often|far|old|else"
    rf"|year|date|day|time|month|country|city|kind|type|part|article|section))?\s+)?{_AUXILIARY}\s+"
)
# A pronoun right after the verb that a question begins with: nothing before it could be meant.
_SUBJECT = re.compile(rf"^{_OPEN_START}(?P<word>it|they|he|she|this|that|these|those)\b(?P<after>.*)$", re.I)
_OWNED = re.compile(rf"^{_OPEN_START}(?P<word>its|their|his|her)\b\s+(?P<after>\w.*)$", re.I)
_OBJECT = re.compile(
    rf"^(?:{_OPEN_START})?(?:(?:who|what|which \w+|how) )?(?:\w+ ){{1,3}}(?:(?:for|of|to|by|about|with|from|in|on"
    rf"|under) )?"
    r"(?P<word>it|them|him|her|this|that|these|those)(?P<after>)$",
    re.I,
)
_NO_ANTECEDENT = re.compile(  # it is possible to …, how long does it take to …, how far is it from …
    r"\s*(?:from|to|until|that|since|when|if)\b|\s*(?:(?:be|been|not|usually|generally|ever|also|actually|only)\s+)*"
    r"(?:possible|necessary|legal|illegal|allowed|true|important|better|safe|ok|okay|far|raining|assumed|known"
    r"|said|believed|thought|likely"
    r"|easy|hard|difficult|take|cost|mean|matter|happen|snow|rain|seem|appear)\b.*\b(?:to|that|when|if|for|from"
    r"|how|until|before)\b",
    re.I,
)
_THIS_ALONE = re.compile(
    r"\s*(?:(?:still|also|always|really|ever|not)\s+)*(?:allowed|permitted|legal|illegal|required|mandatory|true"
    r"|correct|possible|necessary|free|paid|valid|done"
    r"|called|\w+[ai]ble(?: \w+)?|apply|happen|mean|work|cost|take|take place|begin|start|end|change|include|cover"
    r"|be|decided|regulated|checked|in force|about|for)?\b"
    r"(?:\s+(?:by|for|in|on|to|at|from)\b.*)?$",
    re.I,
)
_ARTICLE = re.compile(
    r"\b(?P<level>articles?|sections?|chapters?|paragraphs?|clauses?|parts?|rules?|steps?|annex|appendix"
    r"|table)\s+(?P<number>\d+(?:\.\d+)*|[ivxlc]+|[a-z])\b",
    re.I,
)
_YEAR = re.compile(r"(?<![\w-])(?:1[5-9]|20)\d\d(?![\w-])")
_MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.I
)
_DAY = re.compile(
    r"\b(?:on )?(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|weekends?|weekdays?"
    r"|(?:public )?holidays)\b",
    re.I,
)
_QUARTER = re.compile(r"\bQ[1-4]\b|\b(?:first|second|third|fourth) quarter\b|\b(?:first|second) half\b", re.I)
_TIMES = (_YEAR, _DAY, _QUARTER, _MONTH)
_PREPOSITION = re.compile(
    r"^(?P<word>in|on|at|for|to|from|with|without|under|of|by|about|during|after|before|outside"
    r"|inside)\s+(?P<rest>.+)$",
    re.I,
)
_NAME = re.compile(r"(?<!^)\b[A-Z][\w'’.-]*(?:\s+(?:of\s+|the\s+)?[A-Z][\w'’.-]*)*")
_IDENTIFIER = re.compile(r"\b[A-Za-z]*[-./\w]*\d[-./\w]*\b")  # CVE-2024-3094, ISO9001
_DETERMINED = re.compile(r"^(?P<word>a|an|the|my|his|her|their|our|your)\s+[\w'’ -]+$", re.I)
_NOUN_ENDS = (
    r"(?=\s+(?:in|on|at|for|to|from|with|without|under|of|by|about"
    r"|during|after|before|be|is|are|was|were|that|which|who|if|when|and|or|than|as)\b|[,;:?.!]|$)"
)
_ANTECEDENT = re.compile(
    r"(?P<name>[\"“][^\"”]+[\"”]|\b(?:the|a|an|this|our|your|my|his|her|its|their|each"
    r"|every)\s+[\w'’-]+(?:\s+(?!in\b|on\b|at\b|for\b|to\b|from\b|with\b|be\b|is\b|are\b|was\b"
    r"|were\b|has\b|have\b|had\b|do\b|does\b|did\b|by\b|when\b|that\b|which\b|who\b|if\b|and\b|or\b|as\b|last\b"
    r"|held\b|made\b|kept\b|used\b|called\b|take\b|start\b|begin\b|end\b"
    r"|apply\b|cost\b|\w+ed\b)[\w'’-]+){0,4}(?:\s+of\s+(?:the\s+|a\s+)?[\w'’-]+(?:\s+[A-Z][\w'’-]+)*)?)",
    re.I,
)
_PERSONS = frozenset(("he", "she", "him", "his", "her"))
_CLOSING = " \t\n?.!,;:"
_LONGEST_CHANGED = 6  # words that name something else


def is_english(question: str) -> bool:
    return not has_chinese(question) and re.search(r"[A-Za-z]{2}", question) is not None


def standing_alone(question: str, before: str, cited: Callable[[], str]) -> list[Piece] | None:
    """The pieces of a question that stands alone; None where it does so already, or nothing can be said.

    `cited` gives the title of the document that the earlier answer cited first.
    """
    earlier = before.strip()
    asked = question.strip()
    if len(earlier) > LONGEST * 2:
        return None
    lead = _LEAD.match(asked)
    start = lead.end() if lead else 0
    core = asked[start:].strip(_CLOSING)
    if _MORE.fullmatch(asked.strip(_CLOSING)) or (core and _MORE.fullmatch(core)):
        return [(earlier.rstrip(_CLOSING + "？。") + _mark(earlier), True), (" ", False), (asked, False)]
    if not core:
        return None
    if _ARTICLE.match(core):
        return _article(core, earlier, cited)
    if _ALONE.fullmatch(core):
        return _asked_otherwise(core, earlier)
    if lead and _CALLS.search(lead[0]) and _names_only(core):
        if has_chinese(earlier):
            return [(earlier.rstrip(_CLOSING + "？。") + "？", True), (" ", False), (asked, False)]
        return _changed(core, earlier)
    return _referring(asked, start, earlier)


def _mark(earlier: str) -> str:
    return "？" if has_chinese(earlier) else "?"


def _article(core: str, earlier: str, cited: Callable[[], str]) -> list[Piece] | None:
    """What about Article 3?: in the place of the one before, or of the document that was cited."""
    wanted = _ARTICLE.match(core)
    if wanted is None:
        return None
    rest = core[wanted.end() :]
    if len(rest.split()) > 3:
        return None
    for found in _ARTICLE.finditer(earlier):
        if found["level"].rstrip("s").lower() == wanted["level"].rstrip("s").lower() and not rest:
            return [(earlier[: found.start()], True), (wanted[0], False), (earlier[found.end() :], True)]
    named = re.search(r"[\"“]([^\"”]+)[\"”]", earlier)
    title = named[1] if named else cited().strip().strip("《》")
    if not title:
        return None
    said = "What does " if not rest else ""
    return [(said + wanted[0], False), (f" of “{title}”", True), (" say?" if not rest else rest + "?", False)]


def _asked_otherwise(core: str, earlier: str) -> list[Piece] | None:
    """When?: the earlier question, asking when."""
    written = core[0].upper() + core[1:]
    plain = earlier.strip(_CLOSING + "？。")
    led = _LED.match(plain)
    if (
        led
        and re.match(r"(?:who|what|which)\b", led["asks"], re.I)
        and re.match(r"(?:is|are|was|were|can|could|has|have|had|will|should|must|may)\b", plain[led.end() :], re.I)
        and not re.search(r"\b(?:is|are|was|were)\s+(?:the|a|an)\b", plain[led.end() :], re.I)
    ):
        led = None  # who has to approve it: it is its own subject
    if led:
        return [(written, False), (plain[led.end() - 1 :], True), ("?", False)]
    if _YES_NO.match(plain):
        return [(written + " ", False), (plain[0].lower() + plain[1:], True), ("?", False)]
    return [(plain + ", ", True), ("and " + core + "?", False)]


def _names_only(core: str) -> bool:
    """Whether some words only name something: they say and ask nothing."""
    asks = re.match(rf"(?:{_ASKED}|what|which|why|it|this|that|they|{_AUXILIARY})\b", core, re.I)
    return not asks and len(core.split()) <= _LONGEST_CHANGED and not re.search(rf"\b{_AUXILIARY}\b", core, re.I)


def _changed(core: str, earlier: str) -> list[Piece]:
    """And in 2023?, What about films?: the earlier question about something else."""
    plain = earlier.strip(_CLOSING + "？。")
    for kind in _TIMES:
        wanted = kind.search(core)
        if wanted is None or len(core.split()) > 3:
            continue
        found = kind.search(plain)
        if found:
            return [(plain[: found.start()], True), (wanted[0], False), (plain[found.end() :] + _mark(plain), True)]
        whole = core if _PREPOSITION.match(core) else ("in " if kind in (_YEAR, _MONTH) else "") + core
        return [(plain, True), (f" {whole}?", False)]
    led = _PREPOSITION.match(core)
    if led:
        same = re.search(
            rf"\b{led['word']}\s+(?:the\s+|a\s+|an\s+)?[\w'’-]+(?:\s+[A-Z][\w'’-]*)*{_NOUN_ENDS}", plain, re.I
        )
        if same:
            return [(plain[: same.start()], True), (core, False), (plain[same.end() :] + "?", True)]
        return [(plain, True), (f" {core}?", False)]
    return _something_else(core, plain)


def _something_else(core: str, plain: str) -> list[Piece]:
    same = [
        *(_IDENTIFIER.finditer(plain) if _IDENTIFIER.fullmatch(core) else ()),
        *(_NAME.finditer(plain) if _NAME.fullmatch(" " + core, 1) else ()),
    ]
    same = list({found.start(): found for found in same}.values())  # an identifier may be a name as well
    same = [found for found in same if found[0] != "I" and not plain[: found.start()].lower().endswith("the ")]
    determined = _DETERMINED.match(core)
    if determined and determined["word"].lower() in ("a", "an"):
        same = list(re.finditer(rf"\b(?:a|an)\s+[\w'’-]+{_NOUN_ENDS}", plain, re.I))
    elif determined:  # the notice period in the place of the probation period
        last = re.escape(core.split()[-1])
        same = list(re.finditer(rf"\b{determined['word']}\s+(?:[\w'’-]+\s+)?{last}\b", plain, re.I))
    if len(same) == 1:
        return [(plain[: same[0].start()], True), (core, False), (plain[same[0].end() :] + "?", True)]
    shown = plain if re.match(r"I\b", plain) else plain[0].lower() + plain[1:]
    return [(f"What about {core}: ", False), (shown + "?", True)]


def _referring(asked: str, start: int, earlier: str) -> list[Piece] | None:
    """Who is responsible for it?: it is what the earlier question names first."""
    plain = asked.rstrip(_CLOSING)
    for pattern in (_OWNED, _SUBJECT, _OBJECT):
        found = pattern.match(plain[start:])
        if found is None:
            continue
        word, after = found["word"].lower(), found["after"]
        if word == "it" and pattern is _SUBJECT and _NO_ANTECEDENT.match(after):
            return None
        if word in ("this", "that", "these", "those"):
            return _pointing(plain, start + found.start("word"), word, after, earlier, is_subject=pattern is _SUBJECT)
        return _for(
            plain, start + found.start("word"), len(word), antecedent(earlier, word), is_owner=pattern is _OWNED
        )
    return None


def _for(plain: str, place: int, length: int, name: str, *, is_owner: bool) -> list[Piece] | None:
    if not name:
        return None
    owner = ("’" if name.endswith("s") else "’s") if is_owner else ""
    return [(plain[:place], False), (name, True), (owner, False), (plain[place + length :] + "?", False)]


def _pointing(plain: str, place: int, word: str, after: str, earlier: str, *, is_subject: bool) -> list[Piece] | None:
    """Of “this” alone: what was spoken of; this plan is the one of the earlier question, if that names a plan."""
    if not is_subject or _THIS_ALONE.fullmatch(after):
        return _for(plain, place, len(word), antecedent(earlier, "it"), is_owner=False)
    noun = re.match(r"\s+([\w'’-]+)", after)
    if noun is None:
        return None
    named = re.search(
        rf"\b(?:the|a|an)\s+(?:[\w'’-]+\s+){{0,3}}{re.escape(noun[1])}\b|\b(?:[A-Z][\w'’-]+\s+)+{re.escape(noun[1])}\b",
        earlier,
        re.I,
    )
    if named is None or re.search(r"\b(?:is|are|was|were|do|does|did)\b", named[0]):
        return None
    known = re.sub(r"^an? ", "the ", named[0], flags=re.I)
    return _for(plain, place, len(word) + noun.end(1), known, is_owner=False)


def antecedent(earlier: str, word: str) -> str:
    """What an earlier question names: what is in quotation marks, a name, or its first “the …”."""
    title = re.search(r"[\"“][^\"”]+[\"”]|《[^》]+》", earlier)
    if title and word not in _PERSONS:
        return title[0]
    names = [found[0] for found in _NAME.finditer(earlier) if found[0] != "I"]
    if word in _PERSONS and re.match(r"who (?!is|are|was|were)", earlier, re.I):
        return _person(earlier)
    if word in _PERSONS:
        return names[0] if names else _person(earlier)
    found = _ANTECEDENT.search(earlier)
    if found:
        return re.sub(r"^(?:an?)\s", "the ", found["name"], flags=re.I)
    if names:
        return names[0]
    bare = re.search(
        rf"\b{_AUXILIARY}\s+(?P<noun>(?!(?:it|he|she|they|this|that|these|those|there|you|we"
        rf"|not)\b)[a-z][\w'’-]+(?:\s+(?!to\b|be\b|in\b|on\b|for\b)[a-z][\w'’-]+)?)",
        earlier,
        re.I,
    )
    return bare["noun"] if bare else ""


def _person(earlier: str) -> str:
    """Who keeps the records? → whoever keeps the records; who is the officer? → the officer."""
    plain = earlier.strip(_CLOSING)
    identity = re.match(r"who (?:is|are|was|were) (?P<who>(?:the|an?) .+)$", plain, re.I)
    if identity:
        return identity["who"]
    does = re.match(r"who (?P<does>.+)$", plain, re.I)
    if does:
        return f"the person who {does['does']}"
    return ""
