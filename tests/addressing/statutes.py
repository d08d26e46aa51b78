"""A library of rules in the layouts in which they come: none of them real."""

from pathlib import Path

TEXTS = {
    "共享单车.txt": """河畔市共享单车管理办法
（2022年5月1日市人民政府令第18号公布）

目　　录
第一章　总　　则
第二章　投　　放
第三章　附　　则

第一章　总　　则

　　第一条　为了规范共享单车的投放和使用，制定本办法。

　　第二条　本市行政区域内共享单车的投放、使用和管理，适用本办法。
　　法律、法规另有规定的，从其规定。
　　电动自行车的共享租赁不适用本办法。

第二章　投　　放
第一节　一般规定
　　第三条　经营者有下列情形之一的，处五万元以下罚款：
　　（一）未经备案投放车辆的；
　　（二）隐瞒投放数量的；
　　（三）其他扰乱秩序的情形。
　　前款规定的罚款由城市管理部门决定。
　　第三条之一　经营者应当缴存保证金。
第二节　特别规定
　　第四条　违反本办法第二条规定的，由城市管理部门责令改正，并处一千元罚款。

第三章　附　　则
　　第五条　本办法自2022年7月1日起施行。
""",
    "旧/共享单车.txt": "河畔市共享单车管理办法（2018年）\n\n第一条 旧办法的目的。\n第二条 旧办法的范围。\n",
    "养犬.txt": (
        "养犬守则\n第一条 养犬应当登记。登记每年一次。第二条 遛犬应当牵绳，绳长不超过1.5米。违反第一条的，由物业劝告。"
        "第三条 犬只伤人的，由饲养人赔偿。\n"
    ),
    "实验室.md": """# 实验室守则

## 第一章 进入

### 第一条 预约

进入前应当预约。

预约后不来的，记一次违约。

**第二条** 进入应当穿实验服。

- （一）长发应当束起；
- （二）不得穿拖鞋。

## 第二章 离开

### 第三条

离开前关闭电源。
""",
    "防火.txt": """关于开展森林防火工作的通知
林防发〔2023〕5号

各镇人民政府：
根据《国务院办公厅关于印发国家森林草原火灾应急预案的通知》（国办函〔2020〕99号）要求，现通知如下：
一、总体要求
各镇要落实责任。
二、重点任务
（一）加强宣传。每月宣传一次。
（二）加强巡护。每日巡护两次。
三、保障措施
要落实经费，每镇不少于10万元。
""",
    "判决.txt": """云河市中级人民法院
民事判决书
（2021）云08民终123号

上诉人张三，因与李四买卖合同纠纷一案，不服云河市河东区人民法院（2020）云0802民初77号民事判决，向本院提起上诉。
本院认为，依照《中华人民共和国民法典》第五百七十七条规定，当事人一方不履行合同义务的，应当承担违约责任。
判决如下：驳回上诉，维持原判。
""",
    "噪音.txt": "噪音管制條例\n\n第一條 為管制噪音，制定本條例。\n第二條 夜間十一時至早上七時，不得施工。\n",
    "agreement.txt": """Service Agreement

Article 1 Definitions
In this agreement, "Service" means cleaning.

Article 2. The provider cleans the rooms every day. The client pays monthly.

Article 3 Termination
Either party may terminate with 30 days' notice.
Notice is given in writing.
""",
    "rules.md": """# Millbrook Library: Rules for Readers

## 1. Opening hours

The library is open from Tuesday to Saturday.

## 2. Borrowing

Books are lent for 21 days. Films are lent for seven days.
""",
    "条文.jsonl": (
        '{"id": "a", "title": "山南省工会条例 第七条", "text": "工会每五年换届一次。\\n\\n任期届满应当按时换届。"}\n'
        '{"id": "b", "title": "山南省工会条例 第九条", "text": "职工有权加入工会。"}\n'
    ),
}


def write_docx(library: Path) -> None:
    """A statute whose headings have styles, and whose articles are paragraphs."""
    import docx

    document = docx.Document()
    document.add_heading("南山区河道管理规定", 0)
    document.add_heading("第一章 总则", 1)
    document.add_paragraph("第一条 为了保护河道，制定本规定。")
    document.add_heading("第二章 保护", 1)
    document.add_paragraph("第二条 河道内禁止下列行为：")
    document.add_paragraph("（一）倾倒垃圾；")
    document.add_paragraph("（二）私自取水。")
    document.add_paragraph("第三条 违反第二条规定的，处二百元罚款。")
    document.save(str(library / "河道.docx"))
