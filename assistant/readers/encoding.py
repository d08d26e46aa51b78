"""Which encoding a text file is in, decided by how common the characters are that each candidate would give.

A detector that looks at bytes alone confuses GBK and Big5 on short texts. Here every candidate decodes the bytes, and
the one wins under which the text is most likely: the frequent characters of Chinese cost few bits, rare ones, private
use, half-width kana and control characters many.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

from assistant.errors import ReadError
from assistant.readers import letters_and_signs

# The 360 most frequent characters of jieba's dictionary (weighted by its word counts), and their traditional forms.
_FREQUENT = (
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下们于后就发自之对得主长可过天作分方用多你着部能市等业全里工公"
    "经本都而高政法面门动日进区事代那去心小同北定开产前其军还然起种所如现理机体表力好外与文当两实重新三么只山水关明从化平建又制南内西没此将员"
    "名手最东头者月间无安看见各城十相但已些正口通想度加第她合院物性战由位常点海意场武使次二向治因立数样身情入原问把路被并利石老教万知级量任江及"
    "应省资委务元美特期世湖回系比气汉总展电科金先声提品设或义王社很统处四首共马形己儿司太目基领队直计别女权话少流命至报米给打变果书清活几州华解"
    "议更称程今决张导术府才保交放管结师便走达族反再题色五京河接条规式县白它改风光运信受什组听布百济党指论强做取技黄神选记斯真却职号界件花类何眼"
    "兵传带空干农边据集联古广完质阳难增"
    "國爲為這個来個會時學說們於後發對長過業裏裡經門動進區開產軍還種現機體與當兩實麼關從內沒將員東頭間無見戰點場數樣問並萬級應資務氣漢總電聲設"
    "義統處馬兒領隊計別權話報給變書幾華議稱決張導術結師達題條規縣風運組聽濟黨論強黃選記卻職號類傳帶幹農邊據聯廣質陽難請讓誰錢買賣車"
)
_MARKS = "，。、；：？！“”‘’（）《》「」『』…—·【】％　"

# Bits a character costs: about -log2 of its share in a text of that kind.
_COST_FREQUENT, _COST_MARK, _COST_COMMON, _COST_UNCOMMON, _COST_RARE = 9.2, 6.0, 13.6, 19.0, 26.0
_COST_LETTER, _COST_SIGN, _COST_SYMBOL, _COST_DAMAGE, _COST_CONTROL = 5.0, 9.0, 15.0, 45.0, 40.0
# A text is believed up to this many bits for each byte that is not ASCII; Chinese has about 5.
_BELIEVED = 8.0
_BELIEVED_LATIN = 11.0
# Rarer encodings must be better than the common ones by so many bits.
_HANDICAP = {"euc_jp": 20.0, "cp932": 20.0, "cp949": 40.0, "windows-1252": 12.0, "utf-16-le": 12.0, "utf-16-be": 12.0}
_SAMPLE = 16_384
_FEW_PAIRS = 20
# So many broken characters in a hundred (and one in any text) are shown as U+FFFD; with more it is no text.
_DAMAGE_PERCENT = 1
_CONTROL_PERCENT = 2

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In order of preference where they cost the same.
_CANDIDATES = (
    "utf-8", "gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be",
    "windows-1252", "euc_jp", "cp932", "cp949", "utf-32-le", "utf-32-be",
)  # fmt: skip
_JAPANESE, _KOREAN = frozenset({"euc_jp", "cp932"}), frozenset({"cp949"})

_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Office file (.docx, .xlsx, .pptx)"),
    (b"%PDF-", "a PDF file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls, .ppt, .wps)"),
    (b"{\\rtf", "a rich text file (.rtf)"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"ID3\x03\x00", "an MP3 file"),
    (b"OggS\x00", "an Ogg file"),
)  # fmt: skip

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f-\x9f\ufffe\uffff]")
_NULS = re.compile(r"\x00+")
_C0 = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_NOT_ASCII = re.compile(rb"[\x00\x80-\xff]")
_HAN_IN_WORD = re.compile(r"[A-Za-z][\u3400-\u9fff]|[\u3400-\u9fff](?=[a-z])")
_LATIN_RUN = re.compile(r"[\x80-\u024f]{2,}")
_LATIN_SYMBOL_IN_WORD = re.compile(r"(?<=[A-Za-zÀ-ÿ])[¡-¿×÷„“”‘ƒ†‡‰](?=[A-Za-zÀ-ÿ])")
_HANGUL_HAN = re.compile(r"[\uac00-\ud7af][\u4e00-\u9fff]|[\u4e00-\u9fff][\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and how it was read: `data.decode(encoding) == text` unless characters were broken."""

    text: str
    encoding: str
    broken: int = 0  # characters whose bytes are no character; U+FFFD stands in their places


