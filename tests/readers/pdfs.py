"""Small PDF files, written by hand: text at places, in fonts that every PDF program knows and no file carries."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842  # A4 in points
_SONG, _HELVETICA, _BOLD = "F1", "F2", "F3"


@dataclass
class Page:
    """A page; y counts from the bottom."""

    operators: list[str] = field(default_factory=list)

    def line(self, x: float, y: float, text: str, size: float = 12, *, bold: bool = False) -> None:
        """A line of text. Chinese characters are one size wide, Helvetica as it is."""
        for font, part in _runs(text, bold=bold):
            encoded = part.encode("utf-16-be").hex() if font == _SONG else part.encode("cp1252").hex()
            self.operators.append(f"BT /{font} {size} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{encoded}> Tj ET")
            x += width(part, size)

    def lines(self, x: float, y: float, texts: Sequence[str], size: float = 12, leading: float = 20) -> float:
        """Lines below each other; the y of the line after them."""
        for text in texts:
            indent = len(text) - len(text.lstrip("\u3000"))
            self.line(x + indent * size, y, text.lstrip("\u3000"), size)
            y -= leading
        return y

    def picture(self) -> None:
        """A grey picture over the whole page."""
        self.operators.append(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /Im0 Do Q")

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.operators.append(f"0.5 w {x0} {y0} m {x1} {y1} l S")


def _runs(text: str, *, bold: bool) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    for char in text:
        font = _SONG if ord(char) > 0x2DFF or char in "“”‘’—…①" else _BOLD if bold else _HELVETICA
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + char)
        else:
            runs.append((font, char))
    return runs


# Widths of Helvetica in thousandths, close enough to place what follows.
_NARROW, _WIDE = "iljI.,;:'|!ft ()[]r-/", "mwMWABCDGHKNOPQRSUVXYZ&%"


def width(text: str, size: float) -> float:
    """About how wide a text is."""
    thousandths = sum(
        1000 if ord(c) > 0x2DFF or c in "“”‘’—…①" else 278 if c in _NARROW else 722 if c in _WIDE else 556 for c in text
    )
    return thousandths * size / 1000


def pdf(
    pages: Sequence[Page], title: str = "", bookmarks: Sequence[tuple[str, int]] = (), *, compressed: bool = False
) -> bytes:
    """A PDF file; bookmarks are titles and the pages (from 0) they lead to."""
    objects: list[bytes] = [b""]

    def add(body: str | bytes) -> int:
        objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(objects) - 1

    catalog, tree = add(""), add("")
    descriptor = add(
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    )
    descendant = add(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
        f"/Ordering (GB1) /Supplement 2 >> /FontDescriptor {descriptor} 0 R /DW 1000 >>"
    )
    song = add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H "
        f"/DescendantFonts [{descendant} 0 R] >>"
    )
    latin = [
        add(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
        for name in ("Helvetica", "Helvetica-Bold")
    ]
    picture = add(_stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
                          "/BitsPerComponent 8", b"\x80"))  # fmt: skip
    resources = (
        f"<< /Font << /{_SONG} {song} 0 R /{_HELVETICA} {latin[0]} 0 R /{_BOLD} {latin[1]} 0 R >> "
        f"/XObject << /Im0 {picture} 0 R >> >>"
    )
    numbers = []
    for page in pages:
        content = add(_stream("", "\n".join(page.operators).encode("latin-1"), compressed=compressed))
        numbers.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources {resources} "
                f"/Contents {content} 0 R >>"
            )
        )
    objects[tree] = f"<< /Type /Pages /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] /Count {len(numbers)} >>".encode()
    outlines = _outlines(objects, bookmarks, numbers)
    objects[catalog] = f"<< /Type /Catalog /Pages {tree} 0 R{outlines} >>".encode()
    information = add(f"<< /Title <feff{title.encode('utf-16-be').hex()}> >>")
    return _file(objects, catalog, information)


def _stream(entries: str, data: bytes, *, compressed: bool = False) -> bytes:
    if compressed:
        import zlib

        data, entries = zlib.compress(data), entries + " /Filter /FlateDecode"
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _outlines(objects: list[bytes], bookmarks: Sequence[tuple[str, int]], pages: Sequence[int]) -> str:
    if not bookmarks:
        return ""
    root = len(objects)
    items = range(root + 1, root + 1 + len(bookmarks))
    objects.append(f"<< /Type /Outlines /First {items[0]} 0 R /Last {items[-1]} 0 R /Count {len(items)} >>".encode())
    for index, (title, page) in enumerate(bookmarks):
        around = f" /Prev {items[index - 1]} 0 R" if index else ""
        around += f" /Next {items[index + 1]} 0 R" if index + 1 < len(items) else ""
        objects.append(
            f"<< /Title <feff{title.encode('utf-16-be').hex()}> /Parent {root} 0 R{around} "
            f"/Dest [{pages[page]} 0 R /Fit] >>".encode()
        )
    return f" /Outlines {root} 0 R"


def _file(objects: Sequence[bytes], catalog: int, information: int) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects[1:], 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects)}\n0000000000 65535 f \n".encode())
    out.writelines(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    trailer = f"<< /Size {len(objects)} /Root {catalog} 0 R /Info {information} 0 R >>"
    out.write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
