"""A parser that hangs, crashes or swallows memory costs one error; the fake parser here does so on request."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.readers import read
from assistant.readers.reading import Reading
from assistant.readers.shelf import Shelf
from assistant.readers.worker import Limits, Reader, Worker
from tests.readers.pdfs import pdf
from tests.readers.sheets import xlsx
from tests.readers.typeset import typeset

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the limits of the system are those of POSIX")

LIMITS = Limits(memory_bytes=400_000_000, seconds=20, characters=100_000, pages=5)
OLE = b"\xd0\xcf\x11\xe0"  # old Office files go to the parser of workbooks unseen

# What a parser may say that was taken over.
HEAD = b'{"documents": 2, "problems": []}'
GOOD = b'{"id": "a", "title": "", "digest": "", "encoding": null, "pages": [], "outline": []}'
LIES = {
    "noise": (b"noise",),
    "list": (b"[1]",),
    "deep": (b"[" * 100_000,),
    "nothing": (b"{}",),
    "lies": (HEAD, b'{"evil": 1}', b"text"),
    "bytes": (HEAD, GOOD, b"\xff"),
    "places": (HEAD, GOOD.replace(b'"pages": []', b'"pages": [9]'), b"text"),
    "half": (HEAD, GOOD.replace(b'"a"', b'"\ud800"'), b"text"),
    "type": (b'{"documents": "x", "problems": []}',),
    "problems": (b'{"documents": 1, "problems": [{"path": 1}]}',),
}
# Stands in the place of python_calamine in the worker process: it does what the file says.
FAKE_PARSER = """
import os, sys, time

LIES = THE_LIES

class CalamineError(Exception): ...
class PasswordError(CalamineError): ...
CalamineSheet = None

