"""Field encryption that fails closed: a wrong, missing or moved value raises, ciphertext never comes back as text.

A sealed value: version (1 byte) · key id (4) · nonce (12) · AES-256-GCM ciphertext and tag. Table, column and row are
authenticated with it, so a value copied to another place does not open. Random 96-bit nonces: NIST SP 800-38D allows
2^32 seals per key; rotate well before that.

A blind value: HMAC-SHA-256 cut to 16 bytes under a key of its own per kind, for finding equals without opening. Whoever
calls normalises first (`kernel.identifiers`): “138 0013 8000” and “13800138000” are different values here.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = 1
BLIND_BYTES: Final = 16
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEAD: Final = 1 + _ID_BYTES
_TEXT: Final = _HEAD + _NONCE_BYTES
_SHORTEST: Final = _TEXT + 16

Rows = Sequence[UUID] | Sequence[bytes]


class EncryptionError(Exception):
    """Base of what can go wrong here. The text never contains a key or a value."""


class KeyMissing(EncryptionError):
    """The key this value was sealed with, or a usable key ring, is not there."""


class DecryptionFailed(EncryptionError):
    """The value was changed, moved to another place, or sealed with another key."""


class KeyRing:
    """Several AES-256 keys by id, one of them active for sealing, and one separate key for blind values."""

    __slots__ = ("_active", "_blind_key", "_ciphers", "_domains", "_keys")

    def __init__(self, keys: Mapping[str, bytes], active: str, blind_key: bytes) -> None:
        """keys: key id (see `key_id`) → 32 bytes. Raises KeyMissing when the ring cannot be used."""
        for name, key in keys.items():
            _check_key(key)
            # The id is made from the key, so a key filed under the wrong id is seen here, not in the data.
            if name != key_id(key):
                raise KeyMissing(f"The key filed as “{name}” is another key; its id should be “{key_id(key)}”.")
        _check_key(blind_key)
        if active not in keys:
            raise KeyMissing(f"The active key “{active}” is not in the ring.")
        if blind_key in keys.values():
            raise KeyMissing("The key for blind values must not be one of the sealing keys.")
        self._keys = dict(keys)
        self._active = active
        self._blind_key = blind_key
        self._ciphers = {bytes.fromhex(name): AESGCM(key) for name, key in keys.items()}
        self._domains: dict[str, tuple[hashlib._Hash, hashlib._Hash]] = {}

    def __repr__(self) -> str:
        return f"KeyRing(active={self._active!r}, keys={len(self._keys)})"

    def __reduce__(self) -> str:
        raise TypeError("A KeyRing is never pickled: keys do not travel in task arguments or caches.")

    @classmethod
    def generate(cls) -> "KeyRing":
        """A new ring with one key."""
        key = os.urandom(_KEY_BYTES)
        return cls({key_id(key): key}, key_id(key), os.urandom(_KEY_BYTES))

    @classmethod
    def loads(cls, text: str) -> "KeyRing":
        """Read what `dumps` wrote. Raises KeyMissing, without quoting the text, when it is not such a ring."""
        try:
            data = json.loads(text)
            keys = {str(name): base64.b64decode(key, validate=True) for name, key in data["keys"].items()}
            return cls(keys, str(data["active"]), base64.b64decode(data["blind"], validate=True))
        except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as error:
            raise KeyMissing(f"The key ring cannot be read ({type(error).__name__}).") from None

    def dumps(self) -> str:
        """JSON text of the ring. It holds the keys in clear: keep it out of database, logs and repository."""
        keys = {name: base64.b64encode(key).decode() for name, key in self._keys.items()}
        blind = base64.b64encode(self._blind_key).decode()
        return json.dumps({"version": VERSION, "active": self._active, "keys": keys, "blind": blind}, indent=2)

    def with_new_key(self) -> "KeyRing":
        """The same ring with a fresh active key; older keys stay for opening, blind values stay as they are."""
        key = os.urandom(_KEY_BYTES)
        return KeyRing({**self._keys, key_id(key): key}, key_id(key), self._blind_key)

    def with_active(self, name: str) -> "KeyRing":
        """The same keys with another one sealing. Raises KeyMissing when it is not in the ring."""
        return KeyRing(self._keys, name, self._blind_key)

    def without_key(self, name: str) -> "KeyRing":
        """The ring without a retired key; what is still sealed with it can never be opened again."""
        return KeyRing({key: value for key, value in self._keys.items() if key != name}, self._active, self._blind_key)

    @property
    def active(self) -> str:
        """Id of the key that seals."""
        return self._active

    @property
    def key_ids(self) -> tuple[str, ...]:
        return tuple(self._keys)

    def seal(self, plaintext: str, *, table: str, column: str, row: UUID) -> bytes:
        """Encrypt for exactly this place."""
        head = bytes((VERSION,)) + bytes.fromhex(self._active)
        nonce = os.urandom(_NONCE_BYTES)
        place = _place(head, table, column) + row.bytes
        return head + nonce + self._ciphers[head[1:]].encrypt(nonce, plaintext.encode(), place)

    def seal_many(self, values: Sequence[str | None], table: str, column: str, rows: Rows) -> list[bytes | None]:
        """Seal one column of a batch; None stays None. `rows` are UUIDs or their 16 bytes, one for each value."""
        head = bytes((VERSION,)) + bytes.fromhex(self._active)
        encrypt = self._ciphers[head[1:]].encrypt
        prefix = _place(head, table, column)
        nonces = os.urandom(_NONCE_BYTES * len(values))
        sealed: list[bytes | None] = []
        for position, (value, row) in enumerate(zip(values, _row_bytes(rows), strict=True)):
            if value is None:
                sealed.append(None)
                continue
            nonce = nonces[position * _NONCE_BYTES : (position + 1) * _NONCE_BYTES]
            sealed.append(head + nonce + encrypt(nonce, value.encode(), prefix + row))
        return sealed

    def open(self, blob: bytes, *, table: str, column: str, row: UUID) -> str:
        """Decrypt a value found at this place. Raises KeyMissing or DecryptionFailed."""
        found = bytes(blob)
        return self._open(found, table, column, _place(found[:_HEAD], table, column) + row.bytes)

    def open_many(self, blobs: Sequence[bytes | None], table: str, column: str, rows: Rows) -> list[str | None]:
        """Open one column of a batch; None stays None; the first bad value raises."""
        # By what a value begins with, which is the same for all that one key has sealed.
        keyed: dict[bytes, tuple[AESGCM, bytes]] = {}
        opened: list[str | None] = []
        for found, row in zip(blobs, _row_bytes(rows), strict=True):
            if found is None:
                opened.append(None)
                continue
            blob = bytes(found)
            head = blob[:_HEAD]
            known = keyed.get(head)
            if known is None or len(blob) < _SHORTEST:
                place = _place(head, table, column)
                opened.append(self._open(blob, table, column, place + row))
                keyed[head] = self._ciphers[head[1:]], place
                continue
            cipher, place = known
            try:
                # As in _open, which is too many calls for a million values.
                opened.append(cipher.decrypt(blob[_HEAD:_TEXT], blob[_TEXT:], place + row).decode())
            except InvalidTag:
                opened.append(self._open(blob, table, column, place + row))
        return opened

    def _open(self, blob: bytes, table: str, column: str, place: bytes) -> str:
        if len(blob) < _SHORTEST or blob[0] != VERSION:
            raise DecryptionFailed(f"The value in {table}.{column} is not a sealed value of a known version.")
        head = blob[:_HEAD]
        cipher = self._ciphers.get(head[1:])
        if cipher is None:
            raise KeyMissing(f"The key “{head[1:].hex()}” that sealed a value in {table}.{column} is not in the ring.")
        nonce, text = blob[_HEAD:_TEXT], blob[_TEXT:]
        try:
            return cipher.decrypt(nonce, text, place).decode()
        except InvalidTag:
            raise DecryptionFailed(f"A value in {table}.{column} was changed or belongs to another place.") from None

    def needs_rotation(self, blob: bytes) -> bool:
        """Whether a value is sealed with another key than the active one."""
        return bytes(blob[1:_HEAD]).hex() != self._active

    def rotate(self, blob: bytes, *, table: str, column: str, row: UUID) -> bytes:
        """The value under the active key; unchanged when it already is, so a rotation can be run again."""
        text = self.open(blob, table=table, column=column, row=row)
        return self.seal(text, table=table, column=column, row=row) if self.needs_rotation(blob) else bytes(blob)

    def blind(self, kind: str, value: str) -> bytes:
        """16 bytes, equal for equal values of one kind (“mobile”, “document” …), unrelated across kinds."""
        inner, outer = self._domain("blind|" + kind)
        inner, outer = inner.copy(), outer.copy()
        inner.update(value.encode())
        outer.update(inner.digest())
        return outer.digest()[:BLIND_BYTES]

    def blind_many(self, kind: str, values: Sequence[str | None]) -> list[bytes | None]:
        """`blind` for a column; None stays None."""
        return self._digests("blind|" + kind, values)

    def fingerprint_many(self, rows: Sequence[str]) -> list[bytes]:
        """Keyed 16-byte digests of whole rows, to see which changed without storing what they held."""
        return [digest for digest in self._digests("fingerprint", rows) if digest is not None]

    def _digests(self, domain: str, values: Sequence[str | None]) -> list[bytes | None]:
        # HMAC by hand from two prepared states: hmac.digest() sets the key up anew per value and takes 2.5 × as long.
        inner_copy, outer_copy = (state.copy for state in self._domain(domain))
        digests: list[bytes | None] = []
        for value in values:
            if value is None:
                digests.append(None)
                continue
            inner = inner_copy()
            inner.update(value.encode())
            outer = outer_copy()
            outer.update(inner.digest())
            digests.append(outer.digest()[:BLIND_BYTES])
        return digests

    def _domain(self, domain: str) -> "tuple[hashlib._Hash, hashlib._Hash]":
        states = self._domains.get(domain)
        if states is None:
            key = hmac.digest(self._blind_key, domain.encode(), "sha256").ljust(64, b"\0")
            inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in key)) for pad in (0x36, 0x5C))
            states = self._domains[domain] = (inner, outer)
        return states

    def make_check(self) -> bytes:
        """A value to store at first start; `verify` tells later whether this ring is the one that made it."""
        return self.seal(self.blind("check", "anxin").hex(), table="kernel", column="check", row=UUID(int=0))

    def verify(self, check_blob: bytes) -> None:
        """Raise KeyMissing or DecryptionFailed unless sealing and blind keys are those of `check_blob`."""
        found = self.open(check_blob, table="kernel", column="check", row=UUID(int=0))
        if not hmac.compare_digest(found, self.blind("check", "anxin").hex()):
            raise DecryptionFailed("The key for blind values is not the one this database was filled with.")


def key_id(key: bytes) -> str:
    """Eight hex digits that name a key and tell nothing else about it."""
    return hmac.digest(key, b"anxin key id", "sha256")[:_ID_BYTES].hex()


def _check_key(key: bytes) -> None:
    if len(key) != _KEY_BYTES:
        raise KeyMissing(f"A key must have {_KEY_BYTES} bytes.")


def _place(head: bytes, table: str, column: str) -> bytes:
    if "|" in table or "|" in column:
        raise ValueError("Table and column names must not contain “|”.")
    return head + f"|{table}|{column}|".encode()


def _row_bytes(rows: Rows) -> Sequence[bytes]:
    return [row if isinstance(row, bytes) else row.bytes for row in rows]
