"""The only place that decides which scores, corrections and cards an actor reaches: those of customers within reach."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from anxin.book.customers import queries as customers
from anxin.book.upkeep.data import NotFound
from anxin.book.upkeep.models import CardAnswer, CardLink, Correction, Score
from anxin.kernel.actor import Actor


def visible_scores(actor: Actor, permission: str = "upkeep.view") -> QuerySet[Score]:
    return Score.objects.filter(customers.reach(actor, permission, prefix="party__"), party__state="active")


def visible_corrections(actor: Actor, permission: str = "upkeep.view") -> QuerySet[Correction]:
    return Correction.objects.filter(customers.reach(actor, permission, prefix="party__"), party__state="active")


def get_correction(actor: Actor, correction_id: UUID, permission: str = "upkeep.correct") -> Correction:
    """Raises NotPermitted and NotFound."""
    found = visible_corrections(actor, permission).filter(pk=correction_id).select_related("party").first()
    if found is None:
        raise NotFound(str(correction_id))
    return found


def visible_links(actor: Actor) -> QuerySet[CardLink]:
    return CardLink.objects.filter(customers.reach(actor, "upkeep.invite", prefix="party__"), party__state="active")


def visible_answers(actor: Actor) -> QuerySet[CardAnswer]:
    return CardAnswer.objects.filter(customers.reach(actor, "upkeep.invite", prefix="party__"), party__state="active")


def get_answer(actor: Actor, answer_id: UUID) -> CardAnswer:
    """Raises NotPermitted and NotFound."""
    found = visible_answers(actor).filter(pk=answer_id).select_related("party").first()
    if found is None:
        raise NotFound(str(answer_id))
    return found
