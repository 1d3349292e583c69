"""The form sealed files have on disk: a head, then frames of AES-256-GCM, each bound to its file, its place and whether
it is the last. Cutting, swapping, repeating or mixing frames of two files is found out when they are read.

    ANXF 1 (5 bytes) · frame 0 · frame 1 · … each FRAME bytes + 16 of tag, the last one shorter (maybe empty)

The key belongs to one file and is never used again, so the nonce can be the number of the frame.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HEAD: Final = b"ANXF\x01"
FRAME: Final = 256 * 1024
TAG: Final = 16
KEY_BYTES: Final = 32


class DocumentDamaged(Exception):
    """The sealed file was changed, cut or does not belong to this document."""


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(document_id: UUID, number: int, *, is_last: bool) -> bytes:
    return HEAD + document_id.bytes + number.to_bytes(8, "big") + (b"\x01" if is_last else b"\x00")


class SealingWriter:
    """Takes bytes in any portions and writes them sealed. `finish` writes the last frame; without it nothing opens."""

    def __init__(self, target: BinaryIO, key: bytes, document_id: UUID) -> None:
        self._target, self._cipher, self._id = target, AESGCM(key), document_id
        self._rest = bytearray()
        self._number = 0
        target.write(HEAD)

    def write(self, data: bytes) -> None:
        self._rest += data
        # One frame is held back: whether it is the last is known only at the end.
        while len(self._rest) > FRAME:
            self._put(bytes(self._rest[:FRAME]), is_last=False)
            del self._rest[:FRAME]

    def finish(self) -> None:
        self._put(bytes(self._rest), is_last=True)
        self._rest.clear()

    def _put(self, text: bytes, *, is_last: bool) -> None:
        place = _place(self._id, self._number, is_last=is_last)
        self._target.write(self._cipher.encrypt(_nonce(self._number), text, place))
        self._number += 1


class SealedReader(io.RawIOBase):
    """The opened file: read and seek as in a plain one, one frame in memory. Raises DocumentDamaged."""

    def __init__(self, source: BinaryIO, key: bytes, document_id: UUID) -> None:
        super().__init__()
        self._source, self._cipher, self._id = source, AESGCM(key), document_id
        length = source.seek(0, io.SEEK_END)
        source.seek(0)
        body = length - len(HEAD)
        if source.read(len(HEAD)) != HEAD or body < TAG:
            raise DocumentDamaged("This is not a sealed file.")
        self._last = (body - 1) // (FRAME + TAG)
        if (body - self._last * (FRAME + TAG)) < TAG:
            raise DocumentDamaged("The sealed file was cut off.")
        self.size = body - (self._last + 1) * TAG
        self._at = 0
        self._held: tuple[int, bytes] | None = None
        # Truncation at a frame's end shows here already: the new last frame was not sealed as the last.
        self._frame(self._last)

    def _frame(self, number: int) -> bytes:
        if self._held is not None and self._held[0] == number:
            return self._held[1]
        self._source.seek(len(HEAD) + number * (FRAME + TAG))
        sealed = self._source.read(FRAME + TAG)
        try:
            text = self._cipher.decrypt(_nonce(number), sealed, _place(self._id, number, is_last=number == self._last))
        except InvalidTag:
            raise DocumentDamaged(f"Frame {number} of a sealed file was changed or belongs elsewhere.") from None
        self._held = (number, text)
        return text

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._at >= self.size or not len(view):
            return 0
        number, inside = divmod(self._at, FRAME)
        part = self._frame(number)[inside : inside + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._source.close()
        super().close()
