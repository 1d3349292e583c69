"""What call-backs hold of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F

from anxin.book.customers.queries import merged
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _
from anxin.service.callbacks import data
from anxin.service.callbacks.data import State
from anxin.service.callbacks.models import Answer, Attempt, CallBack, Found

_KINDS: Final = {str(code): word for code, (word, _icon) in data.KINDS.items()}


def export(party_id: UUID) -> Iterator[Records]:
    """Every call-back, what was answered, every try, and the problems that were found."""
    rows = CallBack.objects.filter(party__in=merged.members(party_id)).order_by("created_at", "id")
    yield privacy.records_of(
        "callbacks", _("Call-backs"), rows,
        labels={"kind": _("Kind"), "policy_no": _("Policy no."), "state": _("Status"), "due_at": _("Due"),
                "ended_at": _("Ended on"), "score": _("Satisfaction"), "note": _("Remark")},
        words={"kind": _KINDS, "state": {code: word for code, (word, _level) in data.STATES.items()}},
    )  # fmt: skip
    keys = rows.values("pk")
    yield privacy.records_of(
        "callback_answers", _("Answers in call-backs"),
        Answer.objects.filter(call_back__in=keys).order_by("at", "id"),
        labels={"call_back__kind": _("Kind"), "at": _("When"), "question": _("Question"), "value": _("Answer given"),
                "remark": _("Remark")},
        words={"call_back__kind": _KINDS},
    )  # fmt: skip
    yield privacy.records_of(
        "callback_attempts", _("Attempts to reach the customer"),
        Attempt.objects.filter(call_back__in=keys).order_by("at", "id"),
        labels={"at": _("When"), "way": _("Channel"), "outcome": _("Result"), "note": _("Remark")},
        words={"way": data.WAYS, "outcome": data.OUTCOMES},
    )  # fmt: skip
    yield privacy.records_of(
        "callback_problems", _("Problems found in call-backs"),
        Found.objects.filter(call_back__in=keys).order_by("found_at", "id"),
        labels={"found_at": _("When"), "description": _("What is wrong"), "ticket_number": _("Ticket no."),
                "solved_at": _("Solved on")},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    """Restricted: nobody calls any more. Erased: what was said goes, the figures stay."""
    rows = CallBack.objects.filter(party__in=merged.members(party_id))
    left = rows.filter(ended_at__isnull=True).update(
        state=State.EXCLUDED, why="person", ended_at=now, changed_at=now, version=F("version") + 1
    )
    if mode is Mode.RESTRICT:
        yield Erased(table="callbacks_callback", blanked=left)
        return
    keys = list(rows.values_list("pk", flat=True))
    rows.update(note="", policy_no="")
    privacy.forget_history(CallBack, keys)
    if keys:
        yield _erased("callbacks_callback", len(keys))
        yield _erased("callbacks_answer", Answer.objects.filter(call_back__in=keys).update(remark="", value=""))
        yield _erased("callbacks_attempt", Attempt.objects.filter(call_back__in=keys).update(note=""))
        yield _erased("callbacks_found", Found.objects.filter(call_back__in=keys).update(description=""))


def _erased(table: str, done: int) -> Erased:
    return Erased(
        table=table, blanked=done, kept=done,
        why_kept=_("Figures of the business, without anything that says who."),
    )  # fmt: skip


HOLDINGS: Final = Holdings(
    room="callbacks", covers=frozenset({"CallBack", "Answer", "Attempt", "Found"}), export=export, erase=erase
)
