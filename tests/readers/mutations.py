"""Damaged copies of a file, the same ones every time: of its bytes, and for zip archives of the parts within."""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable, Iterator, Mapping

from tests.readers.samples import packed, parts

_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<[^<>]{1,300}>")
_LEAF = re.compile(rb"<([\w:]+)(?:\s[^<>]*)?(?:/>|>[^<>]*</\1>)")
_HAN = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}")  # in UTF-8
_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".opf", ".ncx")
_NUMBERS = (b"", b"0", b"-1", b"65536", b"2147483648", b"18446744073709551616", b"1e999", b"x" * 300)
_LENGTHS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def mutations(data: bytes, *, seed: int, count: int) -> Iterator[bytes]:
    """So many damaged copies."""
    chance = random.Random(seed)
    for _ in range(count):
        yield mutated(data, chance)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A damaged copy; of a zip archive two of three are whole archives with damaged parts."""
    if data.startswith(b"PK") and chance.randrange(3):
        return _within(data, chance)
    return _bytes(data, chance, markup=data.startswith(b"<"))


def _bytes(data: bytes, chance: random.Random, *, markup: bool = False) -> bytes:
    ways = [_flipped, _cut_off, _doubled, _zeroed, _swapped, _lengths]
    if markup:
        ways += [_numbers, _tags, _moved_tag] + [_numbers, _leaves] * 3
    return chance.choice(ways)(data, chance)


def _within(data: bytes, chance: random.Random) -> bytes:
    """One part damaged, emptied, left out, or in the place of another one."""
    content = parts(data)
    name = part_to_damage(content, chance)
    match chance.randrange(12):
        case 0:
            del content[name]
        case 1:
            content[name] = content[chance.choice(list(content))]
        case 2:
            content[name] = b""
        case 3 | 4 | 5 | 6 | 7:  # most other damage ends at the XML parser
            content[name] = chance.choice((_leaves, _leaves, _numbers))(content[name], chance)
        case _:
            content[name] = _bytes(content[name], chance, markup=name.endswith(_MARKUP))
    return packed(content)


def part_to_damage(content: Mapping[str, bytes], chance: random.Random) -> str:
    """The name of a part: most of an Office file are themes and styles, those with words in them are likelier."""
    names = [one for one in content if one.endswith(_MARKUP)] or list(content)
    with_words = [one for one in names if _HAN.search(content[one]) and "/theme/" not in one] or names
    return chance.choice(chance.choice((names, with_words, with_words)))


def _flipped(data: bytes, chance: random.Random) -> bytes:
    copy = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 40)) if copy else 0):
        copy[_place(copy, chance)] ^= 1 << chance.randrange(8)
    return bytes(copy)


def _place(data: bytes | bytearray, chance: random.Random) -> int:
    """Where to do damage: seldom in what only fills a sector."""
    places = [chance.randrange(len(data)) for _ in range(4)]
    return next((place for place in places if data[place] not in (0, 0xFF)), places[0])


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _block(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = _place(data, chance) if data else 0
    return start, min(len(data), start + chance.choice((1, 2, 8, 64, 512, 4096)))


def _doubled(data: bytes, chance: random.Random) -> bytes:
    start, end = _block(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 20)) + data[end:]


def _zeroed(data: bytes, chance: random.Random) -> bytes:
    start, end = _block(data, chance)
    return data[:start] + chance.choice((b"\0", b"\xff", b"")) * (end - start) + data[end:]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    first, second = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    length = min(chance.choice((1, 8, 64, 512)), second - first, len(data) - second)
    one, other = data[first : first + length], data[second : second + length]
    return data[:first] + other + data[first + length : second] + one + data[second + length :]


def _lengths(data: bytes, chance: random.Random) -> bytes:
    copy = bytearray(data)
    for _ in range(chance.choice((1, 2, 5))):
        form = chance.choice(("<B", "<H", ">H", "<I", ">I"))
        size = struct.calcsize(form)
        if len(copy) >= size:
            value = chance.choice(_LENGTHS) & ((1 << 8 * size) - 1)
            struct.pack_into(form, copy, min(_place(copy, chance), len(copy) - size), value)
    return bytes(copy)


def _numbers(data: bytes, chance: random.Random) -> bytes:
    return _replaced(_NUMBER, data, chance, lambda old: chance.choice(_NUMBERS))


def _tags(data: bytes, chance: random.Random) -> bytes:
    return _replaced(_TAG, data, chance, lambda old: old * chance.choice((0, 2, 2, 300)))


def _leaves(data: bytes, chance: random.Random) -> bytes:
    """What stays well-formed: elements without others in them doubled, left out, or in the places of others."""
    found = [match.group() for match in _LEAF.finditer(data)] or [b""]
    return _replaced(_LEAF, data, chance, lambda old: chance.choice((b"", old * 2, chance.choice(found))))


def _replaced(pattern: re.Pattern[bytes], data: bytes, chance: random.Random, other: Callable[[bytes], bytes]) -> bytes:
    found = list(pattern.finditer(data))
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 2, 10)))), key=lambda m: -m.start()):
        data = data[: match.start()] + other(match.group()) + data[match.end() :]
    return data


def _moved_tag(data: bytes, chance: random.Random) -> bytes:
    found = [match.group() for match in _TAG.finditer(data)]
    return _replaced(_TAG, data, chance, lambda old: chance.choice(found)) if found else data
