import random
import re

import pytest

from assistant.errors import ReadError
from assistant.readers import html as reader
from assistant.readers.page_titles import without_site
from assistant.types import Document
from tests.readers.cases import Found, assert_found, assert_harmless, damaged_copies, only, passages, shared_file

TEXT = "各村要在六月一日前完成河道清淤，落实专人负责，并将结果报镇水利站备案，逾期不报的通报批评。"


def read(page: str | bytes, name: str = "网页/content_1.html") -> Document:
    return only(reader.read(page.encode() if isinstance(page, str) else page, name))


def page(body: str, *, title: str = "清河镇防汛预案", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


CASES = {
    "headings": (
        f"<h1>清河镇防汛预案</h1><h2>一、组织机构</h2><p>{TEXT}</p><h3>（一）指挥部</h3><p>镇长任总指挥，负责统一领导、指挥和调度。</p>"
        "<h2>二、应急响应</h2><p>接到红色预警后一小时内转移危险区域群众，不得拖延。</p>",
        [
            Found("河道清淤", ("清河镇防汛预案", "一、组织机构")),
            Found("镇长任总指挥", ("清河镇防汛预案", "一、组织机构", "（一）指挥部")),
            Found("红色预警", ("清河镇防汛预案", "二、应急响应")),
        ],
        [],
    ),
    "surroundings": (
        '<script>var a="脚本";</script><style>p{content:"样式"}</style><nav><a>导航一</a></nav>'
        "<div class=header><a href=/>首页</a> <a href=/1>新闻</a></div><ul><li><a href=1>要闻动态</a>"
            "</li><li><a href=2>通知公告</a>"
        "</li><li><a href=3>政策解读</a></li><li><a href=4>部门文件</a></li></ul>"
        f"<div class='content with-sidebar'><div class=crumbs>您的位置：首页 > 公开</div><h1>"
            f"清河镇防汛预案</h1><p>{TEXT}</p>"
        f"<p>第二段讲的是物资储备，由应急办负责，每季度检查一次。</p><p>{TEXT}</p><form>搜索<input "
            "value=关键词><button>提交"
        "</button></form><p style='display:none'>看不见的</p><p hidden>也看不见</p>"
        "<div id=qr_container>扫一扫在手机打开当前页</div></div><div class=related-news><a>相关新闻</a></div>"
        "<p>【打印】【关闭】</p><footer>版权所有 京ICP备1号</footer><noscript>请打开脚本</noscript>"
            "<template>模板</template>",
        [Found("河道清淤"), Found("物资储备")],
        ["脚本", "样式", "导航", "首页", "新闻", "要闻", "搜索", "关键词", "提交", "看不见", "扫一扫", "打印", "版权",
         "模板"],
    ),
    "a form around the whole page": (
        f"<form id=aspnetForm><input type=hidden value=视图><p>{TEXT}</p><p>{TEXT}</p></form>",
        [Found("河道清淤")],
        ["视图"],
    ),
    "old paragraphs": (
        "<table><tr><td>&nbsp;&nbsp;&nbsp;&nbsp;第一段讲组织机构，由镇长任总指挥，副镇长任副总指挥。<br>\n"
        "&nbsp;&nbsp;&nbsp;&nbsp;第二段讲应急响应，接到预警后立即转移群众，\n   不得拖延时间。<br>"
            "<br>第三段讲物资储备，由应急办负责采购和管理。"
        "</td></tr></table>",
        [
            Found("第一段讲组织机构，由镇长任总指挥，副镇长任副总指挥。"),
            Found("立即转移群众，不得拖延时间。"),
            Found("第三段讲物资储备"),
        ],
        ["\xa0", "  "],
    ),
    "lists": (
        "<p>需要的材料：</p><ol start=3><li>户口簿<ul><li>原件</li><li>复印件</li></ul></li><li "
            "value=7><p>身份证</p></li></ol>"
        "<ol type=A><li>alpha</li><li>beta</li></ol><ol style='list-style-type: cjk-ideographic'><li>"
            "甲方</li><li>乙方</li></ol>"
        "<ul><li>① 已有序号</li></ul><ol reversed><li>第二名</li><li>第一名</li></ol>",
        [
            Found("需要的材料：\n\n3. 户口簿\n• 原件\n• 复印件\n7. 身份证"),
            Found("A. alpha\nB. beta"),
            Found("2. 第二名\n1. 第一名"),
        ],
        ["• ①"],
    ),
    "tables of data": (
        "<table><caption>物资清单</caption><tr><th rowspan=2>品名</th><th colspan=2>数量</th></tr>"
            "<tr><th>镇</th><th>村</th></tr>"
        "<tr><td rowspan=2>沙袋</td><td>500条</td><td>200条</td></tr><tr><td>30条</td><td></td></tr>"
        "<tr><td colspan=3>以上物资由应急办保管，每年五月盘点。</td></tr></table>"
        "<table><tr><td>项目</td><td>产量</td></tr><tr><td>小麦</td><td>1.2万吨</td></tr></table>"
        "<table><tr><td>索 引 号：</td><td>000014349/2018-00204</td><td>成文日期：</td><td>2018年10月27日</td></tr>"
        "<tr><td>标　　题：</td><td colspan=3>关于防汛的通知</td></tr><tr><td>主 题 词：</td><td>"
            "</td><td></td><td></td></tr></table>"
        "<table><tr><th>2023</th><th>2024</th></tr><tr><td>10</td><td>20</td></tr></table>"
        "<table><tr><th>Item</th><th>Output</th></tr><tr><td>Wheat</td><td>1.2 kt</td></tr></table>",
        [
            Found("品名：沙袋；数量·镇：500条；数量·村：200条。"),
            Found("品名：沙袋；数量·镇：30条。"),
            Found("以上物资由应急办保管，每年五月盘点。"),
            Found("项目：小麦；产量：1.2万吨。"),
            Found("索引号：000014349/2018-00204；成文日期：2018年10月27日。"),
            Found("标题：关于防汛的通知。"),
            Found("2023: 10; 2024: 20."),
            Found("Item: Wheat; Output: 1.2 kt."),
        ],
        ["主 题 词", "主题词"],
    ),
    "tables that lay out": (
        f"<table><tr><td><table><tr><td><b>发文机关：</b></td><td>国务院</td></tr></table></td></tr><tr><td><p>{TEXT}</p></td>"
        f"<td><p>{TEXT}</p></td></tr></table>",
        [Found("发文机关：国务院。"), Found("河道清淤")],
        [],
    ),
    "marks in the text": (
        f"<h1><a class=header href=#a>清河镇防汛预案</a><a href=#a>¶</a></h1><h2>组织<span "
            "class=mw-editsection>[编辑]</span></h2>"
        f"<p>全镇共有水库三座<sup><a href=#n1>[1]</a></sup>，总库容二百万立方米。<a href=#n1>#</a></p><p>{TEXT}</p>",
        [Found("全镇共有水库三座，总库容二百万立方米。", ("清河镇防汛预案", "组织"))],
        ["¶", "[1]", "编辑", "#"],
    ),
    "a title in two lines": (
        f"<p align=center><b>清河镇人民政府关于印发</b></p><p align=center>《防汛预案》的通知</p><p>"
            f"清政〔2024〕3号</p><p>{TEXT}</p>",
        [Found("清政〔2024〕3号", ("清河镇人民政府关于印发《防汛预案》的通知",))],
        [],
    ),
    "unclosed and nested": (
        f"<div><p>第一段没有结束标记，后面紧接着第二段的开始标记。<p>{TEXT}<b><i>没有关</div>"
        + "<div>" * 3000 + "最里面的一句话在三千层之下。",
        [Found("第一段没有结束标记"), Found("河道清淤"), Found("最里面的一句话在三千层之下。")],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_found_and_what_is_not(name: str):
    body, found, absent = CASES[name]
    title = "清河镇人民政府关于印发《防汛预案》的通知" if "title" in name else "清河镇防汛预案"
    document = read(page(body, title=title))
    for one in found:
        assert_found(document, one)
    for text in absent:
        assert text not in document.text


@pytest.mark.parametrize(
    ("title", "site", "plain"),
    [
        ("清河镇防汛预案_政务公开_清河镇人民政府网站", "", "清河镇防汛预案"),
        ("清河镇防汛预案-清河镇人民政府", "", "清河镇防汛预案"),
        ("专利代理条例 - 维基百科，自由的百科全书", "", "专利代理条例"),
        ("Water saving | The Library Blog", "", "Water saving"),
        ("清河镇2023-2024年工作计划", "", "清河镇2023-2024年工作计划"),
        ("中国政府网 | 关于防汛的通知", "", "关于防汛的通知"),
        ("首页", "<h1>清河镇防汛预案</h1>", "清河镇防汛预案"),
        ("无标题文档", "<p>清河镇防汛预案</p>", "清河镇防汛预案"),
        ("", "<p>清河镇防汛预案</p>", "清河镇防汛预案"),
        ("某某网", '<meta name="ArticleTitle" content="清河镇防汛预案">', "清河镇防汛预案"),
        ("清河镇防汛预案 &amp; 办法", "", "清河镇防汛预案 & 办法"),
    ],
)
def test_title(title: str, site: str, plain: str):
    head, body = (site, "") if site.startswith("<meta") else ("", site)
    assert read(page(f"{body}<p>{TEXT}</p>", title=title, head=head)).title == plain


def test_site_names_are_cut_only_where_they_are_names():
    assert without_site("A - B") == "A B"
    assert without_site("关于“互联网”行动") == "关于“互联网”行动"


@pytest.mark.parametrize(
    ("encoding", "meta", "shown"),
    [
        ("gb18030", '<meta charset="gb2312">', "gb18030"),
        ("gbk", '<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gb18030"),
        ("gbk", "", "gb18030"),
        ("gbk", '<meta charset="utf-8">', "gb18030"),
        ("gbk", '<meta charset="iso-8859-1">', "gb18030"),
        ("utf-8", '<meta charset="gb2312">', "utf-8"),
        ("utf-8", '<meta charset="rot13">', "utf-8"),
        ("utf-8-sig", '<meta charset="gb2312">', "utf-8-sig"),
        ("utf-16", "", "utf-16"),
        ("big5", '<meta charset="big5">', "big5hkscs"),
    ],
)
def test_the_encoding_of_the_page(encoding: str, meta: str, shown: str):
    text = "各村要在六月一日前完成河道清淤。" if encoding != "big5" else "各村要在六月一日前完成清理工作。"
    document = read(page(f"<p>{text}</p>" * 3, title="防汛", head=meta).encode(encoding))
    assert text in document.text
    assert document.encoding == shown


def test_xhtml_with_empty_elements():
    text = (
        f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script '
        f'src="a.js"/></head><body><a id="x"/><p>{TEXT}</p></body></html>'
    )
    assert read(text, "a.xhtml").text == TEXT


def test_a_page_of_links_is_read_all_the_same():
    links = "".join(f"<li><a href={n}>第{n}号文件</a></li>" for n in range(1, 9))
    document = read(page(f"<ul>{links}</ul>", title="文件目录"))
    assert "第3号文件" in document.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "holds no text"),
        (b"<html><body><script>document.write('x')</script><div id=app></div></body></html>", "drawn by a script"),
        (b"<html><frameset><frame src=a.html></frameset></html>", "frames"),
        (b"%PDF-1.4 abc", "a PDF file"),
        (b"PK\x03\x04abc", "a zip archive"),
        (random.Random(4).randbytes(2000), "is not a text file"),
    ],
)
def test_a_page_without_text_is_refused_with_a_reason(data: bytes, reason: str):
    with pytest.raises(ReadError, match=reason) as caught:
        reader.read(data, "子/坏的.html")
    assert "子/坏的.html" in str(caught.value)


def rich() -> bytes:
    return page("".join(body for body, _, _ in CASES.values()).replace("<div>" * 3000, "")).encode()


def test_entities_are_those_of_html_only():
    document = read(
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "汛">]><body><p>'
        f"甲&x;&y;&lt;乙&#xD800;</p><p>{TEXT}"
    )
    assert "&x;&y;<乙\ufffd" in document.text


