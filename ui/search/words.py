"""The words of the search room, of choosing places, and of why a passage was found."""

from __future__ import annotations

from dataclasses import dataclass

from ui.messages import CHINESE as _CHINESE


@dataclass(frozen=True, slots=True)
class SearchWords:
    """In one language; a text with “|” has a form for one and a form for many."""

    # the room
    title: str
    field: str
    placeholder: str
    search: str
    mode: str
    by_meaning: str
    every: str
    hint_meaning: str
    hint_every: str
    searching: str
    model_loading: str
    switch: str
    retry: str
    # passages
    best: str
    best_of_all: str
    more: str
    no_passage: str
    weak: str
    # every mention
    none_hint: str
    more_here: str
    more_documents: str
    changed: str
    export_csv: str
    export_markdown: str
    in_text: str
    all_mentions: str
    # what goes wrong
    not_indexed: str
    to_library: str
    first_reading: str
    to_progress: str
    gone: str
    whole: str
    # places
    within: str
    choose: str
    filter: str
    tree: str
    chosen: str
    nothing_chosen: str
    remove: str
    cancel: str
    take: str
    close: str
    unfold: str
    folder_count: str
    more_places: str
    no_place: str
    too_many: str
    places: str
    # columns of an exported table
    column_title: str
    column_file: str
    column_heading: str
    column_page: str
    column_start: str
    column_end: str
    column_passage: str
    file_name: str


CHINESE = SearchWords(
    title="搜索",
    field="要找的词或问题",
    placeholder="输入词语或问题",
    search="搜索",
    mode="怎样找",
    by_meaning="最相关的段落",
    every="每一处提到",
    hint_meaning="按意思和用词找，最相关的在前；只列原文，不作回答。",
    hint_every="逐字找出所有提到这些词的段落，一处不漏；“引号里的”算一个词，几个词要同时出现。",
    searching="正在查找…",
    model_loading="按意思找要用的模型还在加载，好了会自动给出结果。“每一处提到”不用模型，现在就能找。",
    switch="改找每一处提到",
    retry="再试一次",
    best="最相关的 {n} 段，好的在前",
    best_of_all="最相关的 {n} 段都在这里。要一处不漏，请找“每一处提到”。",
    more="再看 {n} 段",
    no_passage="这个范围里没有可以列出的段落。",
    weak="没有意思很接近、用词也相近的段落；下面只是相对最靠近的。",
    none_hint="这里按字面找。换个写法试试，或者改为按意思找“最相关的段落”。",
    more_here="再看 {n} 段（这篇还有 {rest} 段）",
    more_documents="再列 {n} 篇（还有 {rest} 篇）",
    changed="资料库刚刚更新过，接着列会对不上：请重新搜索。",
    export_csv="导出表格（CSV）",
    export_markdown="导出 Markdown",
    in_text="在原文中看",
    all_mentions="在搜索里列出全部",
    not_indexed="这个资料库还没有建立索引，所以还没法搜索。",
    to_library="到“资料库”建立索引",
    first_reading="正在第一次读你的文本，读完就可以搜索。",
    to_progress="到“资料库”看进度",
    gone="范围里的{names}已经不在资料库里了，没法在那里找。",
    whole="全部资料",
    within="范围：",
    choose="选择查找的范围",
    filter="按名称筛选文件夹和文档",
    tree="文件夹和文档",
    chosen="已选",
    nothing_chosen="没有选：在全部资料里找",
    remove="不要{name}",
    cancel="取消",
    take="就在这里找",
    close="关闭",
    unfold="展开{name}",
    folder_count="{n} 篇",
    more_places="再列 {n} 个（还有 {rest} 个）",
    no_place="没有名称相符的文件夹或文档",
    too_many="最多选 {n} 处；同一文件夹里的多篇文档，选那个文件夹就行。",
    places="{first}等 {n} 处",
    column_title="文档",
    column_file="文件",
    column_heading="标题",
    column_page="页",
    column_start="起（字符）",
    column_end="止（字符）",
    column_passage="段落",
    file_name="提到",
)

