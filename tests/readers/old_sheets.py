"""Workbooks of Excel 97 (.xls), written by hand: a file system of 512-byte sectors with one stream of records in it."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_SECTOR = 512
_SMALLEST_STREAM = 4096  # a shorter one would be among the short streams
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_BEGIN_OF_PART, _END_OF_PART, _SHEET, _STRINGS, _SIZE, _NUMBER, _STRING, _CODE_PAGE = (
    0x0809, 0x000A, 0x0085, 0x00FC, 0x0200, 0x0203, 0x00FD, 0x0042,
)  # fmt: skip


def xls(sheets: Mapping[str, Sequence[Sequence[str | float]]]) -> bytes:
    """A workbook of texts and numbers."""
    texts = list(dict.fromkeys(value for rows in sheets.values() for row in rows for value in row if _is_text(value)))
    parts = [_sheet(rows, texts) for rows in sheets.values()]
    # Where the sheets begin stands before them: its length is the same wherever that is.
    begins = [len(_globals(sheets, texts, [0] * len(sheets)))]
    begins += [begins[0] + sum(map(len, parts[: number + 1])) for number in range(len(parts) - 1)]
    return _file(_globals(sheets, texts, begins) + b"".join(parts))


def _is_text(value: str | float) -> bool:
    return isinstance(value, str)


def _globals(names: Mapping[str, object], texts: Sequence[str | float], begins: Sequence[int]) -> bytes:
    shown = b"".join(struct.pack("<HB", len(str(text)), 1) + str(text).encode("utf-16-le") for text in texts)
    return b"".join(
        (
            _record(_BEGIN_OF_PART, struct.pack("<4H2I", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0)),
            _record(_CODE_PAGE, struct.pack("<H", 1200)),
            *(
                _record(_SHEET, struct.pack("<I2x2B", begin, len(name), 1) + name.encode("utf-16-le"))
                for name, begin in zip(names, begins, strict=True)
            ),
            _record(_STRINGS, struct.pack("<2I", len(texts), len(texts)) + shown),
            _record(_END_OF_PART),
        )
    )


def _sheet(rows: Sequence[Sequence[str | float]], texts: Sequence[str | float]) -> bytes:
    records = [
        _record(_BEGIN_OF_PART, struct.pack("<4H2I", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0)),
        _record(_SIZE, struct.pack("<2I3H", 0, len(rows), 0, max(map(len, rows)), 0)),
    ]
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<3H", row, column, 0)
            if isinstance(value, str):
                records.append(_record(_STRING, place + struct.pack("<I", texts.index(value))))
            else:
                records.append(_record(_NUMBER, place + struct.pack("<d", value)))
    return b"".join((*records, _record(_END_OF_PART)))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _file(stream: bytes) -> bytes:
    stream = stream.ljust(_SMALLEST_STREAM, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    table = [_TABLE, _END, *range(3, sectors + 2), _END]  # the table itself, the folder, the stream
    folder = _entry("Root Entry", kind=5, child=1, begin=_END, size=0)
    folder += _entry("Workbook", kind=2, child=_FREE, begin=2, size=len(stream))
    header = struct.pack(
        "<8s16x5H6x9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0
    ) + struct.pack("<109I", 0, *[_FREE] * 108)
    return b"".join(
        (
            header,
            struct.pack(f"<{len(table)}I", *table).ljust(_SECTOR, b"\xff"),
            folder.ljust(_SECTOR, b"\0"),
            stream.ljust(sectors * _SECTOR, b"\0"),
        )
    )


def _entry(name: str, *, kind: int, child: int, begin: int, size: int) -> bytes:
    shown = name.encode("utf-16-le")
    return struct.pack("<64sH2B3I36xIQ", shown, len(shown) + 2, kind, 1, _FREE, _FREE, child, begin, size)
