"""Different values for one thing are shown together, the newest first; two things are no contradiction."""

from pathlib import Path

import pytest

from assistant.types import Answer
from tests.index.library import make_assistant, write

# Question, the documents (name → text), and the values that differ with their dates, the newest first.
DIFFERENT = [
    (
        "公园的开放时间是几点到几点？",
        {
            "公园管理办法（2021年）.txt": "公园的开放时间为6:00至21:00。",
            "公园公告2024年.txt": "公园的开放时间调整为5:30至22:00。",
        },
        [("5:30至22:00", "2024"), ("6:00至21:00", "2021")],
    ),
    (
        "借用会议室要交多少押金？",
        {"2022年规定.txt": "借用会议室，每次交押金100元。", "2025年规定.txt": "借用会议室，每次交押金300元。"},
        [("300元", "2025"), ("100元", "2022")],
    ),
    (
        "谁负责水库的巡查？",
        {
            "a.txt": "2020年3月1日印发\n\n水库的巡查由张建国负责。",
            "b.txt": "2023年5月8日印发\n\n水库的巡查由李卫东负责。",
        },
        [("李卫东", "2023-05-08"), ("张建国", "2020-03-01")],
    ),
    (
        "投诉几天内答复？",
        {"旧办法2019年.txt": "对投诉应当在15日内答复。", "新办法2023年.txt": "对投诉应当在7日内答复。"},
        [("7日内", "2023"), ("15日内", "2019")],
    ),
    (
        "招生计划多少人？",
        {"甲大学2023年招生章程.md": "甲大学招生计划为1200人。", "甲大学2024年招生章程.md": "甲大学招生计划为1500人。"},
        [("1500人", "2024"), ("1200人", "2023")],
    ),
    (
        "超市几月几日开业？",
        {"a2024.txt": "超市将于5月1日开业。", "b2025.txt": "超市将于6月18日开业。"},
        [("6月18日", "2025"), ("5月1日", "2024")],
    ),
    (
        "軟體的授權費用是多少錢？",
        {"2021年價目表.txt": "軟體的授權費用為每年3000元。", "2022年價目表.txt": "軟體的授權費用為每年4500元。"},
        [("4500元", "2022"), ("3000元", "2021")],
    ),
    (
        "小麦的水分上限是百分之几？",
        {"标准2016年.txt": "小麦的水分上限为13%。", "标准2021年.txt": "小麦的水分上限为12.5%。"},
        [("12.5%", "2021"), ("13%", "2016")],
    ),
    (
        "How many days may books be kept?",
        {"rules-2020.txt": "Books may be kept for 14 days.", "rules-2024.txt": "Books may be kept for 21 days."},
        [("21", "2024"), ("14", "2020")],
    ),
    (
        "When does the policy take effect?",
        {
            "draft.txt": "Published 2 March 2020\n\nThe policy takes effect on 1 May 2020.",
            "final.txt": "Published 9 June 2021\n\nThe policy takes effect on 1 July 2021.",
        },
        [("1 July 2021", "2021-06-09"), ("1 May 2020", "2020-03-02")],
    ),
    (
        "值班室有几个人？",
        {"值班表.txt": "值班室有3个人。", "2024年通知.txt": "值班室有5个人。"},
        [("5个", "2024"), ("3个", None)],
    ),
    (
        "村委会主任是谁？",
        {"2021年名单.txt": "村委会主任是王德福。", "2024年名单.txt": "村委会主任是赵小兰。"},
        [("赵小兰", "2024"), ("王德福", "2021")],
    ),
    (
        "报名费多少钱？",
        {"简章2022年.txt": "报名费为每科六十元。", "简章2023年.txt": "报名费为每科80元。"},
        [("80元", "2023"), ("六十元", "2022")],
    ),
]

