from assistant.text.markdown import front_matter, plain_title
from assistant.text.paragraphs import split

HANDBOOK = """---
title: "值班手册"
tags: [甲]
---
# 值班手册 <!-- 号 -->

前言说明这本手册的用处，全体人员都要读一遍。

## 一、**职责**

主要步骤如下：

- 核对钥匙
- 核对记录本，看是否有未办事项
  - 子项

```python
# 不是标题
print("1")
```

| 项目 | 时间 |
|---|---|
| 早班 | 8:00 |

> 引用的话。第二句。

Setext heading
==============

Some **bold** text that is
wrapped here. See [ref].

[ref]: http://example.com/a.b

##paidbegin##正文继续，说的是交接的事情，各班都要照办。

## 空标题

## 末尾 ##
"""


def cut(text: str, **options: int) -> list[tuple[tuple[str, ...], str]]:
    return [(p.heading, text[p.start : p.end]) for p in split("手册.md", text, **options)]


def test_a_handbook():
    title, duty = "值班手册", ("值班手册", "一、职责")
    assert cut(HANDBOOK) == [
        ((title,), "前言说明这本手册的用处，全体人员都要读一遍。"),
        (duty, "主要步骤如下：\n\n- 核对钥匙\n- 核对记录本，看是否有未办事项\n  - 子项"),
        (duty, '# 不是标题\nprint("1")'),
        (duty, "| 项目 | 时间 |\n|---|---|\n| 早班 | 8:00 |"),
        (duty, "> 引用的话。第二句。"),
        (("Setext heading",), "Some **bold** text that is\nwrapped here. See [ref]."),
        (("Setext heading",), "[ref]: http://example.com/a.b"),
        (("Setext heading",), "正文继续，说的是交接的事情，各班都要照办。"),
        (("Setext heading",), "空标题"),
        (("Setext heading",), "末尾"),
    ]


def test_windows_line_ends_change_nothing():
    expected = [(heading, text.replace("\n", "\r\n")) for heading, text in cut(HANDBOOK)]
    assert cut(HANDBOOK.replace("\n", "\r\n")) == expected


def test_numbered_paragraphs_under_markdown_headings():
    text = "# 通知\n\n一、总体要求\n\n坚持安全第一、预防为主、综合治理的方针。\n\n## 附注\n\n以上各项请认真落实。\n"
    assert [heading for heading, _ in cut(text)] == [("通知", "一、总体要求"), ("通知", "附注")]


def test_a_long_list_is_cut_between_its_items():
    text = "# 清单\n\n" + "\n".join(f"- 第{n}项工作要在年底以前完成，并且及时上报结果。" for n in range(40))
    parts = [part for _, part in cut(text, passage_characters=200)]
    assert len(parts) > 3
    assert all(part.startswith("- 第") and part.endswith("。") for part in parts)
    assert "\n".join(parts) == text.split("\n\n")[1]


def test_front_matter():
    assert front_matter("---\ntitle: 甲 乙\n---\n正文")[1] == "甲 乙"
    assert front_matter('+++\ntitle = "甲"\n+++\n')[1] == "甲"
    assert front_matter("---\nno end") == (0, "")
    assert front_matter("正文\n---\n") == (0, "")
    assert front_matter("---\r\na: b\r\n---\r\n正文") == (14, "")


def test_plain_title():
    assert plain_title("**安全** `code` [链接](http://a.b) *x*") == "安全 code 链接 x"
    assert plain_title("snake_case_name 2 * 3 * 4") == "snake_case_name 2 * 3 * 4"
