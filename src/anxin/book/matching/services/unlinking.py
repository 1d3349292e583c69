"""An import is taken back: the merges that linking it brought about go first, those of people and other runs stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from anxin.book.matching.data import Origin
from anxin.book.matching.models import Candidate, Merge
from anxin.book.matching.services import linking, separating
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

CHUNK: Final = 500
REASON: Final = _("The import that led to it was undone")


def take_back(batch_id: UUID, clock: Callable[[], datetime], still_mine: Callable[[], None]) -> int:
    """Separate what linking the batch merged, whatever happened to the files since; returns how many merges.

    The ledger forgets these merges, else it would hold on to the files the batch opened; the trail tells of both. Waits
    for a run of linking that is under way: later ones leave the batch alone. A second call goes on after a kill.
    """
    done = 0
    with linking.alone():
        ids = list(_own(batch_id).values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            still_mine()
            done += separating.unmerge_of_batch(
                actor=Actor.system("matching"), now=clock(), merge_ids=ids[start : start + CHUNK], batch_id=batch_id,
                reason=REASON,
            )  # fmt: skip
        Merge.objects.filter(run__batch_id=batch_id, state=Merge.State.UNDONE).delete()
    return done


def foretell(batch_id: UUID) -> list[str]:
    """How many merges will be separated, and how many files of the batch others merged."""
    own = _own(batch_id).count()
    others = (
        Merge.objects.filter(Q(loser__batch_id=batch_id) | Q(survivor__batch_id=batch_id), state=Merge.State.DONE)
        .exclude(pk__in=_own(batch_id).values("pk"))
        .count()
    )
    said = []
    if own:
        said.append(
            ngettext(
                "%(count)s merge that this import brought about by itself is separated first.",
                "%(count)s merges that this import brought about by itself are separated first.", own,
            ) % {"count": own}
        )  # fmt: skip
    if others:
        said.append(
            ngettext(
                "%(count)s merge with a file of this import was decided by a person or by another run: the files stay "
                "merged, and are listed afterwards.",
                "%(count)s merges with files of this import were decided by a person or by another run: the files stay "
                "merged, and are listed afterwards.", others,
            ) % {"count": others}
        )  # fmt: skip
    return said


def forget_questions() -> int:
    """Questions about files that are gone."""
    living = Candidate.objects.filter(left__kind__gt="", right__kind__gt="")
    return Candidate.objects.exclude(pk__in=living.values("pk")).delete()[0]


def _own(batch_id: UUID) -> QuerySet[Merge]:
    return Merge.objects.filter(run__batch_id=batch_id, origin=Origin.AUTOMATIC, state=Merge.State.DONE)
