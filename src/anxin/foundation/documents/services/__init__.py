"""Storing, opening and removing files. Bytes never lie on disk in clear."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction

from anxin.foundation.audit import services as audit
from anxin.foundation.documents import access, rules
from anxin.foundation.documents.access import DocumentNotFound, register_purpose
from anxin.foundation.documents.data import DocumentView
from anxin.foundation.documents.models import Document
from anxin.foundation.documents.services.frames import DocumentDamaged, SealedReader, SealingWriter, new_key
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7

__all__ = [
    "DocumentDamaged", "DocumentNotFound", "download", "open_document", "register_purpose", "remove", "remove_expired",
    "store",
]  # fmt: skip

BLOCK = 1024 * 1024
# A file whose row never came (the transaction was rolled back) is swept after this long.
ORPHAN_AFTER = timedelta(days=1)
log = logging.getLogger(__name__)


def store(
    *, actor: Actor, now: datetime, name: str, content: BinaryIO, purpose: str, content_type: str = "",
    expires_at: datetime | None = None,
) -> DocumentView:  # fmt: skip
    """Seal `content` (read from where it stands to its end) and keep it for its owner, the actor.

    The type is told by the first bytes; `content_type` is believed only where they do not contradict (CSV, plain text).
    """
    document_id = uuid7()
    key = new_key()
    path = _path(document_id)
    digest, size, head = hashlib.sha256(), 0, b""
    part = path.with_suffix(".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            writer = SealingWriter(target, key, document_id)
            while block := content.read(BLOCK):
                head = head or block[:4096]
                digest.update(block)
                size += len(block)
                writer.write(block)
            writer.finish()
            target.flush()
            os.fsync(target.fileno())
        part.rename(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    found = rules.content_type_of(name, head)
    with transaction.atomic():
        document = Document.objects.create(
            id=document_id,
            name=rules.clean_name(name),
            content_type=content_type if content_type and found.startswith("text/") else found,
            size=size,
            sha256=digest.digest(),
            purpose=purpose,
            key_sealed=vault.ring().seal(
                base64.b64encode(key).decode(), table="documents_document", column="key_sealed", row=document_id
            ),
            owner_id=actor.user_id,
            created_at=now,
            expires_at=expires_at,
        )
    return view(document)


@contextmanager
def open_document(document_id: UUID) -> Iterator[BinaryIO]:
    """The bytes in clear, readable and seekable. For the code of the owning room: asks for no permission.

    Raises DocumentNotFound once removed, DocumentDamaged when the file on disk is not what was stored.
    """
    document = Document.objects.filter(pk=document_id, removed_at__isnull=True).first()
    if document is None or document.key_sealed is None:
        raise DocumentNotFound(str(document_id))
    key = base64.b64decode(
        vault.ring().open(bytes(document.key_sealed), table="documents_document", column="key_sealed", row=document_id)
    )
    try:
        source = _path(document_id).open("rb")
    except FileNotFoundError:
        raise DocumentDamaged(f"The file of document {document_id} is missing.") from None
    with source, io.BufferedReader(SealedReader(source, key, document_id), BLOCK) as reader:
        yield cast(BinaryIO, reader)


def download(*, actor: Actor, now: datetime, document_id: UUID) -> tuple[DocumentView, Iterator[bytes]]:
    """A file for the browser of somebody who may have it, in portions; the trail notes who took it.

    Raises DocumentNotFound, also for a file that is somebody else's.
    """
    document = access.get_document(actor, document_id, now=now)
    with open_document(document.id):
        # Opened once before the answer begins: a damaged file is an error, not half a download.
        pass
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="documents.download", object_kind="document", object_id=document.id,
            object_ref=document.purpose, detail={"size": document.size},
        )  # fmt: skip
    return view(document), _portions(document.id)


def _portions(document_id: UUID) -> Iterator[bytes]:
    with open_document(document_id) as source:
        while block := source.read(BLOCK):
            yield block


@transaction.atomic
def remove(*, document_id: UUID, now: datetime) -> None:
    """Forget a file: its key first, then its bytes. Removing it again does nothing."""
    Document.objects.filter(pk=document_id).update(key_sealed=None, removed_at=now)
    transaction.on_commit(lambda: _path(document_id).unlink(missing_ok=True))


def remove_expired(*, now: datetime, at_most: int = 1_000) -> int:
    """Remove what has passed its date, and files whose row was never written; returns how many documents."""
    due = list(
        Document.objects.filter(removed_at__isnull=True, expires_at__lte=now)
        .order_by("expires_at")
        .values_list("pk", flat=True)[:at_most]
    )
    for document_id in due:
        remove(document_id=document_id, now=now)
    _sweep(now)
    return len(due)


def _sweep(now: datetime) -> None:
    oldest = (now - ORPHAN_AFTER).timestamp()
    for path in _folder().iterdir():
        try:
            document_id = UUID(path.stem)
            is_old = path.stat().st_mtime < oldest
        except (ValueError, FileNotFoundError):
            continue
        if is_old and not Document.objects.filter(pk=document_id, removed_at__isnull=True).exists():
            path.unlink(missing_ok=True)
            log.warning("A file without a document was removed: %s.", path.name)


def view(document: Document) -> DocumentView:
    return DocumentView(
        id=document.id, name=document.name, content_type=document.content_type, size=document.size,
        sha256=bytes(document.sha256).hex(), purpose=document.purpose, owner_id=document.owner_id,
        created_at=document.created_at, expires_at=document.expires_at,
    )  # fmt: skip


def _folder() -> Path:
    return Path(settings.DOCUMENTS_FOLDER)


def _path(document_id: UUID) -> Path:
    return _folder() / f"{document_id}.sealed"
