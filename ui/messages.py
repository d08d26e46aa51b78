"""The words of the page, in Chinese and in English.

Every field stands in both languages: a missing one does not compile. Numbers go in by `str.format`;
a text with “|” has a form for one and a form for many, chosen by `count`.
"""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "有据 Youju"  # of the window, in both languages


@dataclass(frozen=True, slots=True)
class Words:
    """All interface texts of one language."""

    language: str  # as in the lang attribute
    # the state of the library
    brand: str
    documents: str
    passages: str
    today: str
    current: str
    never_indexed: str
    newer: str
    added: str
    edited: str
    removed: str
    renamed: str
    model_changed: str
    problems: str
    model_loading: str
    model_failed: str
    library_error: str
    library_unread: str
    index_damaged: str
    # updating
    index: str
    update: str
    updating: str
    stop: str
    stopping: str
    stage_scan: str
    stage_read: str
    stage_embed: str
    stage_publish: str
    windows: str
    speed: str
    time_left: str
    seconds: str
    minutes: str
    hours: str
    updated: str
    nothing_new: str
    semicolon: str
    passage_changes: str
    embedded: str
    update_failed: str
    stopped: str
    stopped_early: str
    unfollowed: str
    preview: str
    previewing: str
    estimating: str
    preview_title: str
    preview_nothing: str
    preview_failed: str
    more: str
    to_embed: str
    nothing_to_embed: str
    expected: str
    time_unknown: str
    # asking
    question: str
    placeholder: str
    ask: str
    welcome: str
    welcome_detail: str
    examples: str
    searching: str
    shortened: str
    # answers
    comma: str
    list_comma: str
    quoted_title: str
    confidence_high: str
    confidence_middle: str
    confidence_low: str
    stale_answer: str
    differing: str
    undated: str
    sources: str
    copy: str
    copy_one: str  # a name: {n} is the number of a citation
    copied: str
    not_copied: str
    refused: str
    refused_detail: str
    missing: str
    show_nearest: str
    # a question that follows another
    understood: str
    added_before: str
    added_after: str
    as_written: str
    # every mention
    mentioned: str
    in_documents: str
    about: str
    show_about: str
    documents_about: str
    no_mention: str
    show_mentions: str
    mentions: str
    more_here: str
    more_documents: str
    # the pane
    close: str
    cited: str
    nearest: str
    nearest_detail: str
    nothing_near: str
    other_passages: str
    page: str
    source: str
    # conversations and turns
    skip: str
    conversation_room: str
    search_room: str
    library_room: str
    rooms: str
    menu: str
    new_conversation: str
    conversations: str
    answers: str
    pane: str
    pane_sources: str
    pane_reader: str
    appearance: str
    light: str
    dark: str
    system: str
    other_language: str
    scope_all: str
    find_conversation: str
    no_conversation: str
    no_conversation_found: str
    rename: str
    delete: str
    undo: str
    deleted: str
    actions: str
    export_markdown: str
    export_docx: str
    export_html: str
    asking_stopped: str
    failed_before: str
    unreadable_turn: str
    edit: str
    cancel: str
    retry: str
    copy_plain: str
    copy_markdown: str
    copy_footnotes: str
    copy_gbt: str
    verdict: str
    verdict_right: str
    verdict_wrong: str
    verdict_missing: str
    verdict_missing_hint: str
    verdict_refusal_right: str
    verdict_refusal_wrong: str
    judged: str
    unjudged: str
    suggestions: str
    ordinal: str
    network_open: str
    gone_error: str
    unclear_error: str
    gone_conversation: str
    conversation_error: str
    conversations_damaged: str
    damaged_where: str
    settings_error: str
    disk_error: str
    unkept: str
    begun_anew: str
    unreachable: str
    # errors
    error: str
    question_error: str
    question_length_error: str
    not_indexed_error: str
    to_library: str
    model_error: str
    busy_error: str
    index_error: str
    damaged_error: str
    unexpected_error: str

    def count(self, text: str, number: int, **others: str) -> str:
        """Put a number, and other things, into a text with a form for one and a form for many."""
        forms = text.split("|")
        return (forms[0] if number == 1 else forms[-1]).format(n=number, **others)


