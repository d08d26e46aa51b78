"""Why a file was not read, in Chinese: the readers write English, which is also what terminals show.

A reason that is not known here stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ui.messages import Words

# A pattern of the English text, and the Chinese one, into which its groups go. The first that is found decides.
_TABLE: tuple[tuple[str, str], ...] = (
    (r"is empty \(0 bytes\)", "是空文件（0 字节）。重新放一份，或删掉它。"),
    (r"is larger than ([\d.,]+ \w+)", "超过了 {0} 的上限。拆开它，或调大设置 file_megabytes。"),
    (r"is encrypted\. Open it with its password", "加了密。用密码打开，另存一份不加密的，再更新索引。"),
    (r"is protected by a password", "有密码保护。打开它，去掉密码后保存，再更新索引。"),
    (r"is an encrypted e-mail", "是加密的邮件。用邮件程序打开，把文字另存下来。"),
    (r"protected against copying \(DRM\)", "有防复制保护（DRM），读不出文字。换一份不带保护的，或删掉它。"),
    (r"it was scanned", "是扫描件，没有文字。先做文字识别（OCR），再更新索引。"),
    (r"If it was scanned, run text recognition", "几乎没有文字，可能是扫描件。先做文字识别（OCR），再更新索引。"),
    (r"does not say which characters its glyphs are", "没有说明字形对应哪些字。做一次文字识别（OCR），或另存为文本。"),
    (r"holds no text \(only pictures", "没有文字，可能只有图片。存成带文字的文件（扫描件先做文字识别），或删掉它。"),
    (r"holds no text but page numbers", "除了页码没有文字。写进文字，或删掉它。"),
    (r"holds no filled cells", "没有填了内容的单元格。填上表格，或删掉它。"),
    (r"is a web page that holds no text", "是没有文字的网页。在浏览器里打开，把看到的内容存成文本或 PDF。"),
    (r"holds no text\b", "没有文字。写进文字，或删掉它。"),
    (r"older Office or WPS format", "是旧的 Office 或 WPS 格式（.doc、.xls、.ppt、.wps）。打开它，另存为新的格式。"),
    (r"^Old Word format", "是旧的 Word 格式。打开它，另存为 .docx。"),
    (r"is not .+ but a web page\.", "其实是网页。把后缀改成 .html。"),
    (r"is not .+ but plain text\.", "其实是纯文本。把后缀改成 .txt。"),
    (r"is not .+ but another zip archive", "其实是压缩包。解压它，或改成正确的名字。"),
    (r"is not .+ but .+\. Change the end of its name to (\.\w+)", "内容和后缀不符。把后缀改成 {0}。"),
    (r"is not a PDF file", "不是 PDF 文件。改成正确的后缀，或重新保存。"),
    (r"is a web page or XML, whatever", "其实是网页或 XML。用表格程序打开，另存为 .xlsx，或改名为 .html。"),
    (r"is not a text file: it looks like", "不是文本文件。改成正确的后缀，或把文字另存下来。"),
    (
        r"is not a text file, or is damaged",
        "不是文本文件，或已损坏，认不出编码。用原来的程序打开，另存为 UTF-8 文本，或删掉它。",
    ),
    (r"no page of it can be read", "已损坏或不完整，一页也读不出来。重新取一份。"),
    (r"its end is missing; ([\d,]+) pages", "结尾缺失，只读出了 {0} 页。重新取一份。"),
    (
        r"made the program that reads it crash",
        "读它的程序崩溃了：文件已损坏，或需要的内存超过上限。用原来的程序打开另存。",
    ),
    (r"needs more than ([\d,]+) MB of memory", "读它需要超过 {0} MB 内存，没有读。拆开它，或调大设置 read_megabytes。"),
    (r"took longer than ([\d.]+) seconds", "读了 {0} 秒还没读完，没有继续。拆开它，或调大设置 read_seconds。"),
    (r"was not unpacked", "解压后大得不正常，没有解压。是自己的文件就拆开它，或把文字另存下来。"),
    (r"declares XML entities", "带有 XML 实体，可能有害，没有读。删掉它，或把文字另存下来。"),
    (r"is damaged", "已损坏，或内容和后缀不符。用原来的程序打开后重新保存，或重新复制一份。"),
    (r"is of a format that is not read", "这种格式读不了。另存为 txt、md、docx、pdf 等能读的格式。"),
    (r"is no table", "不是表格。用表格程序打开后重新保存。"),
    (
        r"may not be read|cannot be read \(Permission denied\)|cannot be read: Permission denied",
        "没有读取权限。给自己读它的权限。",
    ),
    (r"is no longer there", "已经不在了（或是失效的链接）。再更新一次索引。"),
    (r"a link that leads to itself", "是指向自己的链接。删掉它。"),
    (r"is a link to a folder", "是指向文件夹的链接，不会跟进去。"),
    (r"is no regular file", "不是普通文件。换成普通文件，或删掉它。"),
    (r"is also the name of a text of (.+); rename one", "和 {0} 里的一篇重名，改掉其中一个的名字。"),
    (r"its name is not valid UTF-8", "文件名不是有效的 UTF-8。给它改个名。"),
    (r"is not UTF-8, so none of its words", "不是 UTF-8，所以里面的词都没有用上；存成 UTF-8。"),
    (r"^line (\d+): is no Chinese word", "第 {0} 行：不是中文词。词里要有汉字，可以夹字母和数字。"),
    (r"^line (\d+): is longer than (\d+)", "第 {0} 行：超过 {1} 个字。"),
    (r"^line (\d+): its frequency is above ([\d,]+)", "第 {0} 行：词频超过 {1}。"),
    (r"^line (\d+): is not “word", "第 {0} 行：格式应为“词 词频 词性”，后两项可以没有。"),
    (r"^The folder .+ does not exist", "文件夹不存在。检查路径，或建好文件夹、放入文本。"),
    (r"cannot be entered: (.+); what was indexed", "进不去（{0}）；已经编入的保持不变。"),
    (r"^(.+) is not a folder\. Give", "{0} 不是文件夹。换成放文本的文件夹。"),
    (r"^The folder .+ cannot be read \((.+)\)", "文件夹读不了（{0}）。检查它的权限。"),
    (
        r"^The rules .+ cannot be read",
        ".youjuignore 读不了，所以不知道哪些文件算在内。修好或删掉它；在那之前索引保持不变。",
    ),
)
# What a check of an index finds.
_FINDINGS: tuple[tuple[str, str], ...] = (
    (r"^The index .+ is damaged \(", "数据库已损坏。原文没有受影响，修复会重做索引。"),
    (r"^a row of (\S+) refers to a row of (\S+)", "表 {0} 引用了表 {1} 里没有的记录。"),
    (r" cannot be used: ", "已损坏，或属于另一代索引。修复会重新做出来。"),
    (r" holds ([\d,]+) passages, the database ([\d,]+)", "有 {0} 个段落，数据库里有 {1} 个。"),
    (r" belongs to another state of the library", "属于资料库的另一个状态。修复会重新做出来。"),
    (r"^([\d,]+) of them are damaged", "{0} 个已损坏。"),
    (r"^([\d,]+) windows have none", "{0} 个窗口没有向量。"),
    (r"^the FAISS index holds other vectors", "向量检索文件和数据库不一致。"),
    (r"^the keyword index holds other passages", "关键词检索文件和数据库不一致。"),
    (r"^was indexed and cannot be read now", "编入过，现在读不了。"),
    (r"^the index holds another text than its file", "索引里的文本和文件不一样。"),
    (r"^its text is not the one that was read", "存下的文本已经变了。"),
    (r"^its file is not in the list of files", "文件清单里没有它的文件。"),
    (r"^a passage or window of it is missing", "缺了段落或窗口，或切分得不对。"),
    (r"^(its length|a passage lies|two passages|a page begins|a window) ", "段落或窗口的位置不对。"),
    (r"^its rows cannot be read", "它在数据库里的记录读不出来。"),
)
# Lines of a corpus: one of them, and the first of several; what is wrong, and what to do.
_LINES = re.compile(r"^(?:Line ([\d,]+) (?:is|has|holds|repeats)|([\d,]+) lines .+?, first: line ([\d,]+)\.)")
_LINE_FAULTS = (
    ("valid JSON", "不是有效的 JSON。每行写一个 JSON 对象。"),
    ("JSON object", '不是 JSON 对象。每行写 {"id": …, "title": …, "text": …}。'),
    ("no text", "没有 text。给每行写上“text”。"),
    ("neither text nor", "的 id 既不是文字也不是整数。改正它。"),
    ("surrogate", "含有 NUL 或半个代理对。去掉这些字符。"),
    ("of earlier lines", "的 id 和前面的重复。每行用自己的 id。"),
    ("of an earlier line", "的 id 和前面的重复。每行用自己的 id。"),
)


@lru_cache(maxsize=2)
def _patterns(table: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), chinese) for pattern, chinese in table)


def in_words(reason: str, words: Words) -> str:
    """A reason in the language of the page, as far as it is known in that."""
    if words.language == "en":
        return reason
    if found := _LINES.match(reason):
        one, many, first = found.groups()
        fault = next((chinese for english, chinese in _LINE_FAULTS if english in reason), "读不了。")
        return f"第 {one} 行{fault}" if one else f"{many} 行（从第 {first} 行起）{fault}"
    return _found(reason, _TABLE)


def finding_in_words(reason: str, words: Words) -> str:
    """The same for what a check found."""
    return reason if words.language == "en" else _found(reason, _FINDINGS)


def _found(reason: str, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, chinese in _patterns(table):
        if found := pattern.search(reason):
            return chinese.format(*found.groups())
    return reason
