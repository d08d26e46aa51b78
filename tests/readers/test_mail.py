import base64
import quopri
import random
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from assistant.errors import ReadError
from assistant.readers import mail as reader
from assistant.types import Document
from tests.readers.cases import Found, assert_found, assert_harmless, damaged_copies, only
from tests.readers.samples import PARAGRAPHS, SAMPLES

HEAD = "From: a@example.org\r\nSubject: {}\r\n"
UTF8 = "text/plain; charset=utf-8"
TEXT = "各村要在六月一日前完成河道清淤，落实专人负责，并将结果报镇水利站备案。"


def read(data: bytes, name: str = "邮件/通知.eml") -> Document:
    reading = reader.read(data, name)
    assert reading.problems == ()
    return only(reading)


def mail(body: bytes, kind: str = UTF8, subject: str = "通知", *more: str) -> bytes:
    head = HEAD.format(subject) + "".join(f"{line}\r\n" for line in more) + f"Content-Type: {kind}\r\n\r\n"
    return head.encode("utf-8") + body


def mixed(*parts: tuple[str, bytes], kind: str = "mixed", subject: str = "通知") -> bytes:
    body = b"".join(b"--b\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n" for head, content in parts)
    return mail(body + b"--b--\r\n", f'multipart/{kind}; boundary="b"', subject)