def test_huge_spans_stay_small():
    cells = "<td colspan=99999999 rowspan=99999999>格</td>" * 50
    document = read(page(f"<table><tr>{cells}</tr><tr><td>下</td></tr></table><p>{TEXT}</p>"))
    assert len(document.text) < 1000


def test_truncated_and_damaged_pages_are_harmless():
    data = rich()
    for end in range(1, len(data), max(1, len(data) // 60)):
        assert_harmless(reader.read, data[:end], "半.html")
    for copy in damaged_copies(data, seed=30, count=100):
        assert_harmless(reader.read, copy, "坏.html")


@pytest.mark.parametrize("mark", ["<", "</", "<table>", "<td>", "<ol>", "&#", "<!--", "<p", "<b>", "<![CDATA["])
def test_many_marks_take_no_long_time_and_no_deep_recursion(mark: str):
    assert_harmless(reader.read, f"<p>{TEXT}</p>{mark * 20_000}".encode(), "多.html")


REAL = {
    "content_5338761.html": (
        "国务院办公厅关于印发《政府网站集约化试点工作方案》的通知",
        {
            "索引号：000014349/2018-00204": (),
            "发文字号：国办函〔2018〕71号；发布日期：2018年11月09日。": (),
            "现印发给你们，请认真贯彻执行": (),
            "统一信息资源库的政府网站集约化平台，以信息资源共享共用": ("（二）基本原则", "1.问题导向"),
            "努力建设整体联动、高效惠民的网上政府": ("一、总体要求", "（一）指导思想"),
        },
    ),
    "content_5339579.html": (
        "国务院办公厅关于调整国务院第二次全国污染源普查领导小组组成人员的通知",
        {"组长：韩正　　国务院副总理": (), "发文机关：国务院办公厅；成文日期：2018年11月05日。": ()},
    ),
    "content_5341736.html": (
        "专利代理条例",
        {"自2019年3月1日起施行": (), "制定本条例": ("第一章 总则", "第一条"),
         "合伙企业": ("第二章 专利代理机构和专利代理师", "第七条")},
    ),
    "content_5342665.html": (
        "国务院关于支持自由贸易试验区深化改革创新若干措施的通知",
        {"外籍技术人员的比例要求": ("一、营造优良投资环境",), "发文字号：国发〔2018〕38号": ()},
    ),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_pages_of_the_state_council(name: str):
    title, quotes = REAL[name]
    document = read(shared_file(name), name)
    assert (document.title, document.encoding) == (title, "utf-8")
    for quote, heading in quotes.items():
        assert_found(document, Found(quote, heading))
    assert document.text.startswith("索引号：")
    assert document.text.endswith(("（此件公开发布）", "政府网站集约化工作。", "名义开展专利代理业务。"))
    for absent in ("扫一扫", "主 题 词", "主题词：", "索 引", "\xa0", "  ", "<", "&nbsp", "浏览器", "微博"):
        assert absent not in document.text
    for passage in passages(document):
        assert document.text[passage.start : passage.end].strip()


def test_raised_and_lowered_digits_stay_what_they_are():
    table = "<table><tr><th>面积</th><th>村</th></tr><tr><td>3km<sup>2</sup></td><td>李村</td></tr></table>"
    text = read(f"<p>面积10m<sup>2</sup>，CO<sub>2</sub>减少，第5<sup>th</sup>次。</p>{table}").text
    assert "面积10m²，CO₂减少，第5th次。" in text
    assert "面积：3km²；村：李村。" in text


def test_an_article_that_a_script_makes_visible_is_read():
    article = f"<p>入夏以来，气温升高，用电负荷增大。</p><p>{TEXT}</p><p style='display:none'>隐藏内容</p>"
    text = read(
        page(
            f"<h1>夏季用电安全提示</h1><div style='visibility: hidden; opacity: 0'>{article}</div>"
            "<div style='visibility: hidden'>弹出窗口</div><div class=tool>阅读 1024 赞 20 在看</div>"
        )
    ).text
    assert "气温升高" in text
    assert "逾期不报" in text
    assert not re.search("隐藏内容|弹出窗口|阅读", text)


def test_the_way_to_a_page_and_who_made_it_are_not_its_text():
    text = read(
        page(
            f"<div>论坛›粮油作物›查看内容</div><p>{TEXT}</p><p>网站应当在首页标明ICP备案编号。</p>"
            "<p>版权所有：清河镇人民政府　豫ICP备12345678号</p><p>豫公网安备 41010002号</p><p>Powered by Discuz!</p>"
        )
    ).text
    assert text == f"{TEXT}\n\n网站应当在首页标明ICP备案编号。"


def test_a_number_in_a_cell_of_its_own_stays_before_its_text():
    table = "<table><tr><td>1.</td><td>Carreras E. Early.</td></tr><tr><td>2.</td><td>Coppell J.</td></tr></table>"
    assert "1. Carreras E. Early." in read(page(f"<p>{TEXT}</p>{table}")).text


def test_a_word_in_chinese_makes_no_chinese_table():
    table = "<table><tr><th>Domain</th><th>Language</th></tr><tr><td>测试</td><td>Chinese</td></tr></table>"
    assert "Domain: 测试; Language: Chinese." in read(page(f"<p>{TEXT}</p>{table}")).text


def test_a_text_is_not_left_out_for_a_name_that_means_a_tool():
    menu = "".join(f"<p>栏目{n}的介绍文字，说明这个栏目里有些什么，供读者选择阅读。</p>" for n in range(60))
    article = f"<div id=content_print><p>{TEXT * 6}</p><div class=share>分享到微信朋友圈等处</div></div>"
    text = read(page(f"<div>{menu}</div>{article}<div class=footer>{TEXT * 6}</div>")).text
    assert text.count("逾期不报") == 6
    assert "朋友圈" not in text
