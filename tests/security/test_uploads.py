"""S7: what somebody sends in is never run, neither by the browser of the next one nor on the way to the disk."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anxin.foundation.documents import rules, services
from anxin.foundation.intake.models import Batch
from tests import build
from tests.build import NOW, Cast

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
RUNS = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml", "text/javascript"}


def png(width: int, height: int) -> bytes:
    """A picture that claims a size; its data are a few bytes."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 64)) + part(b"IEND", b"")


EVIL = {
    "page.html": SCRIPT,
    "page.csv": SCRIPT,
    "picture.svg": SVG,
    "picture.png": SVG,
    "marked.csv": b"\xef\xbb\xbf" + SVG,
    "gif.html": b"GIF89a/*" + SCRIPT + b"*/=1",
    "pdf.html": b"%PDF-1.7\n" + SCRIPT,
    "zip.html": b"PK\x03\x04" + SCRIPT,
    "utf16.csv": "<script>alert(1)</script>".encode("utf-16"),
    "late.txt": b"name\n" + SCRIPT,
    "worker.js": b"self.addEventListener('fetch', console.log)",
    "bomb.png": png(60_000, 60_000),
}


@pytest.mark.parametrize("name", EVIL)
def test_nothing_is_named_as_something_a_browser_runs(name: str) -> None:
    assert rules.content_type_of(name, EVIL[name][:4096]) not in RUNS


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x", "..\\..\\x", "/etc/passwd", "x\x00.csv", "CON\r\nSet-Cookie: a=b", "..", "\u202egpj.x"],
)
def test_a_name_is_a_name_and_no_path(name: str) -> None:
    clean = rules.clean_name(name)
    assert clean not in {"", ".", ".."}
    assert not set("/\\\0\r\n\u202e") & set(clean)


def test_every_download_is_an_attachment_that_is_not_sniffed(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager)
    for name, content in EVIL.items():
        stored = services.store(
            actor=build.actor(cast.manager), now=NOW, name=f"../../{name}", content=io.BytesIO(content), purpose="test"
        )
        answer: Any = client.get(f"/documents/{stored.id}/")
        assert b"".join(answer.streaming_content) == content, name
        assert answer["Content-Disposition"].startswith("attachment"), name
        assert "/" not in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"].partition(";")[0] not in RUNS, name
        assert "script-src" in answer["Content-Security-Policy"]


def test_what_is_no_table_is_refused_by_the_import_in_words(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    folder = Path(settings.DOCUMENTS_FOLDER)
    outside = folder.parent / "evil.csv"
    for name in ("page.html", "picture.svg", "gif.html", "pdf.html", "bomb.png"):
        upload = SimpleUploadedFile(f"../evil-{name}.csv", EVIL[name], content_type="text/csv")
        answer = client.post("/imports/new/", {"file": upload})
        assert answer.status_code in {200, 302, 422}, name
        assert not outside.exists()
    assert not Batch.objects.exists()