CHINESE = Words(
    language="zh-CN",
    brand="有据",
    documents="{n:,} 篇文档",
    passages="{n:,} 个段落",
    today="今天 {time}",
    current="索引是最新的",
    never_indexed="还没有索引",
    newer="文件夹里有 {n:,} 个文件与索引不同（{how}）",
    added="新增 {n:,}",
    edited="修改 {n:,}",
    removed="删除 {n:,}",
    renamed="改名 {n:,}",
    model_changed="设置换了模型，更新后生效",
    problems="{n:,} 个文件有问题",
    model_loading="正在加载模型…",
    model_failed="模型没有加载成功",
    library_error="读不到资料库",
    index_damaged="索引损坏了",
    library_unread="资料库现在读不到，回答来自原来的索引",
    index="建立索引",
    update="更新索引",
    updating="正在更新…",
    stop="停止",
    stopping="正在停止…",
    stage_scan="正在查看文件",
    stage_read="正在阅读 {done:,}/{total:,} 篇",
    stage_embed="正在计算向量",
    stage_publish="正在写入索引",
    windows="{done:,}/{total:,} 个窗口",
    speed="每秒 {speed} 个窗口",
    time_left="还需约 {time}",
    seconds="{n} 秒",
    minutes="{n} 分钟",
    hours="{n} 小时",
    updated="索引已更新：{what}",
    nothing_new="文本没有变化，索引是最新的",
    semicolon="；",
    passage_changes="段落{counts}",
    embedded="计算了 {n:,} 个窗口",
    update_failed="索引没有更新，原来的仍可使用",
    stopped="已停止更新；算好的 {n:,} 个窗口都留着，下次更新接着做",
    stopped_early="已停止更新，索引没有变",
    unfollowed="自动更新也关了",
    preview="预览改动",
    previewing="预览：{stage}",
    estimating="正在估计时间",
    preview_title="更新会做这些",
    preview_nothing="没有什么要更新",
    preview_failed="没能预览",
    more="…还有 {n:,} 个",
    to_embed="要计算 {n:,} 个窗口",
    nothing_to_embed="不用计算窗口",
    expected="约需 {time}",
    time_unknown="还不知道要多久",
    question="问题",
    placeholder="问一个问题…",
    ask="提问",
    welcome="问你自己的文本",
    welcome_detail="答案都是原文里的句子，每一句都能点开核对。全部在这台电脑上完成。",
    examples="可以这样问",
    searching="正在查找…",
    shortened="…（共 {n} 字）",
    comma="，",
    list_comma="、",
    quoted_title="《{title}》",
    confidence_high="把握较大",
    confidence_middle="把握一般",
    confidence_low="把握较小，请核对原文",
    stale_answer="文本在索引之后有改动",
    differing="文本给出的不一致，最新的在前：",
    undated="没有注明日期",
    sources="{n} 处依据",
    copy="复制",
    copy_one="复制 [{n}] 的引文和出处",
    copied="已复制",
    not_copied="浏览器不允许复制，请选中文字后自己复制。",
    refused="文本里没有找到答案",
    refused_detail="资料库里没有哪一句能够回答这个问题。",
    missing="文本中没有出现：",
    show_nearest="看最接近的 {n} 段",
    understood="理解为：",
    added_before="（补充：",
    added_after="）",
    as_written="按原问题回答",
    mentioned="{n:,} 个段落提到{words}",
    in_documents="，在 {n:,} 篇文档里。",
    about="{n:,} 篇文档与{words}有关。",
    show_about="看这 {n:,} 篇文档",
    documents_about="有关的文档",
    no_mention="没有哪个段落提到{words}。",
    show_mentions="按文档看全部 {n:,} 段",
    mentions="每一处提到",
    more_here="这篇还有 {n:,} 段没有列在页面上",
    more_documents="还有 {n:,} 篇文档没有列在页面上",
    close="关闭",
    cited="答案引用的原文",
    nearest="最接近的段落，不是答案",
    nearest_detail="它们和问题的用词或意思接近，但没有回答它。",
    nothing_near="也没有找到相近的段落。",
    other_passages="其他相关段落（{n}）",
    page="第 {n} 页",
    source="来源",
    skip="跳到主要内容",
    conversation_room="提问",
    search_room="搜索",
    library_room="资料库",
    rooms="页面",
    menu="菜单",
    new_conversation="新对话",
    conversations="对话",
    answers="回答",
    pane="依据与原文",
    pane_sources="依据",
    pane_reader="原文",
    appearance="外观",
    light="浅色",
    dark="深色",
    system="跟随系统",
    other_language="English",
    scope_all="全部资料",
    find_conversation="在对话里查找",
    no_conversation="问过的会留在这里",
    no_conversation_found="没有找到这样的对话",
    rename="改名",
    delete="删除",
    undo="撤销",
    deleted="对话已删除",
    actions="对话“{title}”的操作",
    export_markdown="导出 Markdown",
    export_docx="导出 Word",
    export_html="导出网页",
    asking_stopped="已停止，没有回答。",
    failed_before="这个问题当时没有得到回答。",
    unreadable_turn="这一条存下的回答读不出来了。",
    edit="编辑",
    cancel="取消",
    retry="重新回答",
    copy_plain="纯文本",
    copy_markdown="Markdown",
    copy_footnotes="脚注",
    copy_gbt="GB/T 7714",
    verdict="评价来源",
    verdict_right="来源正确",
    verdict_wrong="来源不对",
    verdict_missing="没有回答",
    verdict_missing_hint="文本里其实没有答案，本该说没有找到",
    verdict_refusal_right="文本里确实没有",
    verdict_refusal_wrong="文本里有答案",
    judged="记下了，以后可以用 youju evaluate 检验",
    unjudged="已收回",
    suggestions="接着可以问",
    ordinal="第 {n} 段",
    network_open="这个页面没有设密码，网络上的其他人也能打开",
    gone_error="这里要的东西已经不在了。",
    unclear_error="看不懂这个请求。请重新打开页面再试。",
    gone_conversation="这个对话（或其中的这一轮）已经不在了。可以开始新的对话。",
    conversation_error="对话记录现在读写不了。提问不受影响，只是不会保存。",
    conversations_damaged="保存对话的文件损坏了，已经移到一旁，能读出的都留下了。资料和索引没有受影响。",
    damaged_where="详情",
    disk_error="文件读写不了：请腾出硬盘空间，或检查文件夹的权限。",
    settings_error="有一个设置或问题文件有错，请先改好。",
    unkept="这个问题照常回答，但现在保存不了：请看看磁盘是否已满、索引所在的文件夹能否写入。",
    begun_anew="这个对话已被删除，问题放进了一个新的对话。",
    unreachable="连不上有据：程序可能已经关了。",
    error="没有得到答案",
    question_error="这个问题没法查找：问题要有字或词。",
    question_length_error="这个问题没法查找：最长 {n} 字，请缩短。",
    not_indexed_error="这个资料库还没有索引，或者第一次还没有读完。",
    to_library="到“资料库”页面看看",
    model_error="向量模型用不了，所以没法查找。",
    busy_error="另一个程序正在更新这个索引，请稍后再试。",
    index_error="索引出了问题。",
    damaged_error="索引损坏了，原文没有受影响。点“修复”就会从原文重做，按钮在“资料库”页面的“检查与清理”里。",
    unexpected_error="出了意外，问题没有得到回答。详情写在启动有据的终端里；可以再试一次。",
)

