"""Fresh processes are really started, and ended."""

import sys

import pytest

from assistant.evaluation import cold_start

SERVER = """
import http.server, sys
port = int(sys.argv[sys.argv.index("--port") + 1])
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"page")
http.server.HTTPServer(("127.0.0.1", port), Page).serve_forever()
"""


def test_the_time_to_a_page_ends_with_the_page_and_ends_the_process(tmp_path, monkeypatch):
    monkeypatch.setattr(cold_start, "_COMMAND", (sys.executable, "-c", SERVER))
    assert cold_start.page_seconds(tmp_path, tmp_path / "index", None, data_dir=tmp_path / "data") > 0


def test_a_process_that_ends_without_a_page_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(cold_start, "_COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(RuntimeError, match="status 3"):
        cold_start.page_seconds(tmp_path, tmp_path / "index", "some-model", data_dir=tmp_path / "data")


def test_the_help_text_is_really_asked_for(monkeypatch):
    monkeypatch.setattr(
        cold_start, "_COMMAND", (sys.executable, "-c", "import sys; sys.exit(sys.argv[1:] != ['--help'])")
    )
    assert cold_start.help_seconds() > 0
