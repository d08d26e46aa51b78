"""The words of the library's room, in Chinese and in English; what is shared with other rooms is in `ui.messages`.

Numbers go in by `str.format`; a text with “|” has a form for one and a form for many (`Words.count`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.messages import Words


@dataclass(frozen=True, slots=True)
class ShelfWords:
    """All texts of the library's room in one language."""

    language: str
    colon: str
    # the head
    copy_path: str
    folder: str
    index: str
    model: str
    model_states: dict[str, str]
    generation: str
    holds: str
    holds_texts: str
    indexed: str
    never: str
    ignored: str
    ignored_items: str
    newer: str
    newer_dictionary: str
    nothing_newer: str
    unknown: str
    error_missing: str
    # acting
    follow: str
    parts: str
    documents_part: str
    dictionary_part: str
    check_part: str
    questions_part: str
    # the table
    documents: str
    find: str
    kind: str
    any_kind: str
    any_state: str
    states: dict[str, str]
    no_kind: str
    title: str
    path: str
    encoding: str
    size: str
    passages: str
    indexed_at: str
    state: str
    sort_by: str
    sorted_up: str
    sorted_down: str
    matches: str
    no_match: str
    empty: str
    pages: str
    page_of: str
    first: str
    previous: str
    next: str
    last: str
    # upload
    drop: str
    drop_hint: str
    choose_files: str
    into_folder: str
    root_folder: str
    uploads_off: str
    uploads_sample: str
    upload_outcomes: dict[str, str]
    upload_reasons: dict[str, str]
    upload_failed: str
    upload_is_folder: str
    upload_waiting: str
    replace: str
    leave: str
    left: str
    upload_done: str
    # the dictionary
    dictionary_lead: str
    dictionary_help: str
    dictionary_example: str
    dictionary_label: str
    dictionary_count: str
    save: str
    revert: str
    saved: str
    dictionary_wanted: str
    dictionary_refused: str
    dictionary_changed: str
    dictionary_reload: str
    dictionary_overwrite: str
    dictionary_unreadable: str
    dictionary_problems: str
    # the check
    check_lead: str
    check: str
    repair: str
    clean: str
    check_hint: str
    clean_hint: str
    works: dict[str, str]
    check_sound: str
    check_wrong: str
    check_looked: str
    check_repaired: str
    check_left: str
    check_stopped: str
    check_failed: str
    places: dict[str, str]
    finding: str
    cleaned: str
    cleaned_nothing: str
    cleaned_vectors: str
    cleaned_models: str
    cleaned_generations: str
    cleaned_unneeded: str
    # the library's own questions
    questions_lead: str
    questions_none: str
    questions_count: str
    questions_judged: str
    questions_file: str
    questions_mistakes: str
    run_questions: str
    run_again: str
    run_at: str
    run_old: str
    run_good: str
    run_stopped: str
    run_failed: str
    figure: str
    value: str
    before: str
    figures: dict[str, str]
    misses: str
    became: dict[str, str]
    run_problems: str
    # the first minute
    first_missing: str
    first_missing_detail: str
    first_empty: str
    first_empty_detail: str
    first_unreadable: str
    first_unreadable_detail: str
    first_unreadable_here: str
    first_unindexed: str
    first_unindexed_detail: str
    first_reading: str
    first_reading_detail: str
    first_error: str
    use_sample: str
    sample_hint: str
    look_again: str
    open_library: str


