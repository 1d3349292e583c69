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
from typing import BinaryIO, Final, Protocol
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
