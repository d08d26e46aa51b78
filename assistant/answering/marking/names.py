"""Persons, organisations and places in a Chinese sentence: by jieba's dictionary, surnames, and how names are made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.text.marks import Span
from assistant.text.tokens import Tagged

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季"
    "俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈鲍位覃霍翁隋"
    "植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边闫佘"
)
_DOUBLE_SURNAMES = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "慕容", "司徒", "夏侯", "皇甫", "尉迟", "公孙", "令狐", "拓跋", "长孙")
)
_NO_GIVEN_NAME = frozenset(
    "的了是在有和与及或由被把将对从到至于以而就也都又还等为之其这那不没很最更已曾每各该本此他她它们我你年月日号时点个名位"
    "任当说称让使给向往后前中上下内外间时所著作演主担接出入来去人员长部局会省市县区镇村路站等"
)
_TRANSLITERATING = frozenset(
    "阿艾爱安奥澳巴白拜班邦保鲍贝本比彼毕别宾波伯勃博布茨达大戴丹道德登邓迪蒂丁东杜顿多俄厄恩尔耳法凡范菲费芬丰佛夫弗福富"
    "盖冈戈格葛贡古瓜圭哈何海汉汗豪赫黑亨洪侯胡华怀惠霍基吉加迦贾简杰金卡凯坎康考柯科可克肯孔库夸昆拉莱赖兰朗劳勒雷李里理"
    "利莉历立丽连良列林琳流龙隆卢鲁路露伦罗洛马玛迈麦曼芒毛梅门蒙孟米密敏明摩莫墨默姆穆慕拿娜纳南瑙内尼倪年涅宁纽农努诺"
    "欧帕潘庞培佩彭皮匹平泼普奇契恰钱乔切琴丘邱瑞若萨塞赛桑瑟森沙莎山尚绍舍申圣施什史士舒斯思司丝松苏索塔泰坦汤陶特腾提"
    "田图土托瓦万旺威韦维伟魏温文翁沃乌吴伍武西希锡夏香肖谢辛欣休许雅亚扬耶叶伊依易因英尤于约云泽曾扎詹珍芝治朱卓兹子宗"
    "祖佐罕顿逊逖娅尧埃埃克蕾莲琪绮妮黛薇茜露洁"
)
_DOT = "·・‧"
_ORGANISATION = re.compile(
    r"(?:公司|集团|大学|学院|中学|小学|学校|委员会|居委会|村委会|委|政府|部门|机关|机构|法院|检察院|办公室|中心|协会|学会|联盟|银行|"
    r"医院|总局|分局|局|厅|部|院|会|站|队|社|党|处|科|办|所|厂|室|组织|组|单位|企业|工会|军|团)$"
)
_ROLE = re.compile(
    r"(?:负责人|代表人|责任人|监护人|人员|人|长|主任|书记|经理|会计|出纳|总统|总理|皇帝|国王|法官|律师|医生|教师|师|者|员|主席|"
    r"父母|父亲|母亲|户主|业主|社工)$"
)
_ONLY_LIKE_ROLES = """
增长 成长 延长 生长 特长 擅长 全长 体长 专长 人 长 师 者 员 成员 动员 个人 他人 本人 有人 令人 使人 家人
每人 或者 前者 后者
"""
_NO_ROLE = frozenset(_ONLY_LIKE_ROLES.split())
_PLACE = re.compile(
    r"(?:[省市县区镇乡村国州洲岛河山湖海港路街巷号楼站城湾江寺庙宫岭峰桥园]|半岛|地区|山脉|盆地|平原|高原|流域|沿海|海岸|"
    r"自治区|大道|广场|公园)$"
)
_NOT_WITHIN = frozenset("的由被和与及或、,。;:!?“”\"'()《》「」是在于为对向将把从到至给经请等按以 了并且而也都不")
_BEFORE_NAMES = """
负责 担任 成为 进入 参加 加入 离开 组织 领导 管理 属于 包括 任命 指定 委托 通知 报告 向 交 找 联系 协助 成立 设立 建立
创办 出任 接任 兼任 任 当 作为 应当 必须 可以 需要 要求 每 各 该 其 他 她 它 这 那 此 后 时 日 年 月
"""
_VERBS = frozenset(_BEFORE_NAMES.split())  # and other words that are no part of the name that follows
_NO_PART = frozenset(("经", "因", "据", "|", "-", "—"))  # 经法院审理, but 经济局
_OVER = frozenset(("省", "市", "县", "区", "州", "镇", "乡", "村", "中级", "高级", "最高"))
_WIDEST = 18  # characters of the name of an organisation or a role


def people(text: str, words: Sequence[Tagged]) -> Iterator[Span]:
    """The names of persons, in order; they may overlap."""
    for number, word in enumerate(words):
        piece = text[word.start : word.end]
        if piece[-1] in _DOT and 0 < number < len(words) - 1:
            start, end = word.start, word.end
            while start > 0 and (text[start - 1] in _TRANSLITERATING or text[start - 1] in _DOT):
                start -= 1
            while end < len(text) and (text[end] in _TRANSLITERATING or text[end] in _DOT):
                end += 1
            if text[end - 1] == "于" and end < len(text) and not "一" <= text[end] <= "龥":
                end -= 1  # 波萨达于1913年
            if start < word.start and word.end < end:
                yield start, end
        elif word.tag == "nr":
            yield word.start, word.end
        elif piece in _SURNAMES or piece in _DOUBLE_SURNAMES:
            end = _given_name(text, words[number + 1 : number + 3])
            if end:
                yield word.start, end


def _given_name(text: str, following: Sequence[Tagged]) -> int:
    """Where the given name that begins with some words ends; 0 where there is none."""
    end = 0
    for place, word in enumerate(following):
        piece = text[word.start : word.end]
        if not "一" <= piece[0] <= "龥" or piece[0] in _NO_GIVEN_NAME:
            break
        if len(piece) == 2 and place == 0:
            return word.end
        if len(piece) > 1:
            break
        end = word.end
    return end


def is_role(word: str) -> bool:
    """Whether a word names an office or what somebody does: 站长, 负责人."""
    return word not in _NO_ROLE and _ROLE.search(word) is not None


def organisations(text: str, words: Sequence[Tagged]) -> Iterator[Span]:
    """The names of organisations and the roles of persons, with what stands before them as part of the name."""
    for number, word in enumerate(words):
        piece = text[word.start : word.end]
        if word.tag == "nt":
            first = number
            while first > 0 and _is_over(text, words[first - 1]):
                first -= 1
            yield words[first].start, word.end
            continue
        organisation = _ORGANISATION.search(piece) is not None
        if len(piece) == 1:  # 水利|局
            names = organisation and number > 0 and words[number - 1].end - words[number - 1].start > 1
        else:
            names = piece not in _NO_ROLE and (organisation or is_role(piece))
        if names:
            yield _widened(text, words, number), word.end


def _is_over(text: str, word: Tagged) -> bool:
    """Whether a word before an organisation's name is part of it: 江州|市|中级|人民法院, 市|公安局."""
    return word.tag == "ns" or text[word.start : word.end] in _OVER


def places(text: str, words: Sequence[Tagged]) -> Iterator[Span]:
    """The names of places, each as long as one goes on in the next."""
    number = 0
    while number < len(words):
        if words[number].tag == "ns":
            start, end = words[number].start, words[number].end
            number += 1
            while number < len(words) and text[words[number].start] not in _NOT_WITHIN:
                following = text[words[number].start : words[number].end]
                if not (words[number].tag == "ns" or _PLACE.search(following)):
                    break
                end = words[number].end
                number += 1
            yield start, end
        else:
            number += 1


def _widened(text: str, words: Sequence[Tagged], number: int) -> int:
    start = words[number].start
    while number > 0:
        before = words[number - 1]
        piece = text[before.start : before.end]
        if (
            piece[0] in _NOT_WITHIN
            or piece in _NO_PART
            or words[number].end - before.start > _WIDEST
            or piece in _VERBS
        ):
            break
        start = before.start
        number -= 1
    return start
