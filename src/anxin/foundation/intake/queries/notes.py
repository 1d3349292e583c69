"""Rows of the book that a batch has to tell of: absent from a full load, or kept when it was undone."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from anxin.foundation.intake import access
from anxin.foundation.intake.data import Matter, Note
from anxin.foundation.intake.models import RowNote
from anxin.kernel.actor import Actor
from anxin.kernel.importing import CHANGED_SINCE, MERGED_SINCE, USED_SINCE, HasPages, registered_importers
from anxin.kernel.words import mark as _

REASONS: Final = {
    CHANGED_SINCE: _("Changed by somebody since"),
    USED_SINCE: _("Used by other rows since"),
    MERGED_SINCE: _("Merged with another file since"),
}


def list_notes(actor: Actor, ref: str, matter: Matter) -> QuerySet[RowNote]:
    """Raises NotPermitted, BatchNotFound."""
    return RowNote.objects.filter(batch=access.get_batch(actor, ref), matter=matter)


def address_of(note: Note) -> str:
    """The page of the row; blank when it has none."""
    importer: object = registered_importers().get(note.kind)
    if not isinstance(importer, HasPages) or not (name := note.ref or note.key):
        return ""
    try:
        return reverse(importer.page, args=[name])
    except NoReverseMatch:
        return ""


def shown_note(row: RowNote) -> Note:
    return Note(kind=row.kind, key=row.key, ref=row.ref, reason=REASONS.get(row.reason, row.reason))
