"""Dates in texts, and the dates of documents."""

import pytest

from assistant.text.dates import dates
from assistant.text.document_dates import document_date
from assistant.types import Document


@pytest.mark.parametrize(
    ("text", "noun", "expected"),
    [
        ("自2021年1月1日起施行。", "", ["2021年1月1日"]),
        ("自2021年1月1日起施行。", "年", ["2021年"]),
        ("二〇一九年八月上任。", "", ["二〇一九年八月"]),
        ("周一至周五8:30至17:00开放。", "", ["周一至周五8:30至17:00"]),
        ("周一至周五8:30至17:00开放。", "点", ["8:30至17:00"]),
        ("10月8日至10月25日报名。", "", ["10月8日至10月25日"]),
        ("16世纪初期，明朝中期。", "", ["16世纪初期", "明朝中期"]),
        ("有效期为6年，每三年复审。", "", []),  # so long, and not when
        ("盛花期为夏季。", "", ["夏季"]),
        ("It ended on 8 May 1945.", "", ["8 May 1945"]),
        ("It ended on May 8, 1945.", "year", ["1945"]),
        ("in the late 18th century", "", ["late 18th century"]),
        ("They may leave 2,000 people.", "", []),
    ],
)
def test_dates(text: str, noun: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in dates(text, noun=noun)] == expected


@pytest.mark.parametrize(
    ("name", "title", "text", "expected"),
    [
        ("a.txt", "便民服务站管理办法（2023年）", "（2023年2月20日村民代表会议通过）", "2023-02-20"),
        ("指南（2025年版）.md", "网格指南", "本指南于2025年1月6日印发。", "2025-01-06"),
        ("清河镇2024年工作报告.txt", "清河镇2024年工作报告", "报告日期：2025年1月10日", "2024"),
        ("a.md", "学费标准", "二〇二四年三月一日起施行", "2024-03-01"),
        ("a.txt", "通知", "发布日期：2022-05-06", "2022-05-06"),
        ("policy.html", "Policy", "Published 3 May 2021. It was founded in 1990.", "2021-05-03"),
        ("report_2019.pdf", "Report", "", "2019"),
        ("notice-2022-03-01.txt", "通知", "", "2022-03-01"),
        ("corpus.jsonl#2021", "通知", "", None),
        ("a.txt", "某县简介", "本县设立于1950年。", None),
        ("a.txt", "面积2019平方公里", "", "2019"),
    ],
)
def test_the_date_of_a_document(name: str, title: str, text: str, expected: str | None) -> None:
    assert document_date(Document(name, title, text, "")) == expected
