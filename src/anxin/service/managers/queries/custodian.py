"""Who manages one customer, since when, why, and who helps."""

from __future__ import annotations

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import custody
from anxin.kernel.actor import Actor
from anxin.service.managers import access
from anxin.service.managers.data import AssistantView, Custodian, Reason
from anxin.service.managers.models import Absence, Decision, Waiting
from anxin.service.managers.queries.wording import text_of


def custodian_of(actor: Actor, ref: str) -> Custodian:
    """Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref, "managers.packages")
    now = custody.open_of(party.pk)
    last = (
        Decision.objects.filter(party=party.pk, state=Decision.State.APPLIED)
        .select_related("run").order_by("-run__finished_at", "-pk").first()
    )  # fmt: skip
    rows = access.visible_assistants(actor).filter(party=party.pk, until_at__isnull=True).select_related("user")
    assistants = tuple(
        AssistantView(id=row.pk, line=row.line, name=row.user.display_name, since=row.from_at, note=row.note)
        for row in rows.order_by("line")
    )
    text, rule, decided_at = "", "", None
    if now is None:
        waiting = Waiting.objects.filter(party=party.pk).first()
        text = text_of(waiting.reason if waiting is not None else "")
    elif last is not None and last.after_id == now.manager_id:
        text = text_of(last.reason, load=last.load, place=last.place, level=last.level)
        rule, decided_at = str(last.rule or ""), last.run.finished_at
    else:
        # Given by a source system or by hand: no run decided it, and every run keeps it.
        text = now.reason or text_of(Reason.KEPT)
    deputy_of = ""
    if last is not None and last.reason == Reason.DEPUTY and now is not None and last.after_id == now.manager_id:
        away = Absence.objects.filter(run_id=last.run_id, state=Absence.State.RUNNING).select_related("user").first()
        deputy_of = away.user.display_name if away is not None else ""
    return Custodian(
        party_id=party.pk, ref=party.ref, manager_id=now.manager_id if now else None,
        manager=now.manager if now else "", since=now.since if now else None, text=text, rule=rule,
        decided_at=decided_at, deputy_of=deputy_of, assistants=assistants,
    )  # fmt: skip