def load_workbook(file):
    what = file.read()[4:].decode().strip("\\0")
    if what == "hang":
        while True:
            pass
    if what == "sleep":
        time.sleep(1000)
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(3)
    if what == "memory":
        hoard = [bytearray(10_000_000) for _ in range(1000)]
    if what == "recursion":
        deep = lambda: deep()
        deep()
    if what == "panic":
        class Panic(BaseException): ...
        raise Panic("a panic of Rust")
    if what == "print":
        os.write(1, b"noise" * 1000)
        print("noise", flush=True)
    if what in LIES:  # as a parser could that was taken over
        from assistant.readers import process
        send = process.send
        process.send = lambda pipe, *messages: send(pipe, *LIES[what])
    if what == "much":
        text = "\u6587" * 10**9
    raise CalamineError(what)
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for files whose parser does what they say."""
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "python_calamine.py").write_text(FAKE_PARSER.replace("THE_LIES", repr(LIES)), "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "fake"), *sys.path])
    return tmp_path


def file(folder: Path, what: str) -> Path:
    path = folder / f"{what}.xls"
    path.write_bytes(OLE + what.encode())
    return path


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(LIMITS) as opened:
        yield opened


def read_alone(path: Path, limits: Limits) -> Reading:
    with Reader(limits) as opened:
        return opened.read(path, path.name)


def pid(reader: Reader) -> int:
    assert reader._worker is not None
    return reader._worker._process.pid


def gone(process: int) -> bool:
    """Whether a process has ended, within some seconds."""
    for _ in range(200):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_one_process_reads_many_files_and_ends_with_the_reader(tmp_path: Path) -> None:
    chinese = tmp_path / "报告.pdf"
    chinese.write_bytes(pdf(typeset(["清河镇图书馆每天上午九点开门，下午五点半关门，周一闭馆。"])))
    (tmp_path / "名单.xlsx").write_bytes(xlsx({"名单": [["姓名", "年龄"], ["张三", 35.0]]}))
    (tmp_path / "notes.txt").write_text("The library opens at nine. It closes at half past five.", "utf-8")
    with Reader(LIMITS) as reader:
        reading = reader.read(chinese, "报告.pdf")
        first = pid(reader)
        assert reading.documents[0].text == "清河镇图书馆每天上午九点开门，下午五点半关门，周一闭馆。"
        assert reading.documents[0].pages == (0,)
        sheet = reader.read(tmp_path / "名单.xlsx", "名单.xlsx").documents[0]
        assert sheet.text[sheet.outline[0].start : sheet.outline[0].end] == "名单"
        assert pid(reader) == first
        assert reader.read(tmp_path / "notes.txt", "notes.txt").documents[0].text.startswith("The library")
    assert gone(first)


def test_small_texts_need_no_process(tmp_path: Path, reader: Reader) -> None:
    (tmp_path / "a.txt").write_text("粮食安全是头等大事。", "utf-8")
    (tmp_path / "a.csv").write_text("姓名,年龄\n张三,35\n", "utf-8")
    reader.read(tmp_path / "a.txt", "a.txt")
    reader.read(tmp_path / "a.csv", "a.csv")
    assert reader._worker is None


def test_errors_of_files_come_through_and_the_process_stays(tmp_path: Path, reader: Reader) -> None:
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    for _ in range(2):
        with pytest.raises(ReadError, match=r"^坏\.pdf is damaged"):
            reader.read(tmp_path / "坏.pdf", "坏.pdf")
        with pytest.raises(ReadError, match=r"^没有\.pdf is no longer there"):
            reader.read(tmp_path / "没有.pdf", "没有.pdf")
    kept = pid(reader)
    with pytest.raises(ReadError, match=r"^坏\.pdf is damaged"):
        reader.read(tmp_path / "坏.pdf", "坏.pdf")
    assert pid(reader) == kept


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("abort", r"crash \(signal 6\)"),
        ("exit", r"crash \(code 3\)"),
        ("memory", r"more than 400 MB of memory.*read_megabytes"),
        ("much", r"more than 400 MB of memory"),
        ("recursion", "damaged"),
        ("panic", "damaged.*a panic of Rust"),
        *((what, "crash") for what in LIES),
        ("print", "damaged"),
    ],
)
def test_what_a_parser_does_costs_one_error(hostile: Path, what: str, message: str) -> None:
    (hostile / "好.pdf").write_bytes(pdf(typeset(["一切正常。"])))
    with Reader(LIMITS) as reader:
        for _ in range(2):
            with pytest.raises(ReadError, match=rf"^{what}\.xls .*{message}"):
                reader.read(file(hostile, what), f"{what}.xls")
        assert reader.read(hostile / "好.pdf", "好.pdf").documents[0].text == "一切正常。"


@pytest.mark.parametrize("what", ["hang", "sleep"])
def test_a_parser_that_hangs_is_stopped(hostile: Path, what: str) -> None:
    with pytest.raises(ReadError, match=rf"^{what}\.xls took longer than 2 seconds.*read_seconds"):
        read_alone(file(hostile, what), Limits(seconds=2))


def corpus(path: Path, texts: Iterable[str]) -> Path:
    lines = (json.dumps({"id": number, "text": text}, ensure_ascii=False) for number, text in enumerate(texts))
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_large_texts_are_read_by_the_process(tmp_path: Path, reader: Reader) -> None:
    """They keep the limits then; what is read of them is the same."""
    row = "值班人员要按时到岗，不得迟到早退。"
    for name in ("a.txt", "a.md", "a.csv", "a.tsv"):
        (tmp_path / name).write_text(f"{row}\n" * 40_000, "utf-8")
        with pytest.raises(
            ReadError, match=rf"^{name} holds [\d,]+ characters, more than 100,000.*document_characters"
        ):
            reader.read(tmp_path / name, name)
    assert reader._worker is not None
    with Reader(Limits()) as roomy:
        reading = roomy.read(tmp_path / "a.txt", "a.txt")
        assert roomy._worker is not None
    assert reading == read(tmp_path / "a.txt", "a.txt", limit_bytes=10_000_000)


def test_a_small_text_keeps_the_limits_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("粮食安全是头等大事。" * 200, "utf-8")
    with pytest.raises(ReadError, match=r"^a\.txt holds 2,000 characters, more than 1,000"):
        read_alone(tmp_path / "a.txt", Limits(characters=1000))


@pytest.mark.parametrize("length", [10, 1000])
def test_a_line_of_a_corpus_that_is_too_long_loses_itself_only(tmp_path: Path, length: int) -> None:
    """In a corpus that is read here, and in one that is read by the process."""
    path = corpus(tmp_path / "c.jsonl", ["文" * length, "文" * 1001, *["字" * length] * 1000])
    reading = read_alone(path, Limits(characters=1000))
    assert [document.id for document in reading.documents[:2]] == ["c.jsonl#0", "c.jsonl#2"]
    assert len(reading.documents) == 1001
    (problem,) = reading.problems
    assert problem.path == "c.jsonl#1"
    assert "It holds 1,001 characters" in problem.reason


def test_the_documents_of_a_large_corpus_take_no_memory(tmp_path: Path) -> None:
    """They are on disk until they are asked for, one at a time, in any order, as often as one likes."""
    texts = [f"{number} " + "清河镇图书馆每天上午九点开门。" * 200 for number in range(3000)]
    path = corpus(tmp_path / "c.jsonl", texts)
    tracemalloc.start()
    reading = read_alone(path, Limits())
    sizes = [len(document.text) for document in reading.documents]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sizes == [len(text) for text in texts]
    assert sum(sizes) > 9_000_000
    assert peak < 8_000_000
    assert list(reading.documents) == list(read(path, "c.jsonl", limit_bytes=100_000_000).documents)
    assert reading.documents[-1].id == "c.jsonl#2999"
    with pytest.raises(IndexError):
        reading.documents[3000]


def test_a_temporary_folder_that_is_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = corpus(tmp_path / "c.jsonl", ["文" * 1000] * 1000)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Reader(Limits()) as reader:
        with monkeypatch.context() as patched:
            patched.setattr(Shelf, "put", full)
            with pytest.raises(ReadError, match=r"c\.jsonl cannot be put aside in .*No space left.*Make room"):
                reader.read(path, "c.jsonl")
        assert len(reader.read(path, "c.jsonl").documents) == 1000


def test_a_process_that_cannot_be_started_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    (tmp_path / "a.pdf").write_bytes(pdf(typeset(["一切正常。"])))
    with Reader(LIMITS) as reader:
        with monkeypatch.context() as patched:
            patched.setattr(subprocess, "Popen", fail)
            with pytest.raises(ReadError, match=r"^a\.pdf was not read: .*Resource temporarily.*Close other programs"):
                reader.read(tmp_path / "a.pdf", "a.pdf")
        assert reader.read(tmp_path / "a.pdf", "a.pdf").documents


def test_a_process_lost_between_two_files_is_started_again(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(typeset(["一切正常。"])))
    reader.read(path, "a.pdf")
    first = pid(reader)
    os.kill(first, signal.SIGKILL)
    assert reader.read(path, "a.pdf").documents[0].text == "一切正常。"
    assert pid(reader) != first


def test_texts_and_pages_beyond_the_limits_are_told(tmp_path: Path) -> None:
    path = tmp_path / "长.pdf"
    texts = ["全镇上下坚持稳中求进工作总基调，扎实推动高质量发展，各项事业取得了新的进展。"] * 100
    path.write_bytes(pdf(typeset(texts)))
    with pytest.raises(ReadError, match=r"长\.pdf holds .* characters, more than 1,000.*document_characters"):
        read_alone(path, Limits(characters=1000))
    with pytest.raises(ReadError, match=r"长\.pdf has \d+ pages, more than 2,"):
        read_alone(path, Limits(pages=2))
    with pytest.raises(ReadError, match=r"长\.pdf is larger than .*file_megabytes"):
        read_alone(path, Limits(file_bytes=2000))


def test_a_workbook_with_cells_at_its_far_corner_does_no_harm(tmp_path: Path) -> None:
    """Two cells 16,384 columns and 1,048,576 rows apart: a parser that fills what lies between needs 400 GB."""
    data = xlsx({"表": [["甲", 1.0], ["XFD", 2.0]]})
    path = tmp_path / "远.xlsx"
    path.write_bytes(far_apart(data))
    with pytest.raises(ReadError, match=r"^远\.xlsx .*(?:crash|memory|damaged)"):
        read_alone(path, LIMITS)


def far_apart(data: bytes) -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b'r="B2"', b'r="XFD1048576"').replace(b'<row r="2">', b'<row r="1048576">')
            new.writestr(name, content)
    return out.getvalue()


def test_a_name_that_is_no_utf8_is_read(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / os.fsdecode(b"\xc4\xe3\n.pdf")
    path.write_bytes(pdf(typeset(["一切正常。"])))
    assert reader.read(path, "你.pdf").documents[0].text == "一切正常。"


CHILD = """
import signal
import sys
from pathlib import Path
from assistant.readers.reading import Reading
from assistant.readers.shelf import Shelf
from assistant.readers.worker import Limits, Reader
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has programs in the background ignore it
reader = Reader(Limits(seconds=60))
try:
    reader.read(Path(sys.argv[1]), "a.pdf")
    print(reader._worker._process.pid, flush=True)
    reader.read(Path(sys.argv[2]), "b.xls")
