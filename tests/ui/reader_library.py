"""A library to be read: short texts, a PDF file, texts of half a million characters and more, hostile ones."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx

from assistant.assistant import Assistant
from assistant.index.database import outline_json
from assistant.readers.reading import digest
from assistant.types import Heading
from tests.index.library import make_assistant, write
from tests.readers.pdfs import pdf
from tests.readers.typeset import Layout, typeset
from tests.ui.fake_library import HOSTILE
from tests.ui.running import Running
from ui import links

RULES, SIGNS, OLD, HOSTILE_TEXT, TABLE, PDF, BROKEN = (
    "制度/保密办法.md",
    "表情.txt",
    "旧编码.txt",
    "恶意 <b>${1}.txt",
    "名册.csv",
    "条例.pdf",
    "坏.pdf",
)
LONG, LINE, ENDLESS = "长/五十万字.txt", "长/一行.txt", "长/三百万字.txt"
TEXTS = {
    RULES: "# 保密办法\n\n## 第一章 总则\n\n第一条 为了**保护**秘密，制定本办法。\n\n- 甲类文件\n- 乙类文件\n\n"
    "![图](http://leak.example/a.png)\n\n## 第二章 人员\n\n第二条 涉密人员上岗前应当签订保密承诺书。离岗时应当"
    "交还涉密文件。\n\n第三条 涉密文件不得带回家中。\n",
    SIGNS: "𠮷野家的故事\n\n😀第一句有表情👨‍👩‍👧‍👦，𠮷野家在街角。\r\n第二句说的是𠮷野家的门口。🇨🇳最后一句很平常。\n",
    HOSTILE_TEXT: f"恶意文本\n\n这里有：{HOSTILE}。\x07响铃，\u2067反过来\u2069。\n\n第二段很平常。\n",
    TABLE: "姓名,部门,电话\n张三,粮食科,1001\n李四,保密科,1002\n",
    "other.txt": "Fire drills\n\nEvery building holds a fire drill twice a year.\n",
}
QUOTE = "涉密人员上岗前应当签订保密承诺书。"
OTHER_QUOTE = "涉密文件不得带回家中。"
_SENTENCES = (
    "第{n}句说的是仓库里的粮食每年都要轮换一次。",
    "保管人在第{n}天检查了门窗和温度。",
    "编号{n}的麻袋放在北边的墙角，旁边是一本登记簿。",
    "天气转凉以后，第{n}批稻谷运到了站台。",
)


def long_text(characters: int, between: str = "\n") -> str:
    """Paragraphs that are all different, with a heading here and there."""
    made: list[str] = []
    length = number = 0
    while length < characters:
        number += 1
        heading = f"第{number // 50 + 1}章 记录\n" if between and number % 50 == 1 else ""
        paragraph = heading + "".join(sentence.format(n=number) for sentence in _SENTENCES)
        made.append(paragraph)
        length += len(paragraph) + len(between)
    return between.join(made)[:characters]


def library(folder: Path) -> Assistant:
    """The texts, read and indexed. The long ones only have the passages of their beginnings: indexing takes longer."""
    texts = folder / "texts"
    write(texts, {**TEXTS, **dict.fromkeys((LONG, LINE, ENDLESS), "开头的一段。\n")})
    (texts / OLD).write_bytes(
        "旧编码的文本\n\n这是一份用国标编码保存的文本，讲的是储备粮的保管和轮换。\n".encode("gb18030")
    )
    paragraphs = ["#第一章 总则", *(f"第{n}条 {line}" for n, line in enumerate(long_text(5_000).splitlines(), 1))]
    (texts / PDF).write_bytes(pdf(typeset(paragraphs, Layout(header="某条例", footer="{}")), title="粮食条例"))
    (texts / BROKEN).write_bytes(b"%PDF-1.4 broken")
    assistant = make_assistant(folder)
    assistant.update()
    with sqlite3.connect(assistant.index_dir / "library.sqlite") as database:
        for name, text in (
            (LONG, long_text(500_000)),
            (LINE, long_text(1_000_000, "")),
            (ENDLESS, long_text(3_000_000)),
        ):
            title = "开头的一段。"
            outline = tuple(
                Heading(found.start(), found.end(), 1) for found in re.finditer(r"(?m)^第\d+章 记录$", text)
            )
            change = "UPDATE documents SET title = ?, text = ?, digest = ?, outline = ? WHERE name = ?"
            database.execute(change, (title, text, digest(title, text, (), outline), outline_json(outline), name))
    database.close()
    assistant.close()
    return make_assistant(folder)


def address(assistant: Assistant, document: str, *quotes: str) -> str:
    """Of a document in the reader, at the first of some quotes; the others are marked, too."""
    text = assistant.document(document).text
    spans = [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    return links.reading(document, spans[0] if spans else None, spans[1:])


def getting(server: Running) -> Callable[..., httpx.Response]:
    def get(path: str, language: str = "zh-CN", **parameters: str | int) -> httpx.Response:
        return httpx.get(
            server.url + path,
            params={name.rstrip("_"): value for name, value in parameters.items()} or None,
            headers={"accept-language": language},
            trust_env=False,
            timeout=30,
        )

    return get
