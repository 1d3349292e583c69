"""What a file is, by its first bytes, and which name it may be offered under."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP_KINDS: Final = {".xlsx": XLSX}
_TEXT_KINDS: Final = {".csv": "text/csv", ".toml": "application/toml", ".json": "application/json"}
UNKNOWN: Final = "application/octet-stream"
LONGEST_NAME: Final = 120


def content_type_of(name: str, head: bytes) -> str:
    """The type by magic bytes; the name only chooses among kinds that look alike. Unknown is octet-stream, never HTML:
    what a browser could run is not named as such."""
    ending = re.sub(r".*(\.[a-z0-9]{1,8})$", r"\1", name.lower())
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return _ZIP_KINDS.get(ending, kind) if kind == "application/zip" else kind
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UNKNOWN
    if re.match(rb"\s*<", head.removeprefix(b"\xef\xbb\xbf")):
        # HTML, SVG and XML under whatever name.
        return UNKNOWN
    return _TEXT_KINDS.get(ending, "text/plain" if head else UNKNOWN)


def clean_name(name: str) -> str:
    """The last part of a path, without control characters, of at most 120 characters; never empty, never hidden."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    if len(kept) > LONGEST_NAME:
        stem, dot, ending = kept.rpartition(".")
        kept = (
            stem[: LONGEST_NAME - len(ending) - 1] + dot + ending if dot and len(ending) < 10 else kept[:LONGEST_NAME]
        )
    return kept or "file"