except KeyboardInterrupt:
    print("interrupted", reader._worker is None, flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_no_process_is_left_when_the_reading_one_is_stopped(hostile: Path, sent: signal.Signals) -> None:
    if sent == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux ends a process with its parent; elsewhere its time limit does")
    good = hostile / "a.pdf"
    good.write_bytes(pdf(typeset(["一切正常。"])))
    program = f"import sys; sys.path[:] = {sys.path!r}\n{CHILD}"
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(good), str(file(hostile, "hang"))], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    worker = int(child.stdout.readline())
    time.sleep(0.3)  # it is in the middle of the second file
    child.send_signal(sent)
    rest, _ = child.communicate(timeout=20)
    assert rest == ("interrupted True\n" if sent == signal.SIGINT else "")
    assert gone(worker)


def test_a_worker_may_wait_for_longer_than_a_request_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    worker = Worker(Limits(seconds=30), "tests.readers.impatient")
    try:
        assert [worker.ask({}, worker.told) for _ in range(2)] == [{"seconds": 0.0}] * 2
    finally:
        worker.end()


def test_the_worker_imports_nothing_heavy(tmp_path: Path, reader: Reader) -> None:
    if sys.platform != "linux":
        pytest.skip("needs /proc")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(typeset(["一切正常。"])))
    reader.read(path, "a.pdf")
    mapped = Path(f"/proc/{pid(reader)}/maps").read_text()
    assert "pdfium" in mapped
    assert not [name for name in ("torch", "numpy", "faiss", "tantivy") if f"/{name}/" in mapped]
