"""E-books: the chapters in their order, each through the reader of web pages; titles from the table of contents."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Mapping
from urllib.parse import unquote
from xml.etree import ElementTree

from assistant.errors import ReadError
from assistant.readers import archive, html
from assistant.readers.body import Body, choose_title, one_line, same_words
from assistant.readers.encoding import decode
from assistant.readers.reading import Reading
from assistant.types import Problem

_KIND = "an e-book (.epub)"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml", "text/xml"})
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # hidden fonts hide no text


def read(data: bytes, document_id: str) -> Reading:
    """One document; a chapter that cannot be read is told in problems. Raises ReadError."""
    opened = archive.open_archive(data, document_id, kind=_KIND, holds=_CONTAINER)
    with archive.reading(document_id, _KIND):
        _refuse_encrypted(opened, document_id)
        book = _Book(opened)
        body, problems = Body(), []
        for name in book.chapters:
            try:
                _chapter(opened, name, body, book.labels.get(name, {}))
            except (*archive.DAMAGE, ReadError):
                problems.append(Problem(document_id, f"The chapter {name} is damaged and was left out. Copy it again."))
    if not body:
        raise archive.damaged(document_id, _KIND) if problems else archive.no_text(document_id)
    title = choose_title(document_id, body, book.title, body.first_heading)
    return body.reading(document_id, title, problems=tuple(problems))


class _Book:
    """What the package document says: the title, the chapters in reading order, and their titles."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        container = _xml(archive.read_part(opened, _CONTAINER))
        path = next((item.get("full-path") for item in container.iter() if _local(item) == "rootfile"), None)
        if path is None:
            raise ValueError("no package document")
        package = _xml(archive.read_part(opened, path))
        self._names = set(opened.namelist())
        self._folder = posixpath.dirname(path)
        items = {item.get("id", ""): item for item in package.iter() if _local(item) == "item"}
        self.title = next((one_line(item.text or "") for item in package.iter() if _local(item) == "title"), "")
        self.chapters = list(dict.fromkeys(self._chapters(package, items)))
        self.labels = self._labels(opened, items)

    def _chapters(self, package: ElementTree.Element, items: dict[str, ElementTree.Element]) -> list[str]:
        order = [
            items.get(reference.get("idref", "")) for reference in package.iter() if _local(reference) == "itemref"
        ]
        found = [
            self._path(self._folder, item.get("href", ""))
            for item in order
            if item is not None
            and item.get("media-type", "application/xhtml+xml") in _PAGES
            and "nav" not in (item.get("properties") or "").split()
        ]
        return [name for name in found if name in self._names]

    def _labels(self, opened: zipfile.ZipFile, items: dict[str, ElementTree.Element]) -> dict[str, dict[str, int]]:
        """What the table of contents names in each chapter, with its depth: for those that mark no headings."""
        labels: dict[str, dict[str, int]] = {}
        for item in items.values():
            navigation = "nav" in (item.get("properties") or "").split()
            if not navigation and item.get("media-type") != "application/x-dtbncx+xml":
                continue
            name = self._path(self._folder, item.get("href", ""))
            try:
                text = decode(archive.read_part(opened, name), name).text
            except (*archive.DAMAGE, ReadError):
                continue
            entries = _nav_entries(text) if navigation else _ncx_entries(text)
            for reference, label, depth in entries:
                labels.setdefault(self._path(posixpath.dirname(name), reference), {}).setdefault(one_line(label), depth)
        return labels

    @staticmethod
    def _path(folder: str, reference: str) -> str:
        return posixpath.normpath(posixpath.join(folder, unquote(reference.partition("#")[0])))


def _chapter(opened: zipfile.ZipFile, name: str, body: Body, labels: Mapping[str, int]) -> None:
    text = decode(archive.read_part(opened, name), name).text
    if not text.strip():
        return
    tree = html.parse(text)
    page = Body()
    title, level = next(iter(labels.items()), ("", 1))
    html.write(tree, page, title=title, contents={same_words(label): depth for label, depth in labels.items()})
    if title and len(page) and not page.has_headings:
        body.add(title, level=level)
    body.append(page)


_Entries = list[tuple[str, str, int]]  # where it leads, how it is called, how deep it is


def _nav_entries(text: str) -> _Entries:
    """The table of contents of a book's navigation page."""
    found = []
    for link in html.parse(text).css("nav a[href]"):
        depth, above = 0, link.parent
        while above is not None and above.tag != "nav":
            depth += above.tag == "ol"
            above = above.parent
        found.append((link.attributes.get("href") or "", link.text(), max(depth, 1)))
    return found


def _ncx_entries(text: str) -> _Entries:
    """The same of an older book."""
    found: _Entries = []
    waiting = [(_xml(text.encode()), 0)]
    while waiting:
        element, depth = waiting.pop()
        if _local(element) == "navPoint":
            label = next((item.text or "" for item in element.iter() if _local(item) == "text"), "")
            content = next((item.get("src", "") for item in element.iter() if _local(item) == "content"), "")
            depth += 1
            found.append((content, label, depth))
        waiting += [(child, depth) for child in reversed(element)]
    return found


def _refuse_encrypted(opened: zipfile.ZipFile, document_id: str) -> None:
    if _ENCRYPTION not in opened.namelist():
        return
    methods = [
        item.get("Algorithm", "")
        for item in _xml(archive.read_part(opened, _ENCRYPTION)).iter()
        if _local(item) == "EncryptionMethod"
    ]
    if any(method not in _FONTS for method in methods):
        raise ReadError(
            f"{document_id} is protected against copying (DRM), so its text cannot be read. Ask the publisher for an "
            "unprotected copy, or remove it."
        )


def _xml(data: bytes) -> ElementTree.Element:
    """The root of a small XML part; entities that a document type may declare are not expanded but refused."""
    if b"<!ENTITY" in data or "<!ENTITY".encode("utf-16-le") in data or "<!ENTITY".encode("utf-16-be") in data:
        raise ValueError("entities are declared")
    return ElementTree.fromstring(data)


def _local(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