ENGLISH = SearchWords(
    title="Search",
    field="Words or a question to look for",
    placeholder="Words or a question",
    search="Search",
    mode="How to look",
    by_meaning="Best passages",
    every="Every mention",
    hint_meaning="By meaning and words, the best first. Lists the texts themselves and composes no answer.",
    hint_every="Every passage that holds these very words, none left out. “Words in quotation marks” are one; "
    "of several words a passage holds all.",
    searching="Searching…",
    model_loading="The model that compares meaning is still loading; the results will come by themselves. "
    "“Every mention” needs no model and works now.",
    switch="Look for every mention",
    retry="Try again",
    best="The best passage|The {n} best passages, best first",
    best_of_all="These are the {n} best passages. To leave none out, look for “Every mention”.",
    more="Show {n} more",
    no_passage="There is no passage to list here.",
    weak="No passage is close in meaning and wording; these are only the nearest.",
    none_hint="This looks for the exact words. Try other words or spellings, or look for the best passages by meaning.",
    more_here="Show {n} more ({rest} left in this document)",
    more_documents="List {n} more ({rest} documents left)",
    changed="The library was updated just now, so the list cannot go on from here: search again.",
    export_csv="Table (CSV)",
    export_markdown="Markdown",
    in_text="See it in the text",
    all_mentions="List all of them in Search",
    not_indexed="This library has no index yet, so it cannot be searched.",
    to_library="Build the index in “Library”",
    first_reading="Your texts are being read for the first time; then they can be searched.",
    to_progress="See how far it is in “Library”",
    gone="{names} is not in the library any more, so it cannot be searched.|"
    "{names} are not in the library any more, so they cannot be searched.",
    whole="The whole library",
    within="In: ",
    choose="Where to look",
    filter="Filter folders and documents by name",
    tree="Folders and documents",
    chosen="Chosen",
    nothing_chosen="Nothing chosen: the whole library",
    remove="Remove {name}",
    cancel="Cancel",
    take="Look here",
    close="Close",
    unfold="Open {name}",
    folder_count="{n} document|{n} documents",
    more_places="List {n} more ({rest} left)",
    no_place="No folder or document has such a name",
    too_many="At most {n} places; for many documents of a folder, choose the folder.",
    places="{first} and {rest} more",
    column_title="Document",
    column_file="File",
    column_heading="Headings",
    column_page="Page",
    column_start="Start (character)",
    column_end="End (character)",
    column_passage="Passage",
    file_name="mentions",
)


def search_words(language: str) -> SearchWords:
    """In the language of the page."""
    return CHINESE if language == _CHINESE.language else ENGLISH


@dataclass(frozen=True, slots=True)
class WhyWords:
    """Why a passage was found, in one language."""

    why: str
    comma: str
    semicolon: str
    full_stop: str
    quoted: str
    share: str
    meaning: tuple[str, str, str]  # very close, somewhat, hardly
    meaning_off: str
    held: str
    held_above: str
    also_above: str
    held_nowhere: str
    held_in_part: str
    many: str
    absent: str
    place: str
    document: str
    place_only: str
    key_meaning: str
    key_words: str
    figure_dense: str
    figure_coverage: str
    brief_words: tuple[str, str, str]  # most of them, some, none
    brief_common: str  # of none that counts: some, but such as stand everywhere


CHINESE_WHY = WhyWords(
    why="为什么是这一段",
    comma="",
    semicolon="；",
    full_stop="。",
    quoted="“{word}”",
    share="（占 {n}%）",
    meaning=("意思很接近", "意思有些接近", "意思不算接近"),
    meaning_off="没有比较意思",
    held="问题里的{words}出现在这段里",
    held_above="问题里的{words}出现在它的标题里",
    also_above="，{words}出现在它的标题里",
    held_nowhere="问题里的词没有出现",
    held_in_part="问题里的词没有完整出现，只有其中的字",
    many="等 {n} 个词",
    absent="没有出现：{words}。",
    place="问题点名了这一处：{place}。",
    document="问题点名了这篇文档：{place}。",
    place_only="问题点名了它所在的地方，排在前面不是因为意思或用词。",
    key_meaning="意思 {n}%",
    key_words="用词 {n}%",
    figure_dense="意思的接近程度 {n}（不相干的文字在 0 左右，4 以上算很接近）",
    figure_coverage="按分量算，问题的词这里有 {n}%",
    brief_words=("大半的词都有", "有一些词", "没有相同的词"),
    brief_common="只有常见的字词",
)

ENGLISH_WHY = WhyWords(
    why="Why this passage",
    comma=", ",
    semicolon="; ",
    full_stop=".",
    quoted="“{word}”",
    share=" ({n}%)",
    meaning=("Its meaning is very close", "Its meaning is somewhat close", "Its meaning is not very close"),
    meaning_off="Its meaning was not compared",
    held="it has these words of the question: {words}",
    held_above="its headings have these words of the question: {words}",
    also_above=", and its headings have {words}",
    held_nowhere="it has none of the question's words",
    held_in_part="it has none of the question's words whole, only parts of them",
    many=" and {rest} more",
    absent="Not here: {words}.",
    place="The question names this place: {place}.",
    document="The question names this document: {place}.",
    place_only="The question names where it stands: neither meaning nor words put it here.",
    key_meaning="meaning {n}%",
    key_words="words {n}%",
    figure_dense="closeness of meaning {n} (unrelated texts have about 0, above 4 is very close)",
    figure_coverage="by weight, {n}% of the question's words are here",
    brief_words=("most of the words", "some of the words", "none of the words"),
    brief_common="only common words",
)


def why_words(language: str) -> WhyWords:
    """In the language of the page."""
    return CHINESE_WHY if language == _CHINESE.language else ENGLISH_WHY