def decode(data: bytes, name: str) -> Decoded:
    """The text of a file, exactly: no byte order mark, and nothing else changed. `name` is for messages.

    A cut-off last character, or very few broken ones (one in a hundred), become U+FFFD and are counted, so that nothing
    is silently garbled and one bad byte does not lose a file; so does a row of NUL characters, which an index cannot
    hold. Raises ReadError for what is not text.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise ReadError(
                f"{name} is not a text file: it looks like {what}. Give it the right name ending, or save its words "
                "as a .txt file in UTF-8."
            )
    try:
        return _believable(_by_mark(data) or _utf8(data) or _most_likely(data, name), name)
    except ReadError:
        despite = _despite_nuls(data, name)
        if despite is None:
            raise
        return despite


def _despite_nuls(data: bytes, name: str) -> Decoded | None:
    """A text in which a crash or a faulty program left a few NUL bytes; in UTF-16 and UTF-32 they are parts of it."""
    if b"\0" not in data:
        return None
    try:
        encoding = decode(data.replace(b"\0", b""), name).encoding
    except ReadError:
        return None
    return None if encoding.startswith(("utf-16", "utf-32")) else _believable(_decoded(data, encoding), name)


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _BOMS:
        # FF FE 00 00 is a UTF-32 mark, or a UTF-16 mark and a NUL character: the length tells.
        if data.startswith(mark) and not (encoding == "utf-32" and len(data) % 4):
            return _decoded(data, encoding)
    return None


def _utf8(data: bytes) -> Decoded | None:
    """UTF-8 without a mark, unless it may only happen to be valid: control characters, or a few pairs of bytes.

    “支援” in GBK is valid UTF-8 too, with letters of Hebrew and Cyrillic. So few pairs are weighed as the others are:
    `letters_and_signs` tells “£2”, “café” and “Привет” from them.
    """
    if not _is_utf8(data):
        return None
    text = data.decode("utf-8")
    beyond = len(data) - len(text)
    if 0 < beyond <= _FEW_PAIRS and max(text) < "\u0800":
        return None
    return Decoded(text, "utf-8")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _C0.search(data) is None


def _decoded(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return Decoded(text, encoding, max(1, text.count("\ufffd")))


def _believable(decoded: Decoded, name: str) -> Decoded:
    """The text unless it is too broken or full of control characters; NUL characters in it are broken ones."""
    text, nuls = _NULS.subn("\ufffd", decoded.text) if "\0" in decoded.text else (decoded.text, 0)
    broken = decoded.broken + nuls
    if (
        nuls * 100 > _DAMAGE_PERCENT * len(text)
        or len(_CONTROL.findall(text)) * 100 > _CONTROL_PERCENT * max(len(text), 100)
        or broken * 100 > max(100, _DAMAGE_PERCENT * len(text))
    ):
        raise _not_text(name)
    return replace(decoded, text=text, broken=broken)


def _not_text(name: str) -> ReadError:
    return ReadError(
        f"{name} is not a text file, or is damaged: its bytes are no text in UTF-8, UTF-16, GB18030, Big5 or another "
        "known encoding. Open it with the program it was made with and save it as text in UTF-8, or remove it."
    )


def _most_likely(data: bytes, name: str) -> Decoded:
    first = _NOT_ASCII.search(data)
    # With some of what is before it, which in UTF-16 may be Chinese too; where a character begins in all of them.
    begin = max(0, first.start() - _SAMPLE // 8) & ~3 if first else 0
    sample = data[begin : begin + _SAMPLE]
    ranked = sorted((_bits(sample, candidate), index) for index, candidate in enumerate(_CANDIDATES))
    for (_, believed), index in ranked[:3]:
        if not believed:
            continue
        decoded = _decoded(data, _CANDIDATES[index])
        if decoded.broken * 100 <= max(100, _DAMAGE_PERCENT * len(decoded.text)):
            return decoded
    if _is_utf8(data):  # a text in any case: names of far languages, or an ASCII word with a Chinese one at it
        best = next(index for _, index in ranked if _CANDIDATES[index] in ("utf-8", "gb18030"))
        return _decoded(data, _CANDIDATES[best])
    return _by_charset_normalizer(data, name)


def _by_charset_normalizer(data: bytes, name: str) -> Decoded:
    """The encodings of other languages, which are rare here."""
    from charset_normalizer import from_bytes

    if _C0.search(data):
        raise _not_text(name)
    best = from_bytes(data[: 8 * _SAMPLE], threshold=0.15).best()
    if best is None or len(data) < 16:
        raise _not_text(name)
    try:
        return Decoded(data.decode(best.encoding), best.encoding)
    except (UnicodeDecodeError, LookupError):
        raise _not_text(name) from None


def _bits(sample: bytes, encoding: str) -> tuple[float, bool]:
    """How many bits the sample costs in an encoding, and whether that is believable."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(sample, final=len(sample) < _SAMPLE)
    latin = encoding == "windows-1252"
    total = ascii_bits = 0.0
    ascii_bytes = 0
    counted = Counter(text)
    if encoding == "utf-8":
        total += letters_and_signs.bits(text)
        counted = Counter({char: count for char, count in counted.items() if not "\x80" <= char < "\u0800"})
    for char, count in counted.items():
        cost = count * _cost(
            char,
            latin=latin,
            japanese=encoding in _JAPANESE,
            korean=encoding in _KOREAN,
            unicode=encoding.startswith("utf"),
        )
        total += cost
        if " " <= char <= "~" or char in "\t\n\r\f\v":
            ascii_bits += cost
            ascii_bytes += count
    total += 8 * len(_HAN_IN_WORD.findall(text)) + 7 * len(_HANGUL_HAN.findall(text))
    if latin:
        total += 9 * sum(len(run) for run in _LATIN_RUN.findall(text)) + 9 * len(_LATIN_SYMBOL_IN_WORD.findall(text))
    rest = len(sample) - ascii_bytes * {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}.get(encoding, 1)
    believed = total - ascii_bits <= (_BELIEVED_LATIN if latin else _BELIEVED) * max(rest, 1) + 1
    return total + _HANDICAP.get(encoding, 0.0), believed


