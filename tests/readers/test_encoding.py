import codecs

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadError
from assistant.readers.encoding import decode

SENTENCES = [
    "国家安全是民族复兴的根基，社会稳定是国家强盛的前提。",
    "要把粮食安全这一国之大者牢记于心。",
    "一九四九年中华人民共和国成立",
    "请于五月一日前把表格交到办公室。",
    "仓库门口的灭火器每月检查一次，过期的立即更换。",
    "涉密文件不准横传，不准带入家中及公共场所",
    "公民的人身自由不受侵犯。",
    "他今年三十五岁，住在上海市浦东新区。",
    "春天来了，桃花开满了山坡",
    "有经营能力的公民，经依法登记，为个体工商户。",
    "《安全生产法》自二〇〇二年十一月一日起施行。",
    "全年粮食总产量达到1.3万亿斤以上，比上年增长0.9%。",
    "怎样才能把事情做好？大家都说说看！",
    "“不要怕。”老师轻轻地对孩子说。",
    "值班人员应当按时到岗，认真填写交接班记录。",
    "黄河全长约五千四百六十四公里，流经九个省区。",
    "北京大学创办于1898年，初名京师大学堂。",
    "本办法由市应急管理局负责解释",
    "汉字编码检测往往在短文本上出错。",
    "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
    "人民银行决定下调存款准备金率",
    "医院门诊时间为上午八点至十一点半。",
    "电视机、洗衣机和冰箱都要贴上能效标签。",
    "火车票可以在开车前三十天通过网络购买。",
]
WESTERN = [
    "The café on the corner serves crème brûlée.",
    "“Smart quotes” aren’t ASCII – they’re Windows characters…",
    "Les élèves étaient très fatigués à la fin de la journée.",
    "A naïve résumé",
]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", SENTENCES)
def test_simplified_chinese(text: str, encoding: str):
    assert decode(text.encode(encoding), "甲.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", SENTENCES)
def test_traditional_chinese(text: str, encoding: str):
    traditional = opencc.OpenCC("s2t").convert(text).replace("〇", "零")
    try:
        data = traditional.encode(encoding)
    except UnicodeEncodeError:
        traditional = traditional.encode(encoding, "ignore").decode(encoding)
        data = traditional.encode(encoding)
    assert decode(data, "甲.txt").text == traditional


@pytest.mark.parametrize("size", [10, 12, 16])
@pytest.mark.parametrize("text", SENTENCES)
def test_ten_characters_without_punctuation_suffice(text: str, size: int):
    short = "".join(char for char in text if "\u4e00" <= char <= "\u9fff")[:size]
    assert decode(short.encode("gbk"), "甲.txt").text == short


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", WESTERN)
def test_western_text(text: str, encoding: str):
    decoded = decode(text.encode(encoding), "a.txt")
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("これは日本語の文章です。文字コードの判定を試します。", "cp932"),
        ("これは日本語の文章です。文字コードの判定を試します。", "euc_jp"),
        ("이것은 한국어 문장입니다. 문자 인코딩 감지를 시험합니다. 대한민국 헌법은 1948년에 제정되었다.", "cp949"),
        ("Это русский текст, который проверяет определение кодировки файла.", "cp1251"),
    ],
)
def test_other_languages(text: str, encoding: str):
    assert decode(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_left_out(mark: bytes, encoding: str):
    text = "粮食安全\r\n\ufeff第二行"
    data = mark + text.encode(encoding)
    decoded = decode(data, "甲.txt")
    assert decoded.text == text
    assert data.decode(decoded.encoding) == text


def test_a_few_valid_pairs_are_not_utf_8_for_that():
    assert decode("编码是多少".encode("gbk"), "甲.txt").encoding == "gb18030"
    assert decode("café".encode(), "a.txt").text == "café"
    assert decode("Привет".encode(), "a.txt").text == "Привет"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("text", ["粮食安全是国之大者，要牢牢守住耕地红线。" * 4])
def test_a_cut_off_last_character_is_shown_and_counted(text: str, encoding: str):
    decoded = decode(text.encode(encoding)[:-1], "甲.txt")
    assert decoded.text == text[:-1] + "\ufffd"
    assert decoded.broken == 1


def test_one_broken_byte_in_a_long_text_loses_one_character():
    text = "粮食安全是国之大者，要牢牢守住耕地红线。" * 20
    data = text.encode()
    decoded = decode(data[:301] + b"\xff" + data[302:], "甲.txt")
    assert 1 <= decoded.broken <= 3
    assert decoded.text.replace("\ufffd", "") in (text[:100] + text[101:],)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00" + bytes(200), "zip"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office"),
        (b"{\\rtf1\\ansi words}", "rich text"),
        (bytes(range(256)) * 8, "not a text file"),
        ("粮食\x00安全".encode(), "not a text file"),
        (b"\x01\x02\x03\x04" * 50, "not a text file"),
        (b"\x00" * 100, "not a text file"),
    ],
)
def test_what_is_not_text_is_refused_by_name(data: bytes, what: str):
    with pytest.raises(ReadError, match=what) as error:
        decode(data, "图.txt")
    assert "图.txt" in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "ascii"])
def test_a_few_nul_characters_do_not_make_a_text_binary(encoding: str):
    line = "The library opens at nine.\n" if encoding == "ascii" else "春天桃花山坡上，今天天高水深。\n"
    text = line * 50 + "\0" + line * 50 + "\0\0\0" + line + "\0" * 4000
    decoded = decode(text.encode(encoding), "甲.txt")
    assert decoded.text == line * 50 + "\ufffd" + line * 50 + "\ufffd" + line + "\ufffd"
    assert decoded.broken == 3


def test_many_nul_characters_do():
    text = "春天桃花山坡上，今天天高水深。\n"
    for data in ((text + "\0") * 50, text[:8] + "\0" + text[8:], "a\0b" * 500, "\0" * 5000 + text):
        with pytest.raises(ReadError, match="not a text file"):
            decode(data.encode(), "甲.txt")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_an_error(data: bytes):
    try:
        decoded = decode(data, "a.txt")
    except ReadError:
        return
    if not decoded.broken:
        assert data.decode(decoded.encoding) == decoded.text


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1))
def test_utf_8_is_read_exactly(text: str):
    text += "粮食安全"
    assert decode(text.encode("utf-8-sig"), "a.txt").text == text
    if not text.startswith("\ufeff"):
        assert decode(text.encode(), "a.txt").text == text