CHINESE = ShelfWords(
    language="zh-CN",
    colon="：",
    copy_path="复制路径",
    folder="文件夹",
    index="索引位置",
    model="模型",
    model_states={"waiting": "还没加载", "loading": "正在加载…", "ready": "已就绪", "failed": "没有加载成功"},
    generation="第 {n} 代索引",
    holds="内容",
    holds_texts="{documents}、{passages}、{n:,} 个窗口",
    indexed="索引时间",
    never="还没有索引",
    ignored="忽略",
    ignored_items="{n:,} 项，由 .youjuignore 排除",
    newer="文件夹里的变化",
    newer_dictionary="词典改了",
    nothing_newer="没有，索引是最新的",
    unknown="现在不知道",
    error_missing="资料库现在读不到",
    follow="跟随文件夹自动更新",
    parts="资料库的各部分",
    documents_part="文档",
    dictionary_part="词典",
    check_part="检查与清理",
    questions_part="自己的问题",
    documents="资料库里的文档",
    find="按标题或路径筛选",
    kind="类型",
    any_kind="所有类型",
    any_state="全部",
    states={"problem": "有问题", "added": "新文件", "edited": "已改动", "removed": "已不在", "current": "已是最新"},
    no_kind="其他",
    title="标题",
    path="路径",
    encoding="编码",
    size="大小",
    passages="段落",
    indexed_at="编入时间",
    state="状态",
    sort_by="排序",
    sorted_up="，升序",
    sorted_down="，降序",
    matches="{n:,} 项",
    no_match="没有符合筛选的文档。",
    empty="这里还没有文档。",
    pages="翻页",
    page_of="第 {n:,} 页，共 {pages:,} 页",
    first="首页",
    previous="上一页",
    next="下一页",
    last="末页",
    drop="把文件拖到这里",
    drop_hint="放进资料库文件夹；每个最大 {size}，同名文件不会不问就覆盖。",
    choose_files="选择文件…",
    into_folder="放到",
    root_folder="资料库的根文件夹",
    uploads_off="要从页面放入文件，用 `youju chat --uploads` 启动，或在 youju.toml 里写 uploads = true。",
    uploads_sample="这是自带的示例资料库，不收新文件。",
    upload_outcomes={"added": "已放入", "there": "原来就有，内容相同", "replaced": "已替换原来的文件"},
    upload_reasons={
        "name": "这个名字不能用作文件名，改个名字再放",
        "kind": "这种文件读不了，或者内容和后缀不符；另存为能读的格式再放",
        "empty": "是空文件（0 字节），可能还没有写完",
        "large": "超过了 {size} 的上限；拆开它，或调大设置 file_megabytes",
        "room": "硬盘快满了，腾出空间再放",
        "exists": "那里已有同名文件，内容不同",
        "similar": "那里有个名字太相近的文件，有的系统会当成同一个；改名再放",
        "folder": "没有这个文件夹，或者它不在索引范围内；换一个",
        "ignored": ".youjuignore 会把它排除在外；改名，或改规则",
        "library": "资料库文件夹现在用不了",
        "disk": "没能写入，检查文件夹的权限和硬盘空间",
    },
    upload_failed="没有传完，连接断了；再放一次",
    upload_is_folder="是文件夹；请打开它，把里面的文件拖进来",
    upload_waiting="等待中",
    replace="替换",
    leave="不放了",
    left="没有放入",
    upload_done="文件已放入，更新索引后就能问到。",
    dictionary_lead="词典里的词在查找时会作为整体对待，适合人名、机构名、术语。保存在资料库文件夹的 youju.dict 里。",
    dictionary_help="每行一个词，后面可以写词频和词性，用空格隔开；词里要有汉字。空行不算。",
    dictionary_example="例：",
    dictionary_label="词典内容",
    dictionary_count="{n:,} 个词有效",
    save="保存词典",
    revert="还原",
    saved="词典已保存。",
    dictionary_wanted="更新索引后，新的词才会用上；不用重新计算向量。",
    dictionary_refused="没有保存：有些行不对",
    dictionary_changed="没有保存：文件在这期间被改过了。",
    dictionary_reload="读入文件现在的内容",
    dictionary_overwrite="用这里的内容覆盖",
    dictionary_unreadable="现在用不了词典",
    dictionary_problems="{n} 行不对，不会起作用",
    check_lead="逐一核对索引里的文档、段落、向量和检索文件，并和文件夹里的原文比较。不改动任何东西，期间可以照常提问。",
    check="检查索引",
    repair="修复",
    clean="清理",
    check_hint="修复从原文重做坏掉的部分，只重新计算坏了的向量。",
    clean_hint="清理删掉旧文本、旧模型和旧索引留下的、不再有用的数据，腾出空间。",
    works={"check": "正在检查", "repair": "正在修复", "clean": "正在清理", "questions": "正在回答自己的问题"},
    check_sound="没有发现问题",
    check_wrong="发现 {n:,} 处问题",
    check_looked="核对了{documents}、{passages}、{windows:,} 个窗口和硬盘上的 {files:,} 个文件，用了 {time}。",
    check_repaired="修好了 {n:,} 处",
    check_left="还有 {n:,} 处没有修好",
    check_stopped="已停止检查，什么也没有改动。",
    check_failed="没有完成",
    places={"database": "数据库", "vectors": "向量", "derived files": "检索文件"},
    finding="问题",
    cleaned="清理好了：{what}，腾出 {size}。",
    cleaned_nothing="没有需要清理的。",
    cleaned_vectors="{n:,} 个向量",
    cleaned_models="{n:,} 个模型",
    cleaned_generations="{n:,} 代旧索引",
    cleaned_unneeded="空闲的空间",
    questions_lead="在回答下面说“来源正确”“来源不对”或“没有回答”，就会存成资料库自己的问题；"
    "用它们可以随时衡量回答得怎么样。",
    questions_none="还没有自己的问题。在回答下面评价来源，就会存到这里。",
    questions_count="{n:,} 个问题",
    questions_judged="其中 {n:,} 个来自页面上的评价",
    questions_file="问题文件",
    questions_mistakes="问题文件有错，改好后才能运行",
    run_questions="运行这些问题",
    run_again="再运行一次",
    run_at="上次运行于{time}",
    run_old="那之后索引更新过，结果可能已经不同。",
    run_good="{n:,} 个问题里有 {good} 个合乎期望",
    run_stopped="已停止，上次的结果还在。",
    run_failed="没有运行完",
    figure="指标",
    value="结果",
    before="比前一次（百分点）",
    figures={
        "answering.right": "第一句就答对",
        "citations.gold_document": "引用来自正确的文档",
        "citations.precision": "引用落在正确的句子上",
        "citations.recall": "正确的句子被引用到",
        "citations.rejected_avoided": "没有再引用判为不对的地方",
        "refusal.answerable_answered": "能回答的回答了",
        "refusal.unanswerable_refused": "不能回答的拒答了",
    },
    misses="不合期望的问题",
    became={"wrong": "答错了", "refused": "拒答了", "answered": "本该拒答，却回答了"},
    run_problems="有些问题现在对不上文本",
    first_missing="找不到资料库的文件夹",
    first_missing_detail="文件夹“{path}”不存在，或者现在打不开。检查它是否改了名、移走了、所在的盘没有连上，"
    "或没有权限；也可以用 youju chat 加上文件夹的路径重新启动。",
    first_empty="资料库里还没有文本",
    first_empty_detail="把文档放进“{path}”（txt、md、docx、pdf、pptx、xlsx、epub、html、eml 等都可以），"
    "然后点“再看一次”。",
    first_unreadable="资料库里的文件都读不了",
    first_unreadable_detail="资料库页面列出了每个文件的原因和办法。处理好后点“再看一次”。",
    first_unreadable_here="资料库里的文件都读不了。下面列出了每个文件的原因和办法；处理好后点“再看一次”。",
    first_unindexed="先建立索引",
    first_unindexed_detail="“{name}”里有 {n:,} 个文件还没有读。建立索引会读一遍，"
    "全部在这台电脑上完成；期间页面照常可用。",
    first_reading="正在第一次读你的文本",
    first_reading_detail="“{name}”的索引正在建立，建好后就可以提问。进度在左下角和资料库页面。",
    first_error="资料库现在用不了",
    use_sample="使用示例资料库",
    sample_hint="示例资料库是几篇自带的短文，可以先试试怎么问、怎么核对。",
    look_again="再看一次",
    open_library="打开资料库页面",
)