@cache
def _cost(char: str, *, latin: bool, japanese: bool, korean: bool, unicode: bool) -> float:
    code = ord(char)
    if code < 0x80:
        if char in "{}[]<>|\\^~`#$%&*+=@_":
            return _COST_SIGN
        return _COST_LETTER if char.isprintable() or char in "\t\n\r\f\x1a\x1b" else _COST_CONTROL
    if char == "\ufffd":
        return _COST_DAMAGE
    if _CONTROL.match(char) or 0xE000 <= code < 0xF900:
        return _COST_CONTROL
    if char in _MARKS:
        return _COST_MARK
    if 0x4E00 <= code <= 0x9FFF:
        return _cost_of_han(char)
    if 0x3040 <= code <= 0x30FF:
        return 8.0 if japanese else _COST_SYMBOL
    if 0xAC00 <= code <= 0xD7AF:
        return 11.5 if korean else _COST_RARE
    if latin:
        return 9.0 if char.isalpha() or char in "–—‘’“”…•€£©®°·«»¿¡§" else _COST_SYMBOL
    if char.isalpha() and code < 0x530:  # Latin, Greek, Cyrillic
        common = code <= 0xFF or 0x0370 <= code < 0x0460
        return 9.0 if unicode and common else _COST_RARE if unicode else _COST_SYMBOL
    if 0xFF01 <= code <= 0xFF5E or 0x2000 <= code <= 0x27FF or 0x3000 <= code <= 0x303F or code < 0x800:
        return _COST_SYMBOL
    return _COST_RARE


def _cost_of_han(char: str) -> float:
    """By the levels of the two national standards, which sort characters by how common they are."""
    if char in _FREQUENT:
        return _COST_FREQUENT
    for encoding, last_common in (("gb2312", 0xD7), ("big5", 0xC6)):
        lead = char.encode(encoding, errors="ignore")[:1]
        if lead:
            return _COST_COMMON if lead[0] <= last_common else _COST_UNCOMMON
    return _COST_RARE