ENGLISH = Words(
    language="en",
    brand="Youju",
    documents="{n:,} document|{n:,} documents",
    passages="{n:,} passage|{n:,} passages",
    today="today {time}",
    current="up to date",
    never_indexed="not indexed yet",
    newer="{n:,} file in the folder differs from the index ({how})|"
    "{n:,} files in the folder differ from the index ({how})",
    added="{n:,} added",
    edited="{n:,} edited",
    removed="{n:,} removed",
    renamed="{n:,} renamed",
    model_changed="the settings name another model; update the index to use it",
    problems="{n:,} file has a problem|{n:,} files have problems",
    model_loading="Loading the model…",
    model_failed="The model could not be loaded",
    library_error="The library cannot be read",
    index_damaged="The index is damaged",
    library_unread="The library cannot be read now; answers come from the index as it was",
    index="Build the index",
    update="Update the index",
    updating="Updating…",
    stop="Stop",
    stopping="Stopping…",
    stage_scan="Looking at the files",
    stage_read="Reading {done:,} of {total:,} documents",
    stage_embed="Embedding",
    stage_publish="Writing the index",
    windows="{done:,} of {total:,} windows",
    speed="{speed} windows per second",
    time_left="about {time} left",
    seconds="{n} second|{n} seconds",
    minutes="{n} minute|{n} minutes",
    hours="{n} hour|{n} hours",
    updated="Index updated: {what}",
    nothing_new="The texts have not changed; the index is up to date",
    semicolon="; ",
    passage_changes="passages: {counts}",
    embedded="{n:,} window embedded|{n:,} windows embedded",
    update_failed="The index was not updated; the old one still answers",
    stopped="Stopped; {n:,} embedded window is kept, and the next update continues from there|Stopped; {n:,} embedded "
    "windows are kept, and the next update continues from there",
    stopped_early="Stopped; the index is unchanged",
    unfollowed="automatic updates are off",
    preview="Preview",
    previewing="Preview: {stage}",
    estimating="estimating the time",
    preview_title="What an update would do",
    preview_nothing="There is nothing to update",
    preview_failed="The preview failed",
    more="… and {n:,} more",
    to_embed="{n:,} window to embed|{n:,} windows to embed",
    nothing_to_embed="nothing to embed",
    expected="about {time}",
    time_unknown="how long is not known yet",
    question="Question",
    placeholder="Ask a question…",
    ask="Ask",
    welcome="Ask your own texts",
    welcome_detail="Answers are sentences of the texts themselves, each one click away from its source. "
    "Everything happens on this computer.",
    examples="For example",
    searching="Searching…",
    shortened="… ({n} characters in all)",
    comma=", ",
    list_comma=", ",
    quoted_title="{title}",
    confidence_high="fairly sure",
    confidence_middle="somewhat sure",
    confidence_low="not sure: check the source",
    stale_answer="texts have changed since they were indexed",
    differing="The texts disagree on this; newest first: ",
    undated="undated",
    sources="{n} source|{n} sources",
    copy="Copy",
    copy_one="Copy quote [{n}] with its source",
    copied="Copied",
    not_copied="The browser does not allow copying; select the text and copy it.",
    refused="The texts do not answer this",
    refused_detail="No sentence in the library answers this question.",
    missing="Not found in the texts: ",
    show_nearest="Show the {n} nearest passage|Show the {n} nearest passages",
    understood="Understood as: ",
    added_before=" (added: ",
    added_after=")",
    as_written="Ask exactly as written",
    mentioned="{n:,} passage mentions {words}|{n:,} passages mention {words}",
    in_documents=", in {n:,} document.|, in {n:,} documents.",
    about="{n:,} document is about {words}.|{n:,} documents are about {words}.",
    show_about="Show {n:,} document|Show all {n:,} documents",
    documents_about="Documents about it",
    no_mention="No passage mentions {words}.",
    show_mentions="Show {n:,} passage|Show all {n:,}, by document",
    mentions="Every mention",
    more_here="{n:,} more passage of this document is not on the page|"
    "{n:,} more passages of this document are not on the page",
    more_documents="{n:,} more document is not on the page|{n:,} more documents are not on the page",
    close="Close",
    cited="Cited passages",
    nearest="Nearest passages, not an answer",
    nearest_detail="They are close to the question in wording or meaning, but do not answer it.",
    nothing_near="No passage comes close to it either.",
    other_passages="Other related passages ({n})",
    page="page {n}",
    source="Source",
    skip="Skip to the main content",
    conversation_room="Ask",
    search_room="Search",
    library_room="Library",
    rooms="Pages",
    menu="Menu",
    new_conversation="New conversation",
    conversations="Conversations",
    answers="Answers",
    pane="Sources and originals",
    pane_sources="Sources",
    pane_reader="Original",
    appearance="Appearance",
    light="Light",
    dark="Dark",
    system="System",
    other_language="中文",
    scope_all="The whole library",
    find_conversation="Search conversations",
    no_conversation="Your questions are kept here",
    no_conversation_found="No conversation found",
    rename="Rename",
    delete="Delete",
    undo="Undo",
    deleted="Conversation deleted",
    actions="Actions for “{title}”",
    export_markdown="Export as Markdown",
    export_docx="Export as Word",
    export_html="Export as a web page",
    asking_stopped="Stopped; there is no answer.",
    failed_before="This question was not answered at the time.",
    unreadable_turn="This saved answer can no longer be read.",
    edit="Edit",
    cancel="Cancel",
    retry="Ask again",
    copy_plain="Plain text",
    copy_markdown="Markdown",
    copy_footnotes="Footnotes",
    copy_gbt="GB/T 7714",
    verdict="Rate the source",
    verdict_right="Right source",
    verdict_wrong="Wrong source",
    verdict_missing="Not answered",
    verdict_missing_hint="The texts do not contain the answer; it should have said so",
    verdict_refusal_right="Rightly refused",
    verdict_refusal_wrong="The texts do answer",
    judged="Saved; youju evaluate will test it from now on",
    unjudged="Taken back",
    suggestions="You could ask next",
    ordinal=", passage {n}",
    network_open="No password is set: others on the network can open this page",
    gone_error="What you asked for is no longer there.",
    unclear_error="This request could not be understood. Reload the page and try again.",
    gone_conversation="This conversation, or this turn of it, no longer exists. Start a new one.",
    conversation_error="Conversations cannot be read or saved right now. You can go on asking, but nothing is kept.",
    conversations_damaged="The file that holds the conversations was damaged. It was moved aside, and everything "
    "readable in it was kept. Your texts and the index are unaffected.",
    damaged_where="Details",
    disk_error="A file cannot be read or written: make room on the disk, or correct the permissions.",
    settings_error="There is a mistake in a setting or a questions file. Correct it first.",
    unkept="This question is answered, but cannot be saved now: check that the disk is not full and that the folder "
    "of the index is writable.",
    begun_anew="This conversation was deleted; the question is in a new one.",
    unreachable="Youju cannot be reached: it may have been closed.",
    error="No answer",
    question_error="This cannot be searched for: a question needs at least one word.",
    question_length_error="This cannot be searched for: a question has at most {n} characters.",
    not_indexed_error="This library has no index yet, or is still being read for the first time.",
    to_library="See the library page",
    model_error="The embedding model cannot be used, so nothing can be searched.",
    busy_error="Another program is updating this index; try again in a moment.",
    index_error="Something is wrong with the index.",
    damaged_error="The index is damaged; your texts are untouched. “Repair”, in the library under “Check and clean”, "
    "makes it anew.",
    unexpected_error="Something unexpected happened and there is no answer. The details are in the terminal "
    "that Youju was started from; try again.",
)


def words_for(accept_language: str | None) -> Words:
    """The language of the page from a browser's Accept-Language header: Chinese if it comes first, else English.

    A browser that names neither gets English; one that says nothing at all gets Chinese.
    """
    if not accept_language:
        return CHINESE
    wanted = []
    for place, item in enumerate(accept_language.split(",")):
        tag, _, parameters = item.strip().partition(";")
        try:
            quality = float(parameters.partition("q=")[2]) if "q=" in parameters else 1.0
        except ValueError:
            quality = 0.0
        wanted.append((-quality, place, tag.strip().lower()))
    for _, _, tag in sorted(wanted):
        if tag == "*" or tag.partition("-")[0] == "zh":
            return CHINESE
        if tag.partition("-")[0] == "en":
            return ENGLISH
    return ENGLISH
