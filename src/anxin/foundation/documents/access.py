"""Who may have which file: its owner, and whoever holds the permission that the purpose of the file names."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.documents.models import Document
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope

_purposes: dict[str, str] = {}


class DocumentNotFound(Exception):
    """No such file within the actor's reach, or it is gone."""


def register_purpose(purpose: str, *, permission: str) -> None:
    """Files of this purpose may be had by everyone who holds `permission` with scope ALL; from `AppConfig.ready`."""
    if _purposes.setdefault(purpose, permission) != permission:
        raise ValueError(f"The purpose {purpose!r} is registered twice.")


def visible_documents(actor: Actor, *, now: datetime) -> QuerySet[Document]:
    kept = Document.objects.filter(removed_at__isnull=True).exclude(expires_at__lte=now)
    shared = [purpose for purpose, code in _purposes.items() if actor.scope(code) is Scope.ALL]
    mine = Q(purpose__in=shared)
    if actor.user_id is not None:
        mine |= Q(owner_id=actor.user_id)
    return kept.filter(mine)


def get_document(actor: Actor, document_id: UUID, *, now: datetime) -> Document:
    """Raises DocumentNotFound, also for a file of somebody else."""
    found = visible_documents(actor, now=now).filter(pk=document_id).first()
    if found is None:
        raise DocumentNotFound(str(document_id))
    return found
