"""The words of the reader, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from ui.messages import Words


@dataclass(frozen=True, slots=True)
class ReaderWords:
    """All interface texts of the reader in one language; a text with “|” has a form for one and a form for many."""

    # the place
    place: str
    page: str
    passage: str
    passage_of: str
    kinds: dict[str, str]
    encoding: str
    newer: str
    newer_detail: str
    gone: str
    gone_detail: str
    away: str
    away_detail: str
    outside: str
    changed: str
    file: str
    source: str
    # the tools
    tools: str
    quotes: str
    previous_quote: str
    next_quote: str
    contents: str
    no_contents: str
    contents_cut: str
    find: str
    previous_found: str
    next_found: str
    not_found: str
    first_found: str
    more: str
    own_tab: str
    copy_quote: str  # {style} is the name of one
    copy_link: str
    copied: str
    nothing_chosen: str
    print_it: str
    download: str
    text: str
    earlier: str
    later: str
    renewed: str
    open_again: str
    # pages as pictures
    view: str
    view_text: str
    view_both: str
    view_page: str
    sheet: str
    sheet_name: str
    sheet_marked: str
    page_number: str
    of_pages: str
    previous_page: str
    next_page: str
    larger: str
    smaller: str
    fit: str
    no_picture: str
    no_box: str
    picture_newer: str
    drawing: str
    # a page of its own
    library: str
    unknown: str
    unknown_detail: str
    nothing_asked: str
    nothing_asked_detail: str


CHINESE = ReaderWords(
    place="位置",
    page="第 {n} 页",
    passage="第 {n} 段",
    passage_of="共 {n} 段",
    kinds={
        "md": "Markdown",
        "markdown": "Markdown",
        "txt": "纯文本",
        "text": "纯文本",
        "html": "网页",
        "htm": "网页",
        "jsonl": "语料",
        "eml": "邮件",
    },
    encoding="编码 {name}",
    newer="文件比索引新",
    newer_detail="这里是索引时的文本。更新索引之后，就能看到文件现在的样子。",
    gone="文件已不在资料库里",
    gone_detail="这里是索引时的文本。更新索引之后，它不再用来回答问题。",
    away="现在读不到资料库文件夹",
    away_detail="这里是索引时的文本。文件夹是不是移走了，或者所在的磁盘没有接上？",
    outside="地址里的位置不在这份文本里，文本可能改动过。下面从头显示。",
    changed="文本改动过：标出的地方已经不是当时引用的那一句。",
    file="文件",
    source="来源",
    tools="阅读工具",
    quotes="引文",
    previous_quote="上一处引文",
    next_quote="下一处引文",
    contents="目录",
    no_contents="这份文本没有标题。",
    contents_cut="标题太多，只列出前 {n} 个。",
    find="在文中查找",
    previous_found="上一处",
    next_found="下一处",
    not_found="没有找到",
    first_found="标出前 {n} 处",
    more="更多",
    own_tab="在新标签页打开",
    copy_quote="复制引文和出处（{style}）",
    copy_link="复制链接",
    copied="已复制",
    nothing_chosen="先在正文里选中要复制的文字。",
    print_it="打印",
    download="下载原文件",
    text="正文",
    earlier="前面还有 {n} 字，接着显示",
    later="后面还有 {n} 字，接着显示",
    renewed="索引刚刚更新，这份文本改动过。",
    open_again="重新打开",
    view="显示方式",
    view_text="文本",
    view_both="对照",
    view_page="页面",
    sheet="页面图像",
    sheet_name="《{title}》第 {n} 页的图像",
    sheet_marked="，框出了 {n} 处引文",
    page_number="页码",
    of_pages="共 {n} 页",
    previous_page="上一页",
    next_page="下一页",
    larger="放大",
    smaller="缩小",
    fit="适合宽度",
    no_picture="这一页画不出来，文本不受影响。",
    no_box="这一页上没有找到引文的位置，请看文本。",
    picture_newer="图像来自现在的文件，可能和文本不一致。",
    drawing="正在画这一页…",
    library="资料库",
    unknown="没有这份文档",
    unknown_detail="它可能改了名、移走或删掉了。在资料库里可以看到现在有哪些文档。",
    nothing_asked="没有说要看哪份文档",
    nothing_asked_detail="从回答里的来源或资料库里的文档打开，就会显示在这里。",
)

ENGLISH = ReaderWords(
    place="Place",
    page="Page {n}",
    passage="Passage {n}",
    passage_of="of {n}",
    kinds={
        "md": "Markdown",
        "markdown": "Markdown",
        "txt": "Plain text",
        "text": "Plain text",
        "html": "Web page",
        "htm": "Web page",
    }
    | {"jsonl": "Corpus", "eml": "Mail"},
    encoding="Encoding {name}",
    newer="The file is newer than the index",
    newer_detail="This is the text as it was indexed. Update the index to see the file as it is now.",
    gone="The file is not in the library any more",
    gone_detail="This is the text as it was indexed. After the next update it is no longer used for answers.",
    away="The library folder cannot be reached",
    away_detail="This is the text as it was indexed. Was the folder moved, or is its drive not connected?",
    outside="The place in the address is not in this text, which may have changed. The text is shown from the "
    "beginning.",
    changed="The text has changed: what is marked is not the sentence that was cited.",
    file="File",
    source="Source",
    tools="Reading tools",
    quotes="Quotes",
    previous_quote="Previous quote",
    next_quote="Next quote",
    contents="Contents",
    no_contents="This text has no headings.",
    contents_cut="There are too many headings: these are the first {n}.",
    find="Find in this text",
    previous_found="Previous match",
    next_found="Next match",
    not_found="Not found",
    first_found="the first {n} are marked",
    more="More",
    own_tab="Open in a new tab",
    copy_quote="Copy quote and source ({style})",
    copy_link="Copy link",
    copied="Copied",
    nothing_chosen="Select the text you want to copy.",
    print_it="Print",
    download="Download the original file",
    text="Text",
    earlier="{n} more character before this: show more|{n} more characters before this: show more",
    later="{n} more character after this: show more|{n} more characters after this: show more",
    renewed="The index has just been updated, and this text has changed.",
    open_again="Open it again",
    view="View",
    view_text="Text",
    view_both="Both",
    view_page="Page",
    sheet="Picture of the page",
    sheet_name="Picture of page {n} of {title}",
    sheet_marked=", {n} quote boxed|, {n} quotes boxed",
    page_number="Page",
    of_pages="of {n}",
    previous_page="Previous page",
    next_page="Next page",
    larger="Larger",
    smaller="Smaller",
    fit="Fit the width",
    no_picture="This page cannot be drawn; its text is unaffected.",
    no_box="The quote was not found on the picture of this page; see the text.",
    picture_newer="The picture is of the file as it is now, and may differ from the text.",
    drawing="Drawing this page…",
    library="Library",
    unknown="There is no such document",
    unknown_detail="It may have been renamed, moved or deleted. The library shows which documents there are.",
    nothing_asked="No document was asked for",
    nothing_asked_detail="Open one from the sources of an answer, or in the library.",
)


def reader_words(words: Words) -> ReaderWords:
    """The reader's words in the language of the page's."""
    return CHINESE if words.language == "zh-CN" else ENGLISH


def count(text: str, number: int) -> str:
    """A text with a number in it, in the form that fits the number."""
    one, _, many = text.partition("|")
    return (many if many and number != 1 else one).format(n=f"{number:,}")