SAME_OR_OTHER_THINGS = [
    # another place, person or kind of thing
    ("公园几点开放？", {"a.txt": "东湖公园于6:00开放。", "b.txt": "西山公园于7:30开放。"}),
    ("人口有多少？", {"甲县.txt": "甲县人口为52万人。", "乙县.txt": "乙县人口为67万人。"}),
    ("押金多少钱？", {"2022年.txt": "借用桌椅，每次交押金200元。", "2024年.txt": "借用会议室，每次交押金500元。"}),
    ("学费多少钱？", {"a2023.txt": "本科生学费为5000元。", "b2024.txt": "硕士生学费为8000元。"}),
    ("罚款多少元？", {"a2020.txt": "发生较大事故的，罚款五十万元。", "b2021.txt": "发生重大事故的，罚款一百万元。"}),
    ("退休年龄是多少岁？", {"a.txt": "男职工的退休年龄为60岁。", "b.txt": "女职工的退休年龄为55岁。"}),
    ("保密期限是多少年？", {"a.txt": "绝密级的保密期限为30年。", "b.txt": "机密级的保密期限为20年。"}),
    ("谁是校长？", {"第一中学.txt": "第一中学校长是刘志强。", "第二中学.txt": "第二中学校长是陈美华。"}),
    (
        "Who founded the club?",
        {"a.txt": "The chess club was founded by Anna Lee.", "b.txt": "The tennis club was founded by Tom Hill."},
    ),
    (
        "学费多少钱？",
        {"甲大学章程.md": "# 甲大学章程\n\n学费为5000元。\n", "乙大学章程.md": "# 乙大学章程\n\n学费为6000元。\n"},
    ),
    ("停车费多少元？", {"a.md": "# 公告\n\n夜间的停车费为8元。\n", "b.md": "# 公告\n\n停车费为5元。\n"}),
    ("停车的停车费多少元？", {"a.md": "# 公告\n\n夜间停车的停车费为8元。\n", "b.md": "# 公告\n\n停车费为5元。\n"}),
    # the sentence names its year, or its figure is one year's
    ("粮食产量是多少吨？", {"a.txt": "2022年粮食产量为500吨。", "b.txt": "2023年粮食产量为620吨。"}),
    ("全镇收入多少万元？", {"2022年报告.txt": "全年全镇收入为300万元。", "2023年报告.txt": "全年全镇收入为410万元。"}),
    ("How many visitors came?", {"a.txt": "In 2019, 5,000 visitors came.", "b.txt": "In 2020, 800 visitors came."}),
    # the question says which
    ("2021年的报名费多少钱？", {"2021年简章.txt": "报名费为60元。", "2022年简章.txt": "报名费为80元。"}),
    # the same value in another writing, or more exactly
    ("投诉几天内答复？", {"a2019.txt": "对投诉应当在三十日内答复。", "b2023.txt": "对投诉应当在30日内答复。"}),
    ("补贴多少钱？", {"a2021.txt": "每户补贴1万元。", "b2022.txt": "每户补贴10000元。"}),
    ("办法哪天施行？", {"a.txt": "本办法自2021年3月1日起施行。", "b.txt": "本办法自2021年3月起施行。"}),
    ("谁管理河道？", {"a2020.txt": "河道由县水利局管理。", "b2021.txt": "河道由水利局管理。"}),
    ("谁负责巡查？", {"a2020.txt": "巡查由张建国负责。", "b2021.txt": "巡查由站长张建国负责。"}),
    ("处理要多长时间？", {"a2020.txt": "申请的处理需要2周。", "b2021.txt": "申请的处理需要14天。"}),
    # a bound and a number need not contradict each other
    ("值班要几个人？", {"a2020.txt": "值班至少要2人。", "b2021.txt": "值班要3人。"}),
    ("值班要多少人？", {"a2020.txt": "值班要2人以上。", "b2021.txt": "值班要3人。"}),
    # one document
    ("押金多少钱？", {"a2023.txt": "押金为200元。\n\n押金为300元。"}),
    # not asked for a value
    ("为什么要轮作？", {"a2020.txt": "轮作是因为地力下降。", "b2021.txt": "轮作是因为虫害加重。"}),
]


def ask(tmp_path: Path, texts: dict[str, str], question: str) -> Answer:
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    return assistant.ask(question)


@pytest.mark.parametrize(("question", "texts", "values"), DIFFERENT, ids=[case[0] for case in DIFFERENT])
def test_different_values_are_shown_the_newest_first(
    tmp_path: Path, question: str, texts: dict[str, str], values: list[tuple[str, str | None]]
) -> None:
    answer = ask(tmp_path, texts, question)
    assert [(value.text, value.date) for value in answer.differing] == values
    for value, sentence in zip(answer.differing, answer.sentences, strict=False):
        assert value.citation in sentence.citations
        citation = answer.citations[value.citation - 1]
        start, end = citation.answers[0]
        assert citation.quote[start - citation.start : end - citation.start] == value.text


@pytest.mark.parametrize(("question", "texts"), SAME_OR_OTHER_THINGS)
def test_other_things_and_the_same_value_are_no_contradiction(
    tmp_path: Path, question: str, texts: dict[str, str]
) -> None:
    assert ask(tmp_path, texts, question).differing == ()
