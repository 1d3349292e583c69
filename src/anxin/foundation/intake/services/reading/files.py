"""Where the bytes come from: a file given on the command line or one that was uploaded and sealed."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol
from uuid import UUID

from anxin.foundation.documents import services as documents
from anxin.foundation.intake.rules.problems import FileRefused

BLOCK: Final = 4 * 1024 * 1024
LARGEST_UNPACKED_MB: Final = 16 * 1024


class Source(Protocol):
    """A file that can be opened as often as needed; readable and seekable."""

    @property
    def name(self) -> str: ...

    def open(self) -> AbstractContextManager[BinaryIO]: ...


@dataclass(frozen=True)
class PathSource:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        try:
            file = self.path.open("rb")
        except (FileNotFoundError, IsADirectoryError):
            raise FileRefused("file_gone") from None
        with file:
            yield file


@dataclass(frozen=True)
class DocumentSource:
    document_id: UUID
    name: str

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        try:
            with documents.open_document(self.document_id) as file:
                yield file
        except documents.DocumentNotFound:
            raise FileRefused("file_gone") from None


@dataclass(frozen=True)
class WorkbookSource:
    """An uploaded workbook with the rows of one sheet beside it, as packed CSV: reading them parses no workbook."""

    workbook: DocumentSource
    rows_id: UUID
    sheet: str
    header_line: int

    @property
    def name(self) -> str:
        return self.workbook.name

    def open(self) -> AbstractContextManager[BinaryIO]:
        return self.workbook.open()

    def rows(self, sheet: str, header_line: int) -> Iterator[bytes] | None:
        """The kept rows as CSV; None for another sheet or another header than they were kept for."""
        if (sheet, header_line) != (self.sheet, self.header_line):
            return None
        return blocks(DocumentSource(self.rows_id, self.name), is_packed=True)


class Packed(io.RawIOBase):
    """What an iterator gives, packed with gzip while it is read: nothing stands on the disk in clear."""

    def __init__(self, content: Iterator[bytes]) -> None:
        self._content, self._packer, self._ready = content, zlib.compressobj(6, zlib.DEFLATED, 31), b""
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self._ready and not self._is_over:
            block = next(self._content, None)
            self._is_over = block is None
            self._ready = self._packer.flush() if block is None else self._packer.compress(block)
        size = min(len(target), len(self._ready))
        target[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


def fingerprint(source: Source) -> tuple[bytes, int]:
    """(SHA-256, size) of the file as it lies there."""
    digest, size = hashlib.sha256(), 0
    with source.open() as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return digest.digest(), size


def blocks(source: Source, *, is_packed: bool) -> Iterator[bytes]:
    """The bytes in portions of at most BLOCK, unpacked if they are gzip. Raises FileRefused for a damaged archive."""
    with source.open() as file:
        if not is_packed:
            while block := file.read(BLOCK):
                yield block
            return
        size = 0
        try:
            with gzip.GzipFile(fileobj=file) as unpacked, io.BufferedReader(unpacked, BLOCK) as reader:
                while block := reader.read(BLOCK):
                    size += len(block)
                    if size > LARGEST_UNPACKED_MB * 1024 * 1024:
                        raise FileRefused("too_large_unpacked", limit=LARGEST_UNPACKED_MB)
                    yield block
        except (EOFError, OSError, zlib.error):
            raise FileRefused("gzip_damaged") from None
