"""The few Latin abbreviations that reports and everyday Chinese use for a Chinese term, and the terms: GDP, 生产总值.

Only names of the same thing stand here, for a text that has one of them has what a question with another asks for.
Where one name holds another (地区生产总值, 生产总值) the shorter one is enough to find both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Abbreviations, then what is looked for instead, then longer names that are only known in questions.
_TABLE = """
gdp | 生产总值 | 国内生产总值 地区生产总值
cpi | 居民消费价格 消费者物价指数 | 居民消费价格指数
ppi | 工业生产者出厂价格 | 工业生产者出厂价格指数
pmi | 采购经理指数 采购经理人指数 |
r&d | 研发 研究与试验发展 |
wto | 世贸组织 世界贸易组织 |
imf | 国际货币基金组织 |
fdi | 外商直接投资 |
ipo | 首次公开发行 首次公开募股 |
lpr | 贷款市场报价利率 |
vat | 增值税 |
eu | 欧盟 欧洲联盟 |
asean | 东盟 |
apec | 亚太经合组织 亚太经济合作组织 |
rcep | 区域全面经济伙伴关系协定 |
ai | 人工智能 |
iot | 物联网 |
uav | 无人机 |
pm2.5 pm25 | 细颗粒物 |
pm10 | 可吸入颗粒物 |
co2 | 二氧化碳 |
cod | 化学需氧量 |
hr | 人事 人力资源 |
kpi | 绩效指标 |
ceo | 首席执行官 |
cfo | 首席财务官 |
cpr | 心肺复苏 |
icu | 重症监护 |
"""
_OTHERS: dict[str, tuple[str, ...]] = {}
for _row in filter(None, _TABLE.splitlines()):
    _short, _terms, _longer = (part.split() for part in _row.split("|"))
    _OTHERS |= dict.fromkeys(_short, (*_terms, *_short))
    _OTHERS |= dict.fromkeys((*_terms, *_longer), (*_short, *_terms))
_NAMES = sorted(_OTHERS, key=len, reverse=True)
_LATIN = "|".join(re.escape(name) for name in _NAMES if name.isascii())
_CHINESE = "|".join(rf"{'(?<!业)' if name == '生产总值' else ''}{name}" for name in _NAMES if not name.isascii())
_NAMED = re.compile(rf"(?<![a-z\d])(?:{_LATIN})(?![a-z\d])|{_CHINESE}")


def other_names(folded: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where a folded text has such a name, and the other names of the same thing; of letters, whole words are meant."""
    for match in _NAMED.finditer(folded):
        yield match.start(), match.end(), tuple(name for name in _OTHERS[match[0]] if name != match[0])