ENGLISH = ShelfWords(
    language="en",
    colon=": ",
    copy_path="Copy the path",
    folder="Folder",
    index="Index",
    model="Model",
    model_states={
        "waiting": "not loaded yet",
        "loading": "loading…",
        "ready": "ready",
        "failed": "could not be loaded",
    },
    generation="generation {n}",
    holds="Holds",
    holds_texts="{documents}, {passages}, {n:,} window|{documents}, {passages}, {n:,} windows",
    indexed="Indexed",
    never="not indexed yet",
    ignored="Ignored",
    ignored_items="{n:,} item, by .youjuignore|{n:,} items, by .youjuignore",
    newer="Changed in the folder",
    newer_dictionary="the dictionary",
    nothing_newer="nothing: the index is up to date",
    unknown="not known now",
    error_missing="The library cannot be read now",
    follow="Follow the folder: update by itself",
    parts="Parts of the library",
    documents_part="Documents",
    dictionary_part="Dictionary",
    check_part="Check and clean",
    questions_part="Test questions",
    documents="Documents of the library",
    find="Filter by title or path",
    kind="Kind",
    any_kind="All kinds",
    any_state="All",
    states={
        "problem": "With a problem",
        "added": "New",
        "edited": "Edited since",
        "removed": "Removed",
        "current": "Up to date",
    },
    no_kind="other",
    title="Title",
    path="Path",
    encoding="Encoding",
    size="Size",
    passages="Passages",
    indexed_at="Indexed",
    state="State",
    sort_by="Sort by",
    sorted_up=", ascending",
    sorted_down=", descending",
    matches="{n:,} row|{n:,} rows",
    no_match="No document matches the filter.",
    empty="There are no documents here yet.",
    pages="Pages",
    page_of="Page {n:,} of {pages:,}",
    first="First",
    previous="Previous",
    next="Next",
    last="Last",
    drop="Drop files here",
    drop_hint="They go into the library folder; at most {size} each, and nothing is overwritten without asking.",
    choose_files="Choose files…",
    into_folder="Into",
    root_folder="the library folder",
    uploads_off="To add files from this page, start with `youju chat --uploads`, or set uploads = true in youju.toml.",
    uploads_sample="This is the sample library that came with the program: it takes no new files.",
    upload_outcomes={
        "added": "added",
        "there": "was there already, with the same content",
        "replaced": "replaced the file that was there",
    },
    upload_reasons={
        "name": "this cannot be the name of a file; rename it and add it again",
        "kind": "cannot be read, or is not what its name says; save it in a format that can be read",
        "empty": "is empty (0 bytes); perhaps it is still being written",
        "large": "is larger than {size}; split it, or raise the setting file_megabytes",
        "room": "the disk is nearly full; make room and add it again",
        "exists": "a file of that name is there, with other content",
        "similar": "a file with almost the same name is there, which some systems take for the same one; rename it",
        "folder": "there is no such folder, or nothing in it is indexed; choose another",
        "ignored": ".youjuignore leaves it out; rename it, or change the rules",
        "library": "the library's folder cannot be used now",
        "disk": "could not be written; check the folder's permissions and the room on the disk",
    },
    upload_failed="did not arrive whole: the connection broke; add it again",
    upload_is_folder="is a folder; open it and drop the files in it",
    upload_waiting="waiting",
    replace="Replace",
    leave="Leave it",
    left="not added",
    upload_done="The files are in place; update the index to ask about them.",
    dictionary_lead="Words in the dictionary are kept whole in searches: names, institutions, terms. They are saved "
    "in youju.dict in the library folder.",
    dictionary_help="One word per line, optionally followed by a frequency and a part of speech, separated by "
    "spaces; a word must contain Chinese characters. Blank lines are ignored.",
    dictionary_example="For example: ",
    dictionary_label="The dictionary",
    dictionary_count="{n:,} word in use|{n:,} words in use",
    save="Save the dictionary",
    revert="Revert",
    saved="The dictionary is saved.",
    dictionary_wanted="The new words take effect after an update; nothing has to be embedded again for them.",
    dictionary_refused="Not saved: some lines are wrong",
    dictionary_changed="Not saved: the file was changed in the meantime.",
    dictionary_reload="Load what the file holds now",
    dictionary_overwrite="Overwrite it with this text",
    dictionary_unreadable="The dictionary cannot be used now",
    dictionary_problems="{n} line is wrong and does not count|{n} lines are wrong and do not count",
    check_lead="Checks the documents, passages, vectors and search files of the index one by one, and compares them "
    "with the texts in the folder. Nothing is changed, and you can go on asking meanwhile.",
    check="Check the index",
    repair="Repair",
    clean="Clean up",
    check_hint="Repair rebuilds from the texts whatever is damaged; only damaged vectors are computed again.",
    clean_hint="Clean up removes what old texts, models and indexes left behind and nothing needs any more.",
    works={
        "check": "Checking",
        "repair": "Repairing",
        "clean": "Cleaning up",
        "questions": "Answering the library's own questions",
    },
    check_sound="Nothing is wrong",
    check_wrong="{n:,} thing is wrong|{n:,} things are wrong",
    check_looked="Verified in {time}: {documents}, {passages}, windows: {windows:,}, files on disk: {files:,}.",
    check_repaired="{n:,} thing is mended|{n:,} things are mended",
    check_left="{n:,} thing could not be mended|{n:,} things could not be mended",
    check_stopped="The check was stopped; nothing was changed.",
    check_failed="It was not finished",
    places={"database": "database", "vectors": "vectors", "derived files": "search files"},
    finding="What is wrong",
    cleaned="Removed {what}; {size} freed.",
    cleaned_nothing="There is nothing to clean up.",
    cleaned_vectors="{n:,} vector|{n:,} vectors",
    cleaned_models="{n:,} model|{n:,} models",
    cleaned_generations="{n:,} old index|{n:,} old indexes",
    cleaned_unneeded="unused space",
    questions_lead="What you say below an answer (right source, wrong source, not answered) is saved as a test "
    "question of this library; run them at any time to see how well it answers.",
    questions_none="There are none yet. Rate the sources below an answer, and its question is saved here.",
    questions_count="{n:,} question|{n:,} questions",
    questions_judged="{n:,} of them judged on the page",
    questions_file="Questions file",
    questions_mistakes="The questions file has mistakes; correct it before it can be run",
    run_questions="Run these questions",
    run_again="Run them again",
    run_at="Last run: {time}",
    run_old="The index has been updated since; the results may be different now.",
    run_good="{good} of {n:,} question came out as expected|{good} of {n:,} questions came out as expected",
    run_stopped="Stopped; the results of the previous run are kept.",
    run_failed="The run was not finished",
    figure="Figure",
    value="Result",
    before="Against the previous run (points)",
    figures={
        "answering.right": "first sentence answers",
        "citations.gold_document": "quotes from a right document",
        "citations.precision": "quotes on a right sentence",
        "citations.recall": "right sentences that are quoted",
        "citations.rejected_avoided": "places judged wrong and not quoted again",
        "refusal.answerable_answered": "answerable questions answered",
        "refusal.unanswerable_refused": "unanswerable questions refused",
    },
    misses="Questions that did not come out as expected",
    became={
        "wrong": "answered wrongly",
        "refused": "refused",
        "answered": "answered, where it should have been refused",
    },
    run_problems="Some questions do not fit the texts any more",
    first_missing="The library's folder is not there",
    first_missing_detail="The folder “{path}” does not exist or cannot be opened. It may have been renamed or "
    "moved, it may be on a disk that is not connected, or you may lack permission. You can also start again with: "
    "youju chat FOLDER",
    first_empty="The library holds no texts yet",
    first_empty_detail="Put documents into “{path}” (txt, md, docx, pdf, pptx, xlsx, epub, html, eml and others), then "
    "choose “Look again”.",
    first_unreadable="No file of the library can be read",
    first_unreadable_detail="The library page says why for each file, and what to do. Then choose “Look again”.",
    first_unreadable_here="No file of the library can be read. The table says of each why, and what to do; then choose "
    "“Look again”.",
    first_unindexed="First, build the index",
    first_unindexed_detail="“{name}” holds {n:,} file that has not been read yet. Building the index reads it, on "
    "this computer alone; the page can be used meanwhile.|“{name}” holds {n:,} files that have not been read yet. "
    "Building the index reads them, on this computer alone; the page can be used meanwhile.",
    first_reading="Reading your texts for the first time",
    first_reading_detail="The index of “{name}” is being built; you can ask as soon as it is ready. The progress is "
    "shown at the side and on the library page.",
    first_error="The library cannot be used now",
    use_sample="Use the sample library",
    sample_hint="The sample is a few short texts that come with the program, to try asking and checking.",
    look_again="Look again",
    open_library="Open the library page",
)


def shelf_words(words: Words) -> ShelfWords:
    """Those of the language of the page."""
    return CHINESE if words.language == CHINESE.language else ENGLISH