def made_by_a_program() -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "关于召开全镇防汛工作会议暨业务培训会议的通知"
    message["From"] = "防汛办 <fxb@example.org>"
    message["To"] = "各村主任 <cun@example.org>, zhang@example.org"
    message["Cc"] = "张三 <z3@example.org>"
    message["Date"] = "Mon, 03 Jun 2024 09:05:00 +0800"
    message.set_content(f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n")
    message.add_alternative(f"<html><body><p>{PARAGRAPHS[0]}（网页）</p></body></html>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="防汛预案（修订稿）.pdf")
    message.add_attachment("会议签到表", filename="签到.txt")
    return message.as_bytes()


def test_a_mail_as_programs_make_it() -> None:
    document = read(made_by_a_program())
    assert document.title == "关于召开全镇防汛工作会议暨业务培训会议的通知"
    assert document.text.split("\n") == [
        document.title,
        "",
        "发件人：防汛办 <fxb@example.org>。",
        "收件人：各村主任 <cun@example.org>, zhang@example.org。",
        "抄送：张三 <z3@example.org>。",
        "日期：2024-06-03 09:05。",
        "",
        PARAGRAPHS[0],
        "",
        PARAGRAPHS[1],
        "",
        "附件：防汛预案（修订稿）.pdf、签到.txt。",
    ]
    assert_found(document, Found(PARAGRAPHS[1], (document.title,)))


# What: the file, what must be found, what must not appear.
CASES: dict[str, tuple[bytes, Sequence[str], Sequence[str]]] = {
    "quoted printable": (
        mail(quopri.encodestring(TEXT.encode()), UTF8, "x",
             "Content-Transfer-Encoding: quoted-printable"),
        [TEXT], ["=E5"]),
    "base64 in GBK that calls itself GB2312": (
        mail(base64.encodebytes(("镕基 " + TEXT).encode("gbk")), "text/plain; charset=gb2312", "x",
             "Content-Transfer-Encoding: base64"),
        ["镕基 " + TEXT], ["\ufffd"]),
    "a charset that lies": (mail(TEXT.encode("gbk"), "text/plain; charset=utf-8"), [TEXT], ["\ufffd"]),
    "Latin that is none": (mail(TEXT.encode("gbk"), "text/plain; charset=iso-8859-1"), [TEXT], ["\ufffd"]),
    "Latin that is": (mail("Un café crème à 5 heures.".encode("latin-1"), "text/plain; charset=iso-8859-1"),
                      ["Un café crème à 5 heures."], []),
    "no charset": (mail(TEXT.encode("gbk"), "text/plain"), [TEXT], ["\ufffd"]),
    "a charset that is none": (mail(TEXT.encode(), "text/plain; charset=hex"), [TEXT], []),
    "a charset that reads anything": (mail(TEXT.encode(), "text/plain; charset=unicode_escape"), [TEXT], []),
    "only a web page": (
        mail(f"<html><head><style>p{{}}</style></head><body><h2>要求</h2><p>{TEXT}</p><table><tr><td>村</td><td>人数</td></tr>"
             f"<tr><td>石桥</td><td>3</td></tr></table></body></html>".encode(), "text/html; charset=utf-8"),
        [TEXT, "村：石桥；人数：3。"], ["<p>", "p{}"]),
    "an empty plain text beside a web page": (
        mixed(("Content-Type: text/plain", b" \r\n"),
              ("Content-Type: text/html; charset=utf-8", f"<p>{TEXT}</p>".encode()), kind="alternative"),
        [TEXT], ["<p>"]),
    "a web page before the plain text": (
        mixed(("Content-Type: text/html; charset=utf-8", f"<p>{TEXT}网页</p>".encode()),
              ("Content-Type: text/plain; charset=utf-8", TEXT.encode()), kind="alternative"),
        [TEXT], ["网页"]),
    "two texts": (
        mixed(("Content-Type: text/plain; charset=utf-8", "第一段文字说的是防汛。".encode()),
              ("Content-Type: text/plain; charset=utf-8", "第二段文字说的是抗旱。".encode())),
        ["第一段文字说的是防汛。", "第二段文字说的是抗旱。"], []),
    "a mail in a mail": (
        mixed(("Content-Type: text/plain; charset=utf-8", TEXT.encode()),
              ("Content-Type: message/rfc822", mail("里面的文字".encode(), subject="=?utf-8?b?6L2s5Y+R?="))),
        [TEXT, "附件：转发。"], ["里面的文字"]),
    "an attachment without a name": (
        mixed(("Content-Type: text/plain; charset=utf-8", TEXT.encode()),
              ("Content-Type: text/plain\r\nContent-Disposition: attachment", b"secret")),
        [TEXT, "附件：text/plain。"], ["secret"]),
    "an attachment with a line break in its name": (
        mixed(("Content-Type: text/plain; charset=utf-8", TEXT.encode()),
              ("Content-Type: image/png; name=\"a\r\n b.png\"", b"x")),
        [TEXT, "附件：a b.png。"], []),
    "a date that is none": (mail(TEXT.encode(), UTF8, "x", "Date: yesterday"), ["日期：yesterday。"], []),
    "an English mail": (
        mail(b"The library opens at nine.", "text/plain", "Opening hours", "To: b@example.org"),
        ["From: a@example.org.\nTo: b@example.org.", "The library opens at nine."], ["收件人"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_found_and_what_is_not(name: str) -> None:
    data, present, absent = CASES[name]
    text = read(data).text
    for one in present:
        assert one in text
    for one in absent:
        assert one not in text


@pytest.mark.parametrize(
    "subject",
    [
        b"=?gb2312?B?" + base64.b64encode("全镇防汛工作会议的通知".encode("gbk")) + b"?=",
        b"=?UTF-8?Q?" + "".join(f"={byte:02X}" for byte in "全镇防汛工作会议的通知".encode()).encode() + b"?=",
        # Parted in the middle of a character, over two lines.
        b"=?utf-8?b?" + base64.b64encode("全镇防汛工作会议的通知".encode()[:16]) + b"?=\r\n =?utf-8?b?"
        + base64.b64encode("全镇防汛工作会议的通知".encode()[16:]) + b"?=",
        "全镇防汛工作会议的通知".encode(),
        "全镇防汛工作会议的通知".encode("gbk"),
    ],
)  # fmt: skip
def test_subjects(subject: bytes) -> None:
    data = b"From: a@example.org\r\nSubject: " + subject + b"\r\n\r\n" + TEXT.encode()
    document = read(data)
    assert document.title == "全镇防汛工作会议的通知"
    assert document.text.startswith("全镇防汛工作会议的通知\n\n")


@pytest.mark.parametrize("subject", [b"=?utf-8?b?6?=", b"=?utf-8?b?____?=", b"=?none?q?=E5=B2?=", b"\x80\x81\x00\x01"])
def test_a_damaged_subject_loses_nothing_else(subject: bytes) -> None:
    assert TEXT in read(b"From: a@example.org\r\nSubject: " + subject + b"\r\n\r\n" + TEXT.encode()).text


def test_a_mail_without_subject_is_named_by_its_text() -> None:
    assert read(b"From: a@example.org\r\n\r\n" + TEXT.encode(), "1.eml").title.startswith("各村要在六月一日前")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (TEXT.encode(), r"is not an e-mail \(\.eml\) but plain text.*\.txt"),
        (f"{TEXT}\nDate: x\n".encode(), "but plain text"),
        (b"%PDF-1.4\n1 0 obj", "but a PDF file"),
        (b"PK\x03\x04" + bytes(100), "but an Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "older Office"),
        (b"From: a@example.org\r\nDate: x\r\n\r\n \r\n", "holds no text"),
        (mail(b"x", "multipart/encrypted; boundary=b"), "encrypted"),
        (mail(b"x", "application/pkcs7-mime; smime-type=enveloped-data"), "encrypted"),
        (mail(b"".join(b'--%d\nContent-Type: multipart/mixed; boundary="%d"\n\n' % (n, n + 1) for n in range(2000)),
              'multipart/mixed; boundary="0"'), "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_readable_mail_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=rf"子/坏的\.eml.*{reason}"):
        reader.read(data, "子/坏的.eml")


def test_a_text_in_no_encoding_is_told_and_the_rest_is_read() -> None:
    data = mixed(
        ("Content-Type: text/plain", bytes(range(256)) * 4),
        ("Content-Type: text/plain; charset=utf-8", TEXT.encode()),
    )
    reading = reader.read(data, "a.eml")
    assert TEXT in only(reading).text
    assert [problem.path for problem in reading.problems] == ["a.eml"]


def test_truncated_and_damaged_mails_are_harmless() -> None:
    for data in (SAMPLES["eml"](), made_by_a_program()):
        for copy in damaged_copies(data, seed=4, count=150):
            assert_harmless(reader.read, copy, "子/坏的.eml")
        for end in random.Random(1).sample(range(len(data)), 50):
            assert_harmless(reader.read, data[:end], "子/坏的.eml")
