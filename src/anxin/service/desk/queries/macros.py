"""Macros one may use, and what one of them would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, Q, QuerySet, When

from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.permissions import Scope
from anxin.kernel.states import IllegalTransition
from anxin.service.desk import access
from anxin.service.desk.data import MacroNotFound, MacroPreview, MacroReach, MacroRow
from anxin.service.desk.models import Macro, Ticket
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import macros as rules
from anxin.service.desk.rules.macros import Content

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST = 200
_CONTENT = ("type", "priority", "queue", "action", "why", "tag", "note", "reply", "reply_en")


def visible(actor: Actor) -> QuerySet[Macro]:
    """Everybody's, those of the actor's units, and the actor's own, in use."""
    actor.require("desk.work")
    mine = Q(reach="shared") | Q(reach="team", unit_id__in=actor.unit_ids)
    if actor.user_id is not None:
        mine |= Q(reach="own", owner=actor.user_id)
    return Macro.objects.filter(mine, is_active=True)


def list_macros(actor: Actor) -> list[MacroRow]:
    """Own ones first, then those of the team, then everybody's, by name."""
    order = Case(When(reach="own", then=0), When(reach="team", then=1), default=2, output_field=IntegerField())
    return [_row(one, actor) for one in visible(actor).select_related("unit").order_by(order, "name", "pk")[:MOST]]


def get_macro(actor: Actor, macro_id: UUID) -> MacroRow:
    """Raises MacroNotFound, NotPermitted."""
    return _row(usable(actor, macro_id), actor)


def usable(actor: Actor, macro_id: UUID) -> Macro:
    """For this room only. Raises MacroNotFound, NotPermitted."""
    found = visible(actor).select_related("unit").filter(pk=macro_id).first()
    if found is None:
        raise MacroNotFound(str(macro_id))
    return found


def editable(actor: Actor, macro_id: UUID) -> Macro:
    """For this room only: a macro the actor may change. Raises MacroNotFound, NotPermitted."""
    found = usable(actor, macro_id)
    if not _may_edit(found, actor):
        raise NotPermitted("desk.macros")
    return found


def _may_edit(row: Macro, actor: Actor) -> bool:
    if row.reach == MacroReach.OWN:
        return True
    if not actor.may("desk.macros"):
        return False
    return row.reach == MacroReach.TEAM or actor.require("desk.macros") is Scope.ALL


def content_of(row: Macro) -> Content:
    return Content(**{name: getattr(row, name) for name in _CONTENT})


def _row(one: Macro, actor: Actor) -> MacroRow:
    return MacroRow(
        id=one.pk, name=one.name, name_en=one.name_en, reach=MacroReach(one.reach),
        unit=one.unit.name if one.unit is not None else "", version=one.version, may_edit=_may_edit(one, actor),
        **{name: getattr(one, name) for name in _CONTENT},
    )  # fmt: skip


def values_for(ticket: Ticket, actor: Actor) -> Mapping[str, str]:
    """What the places of a macro say for this ticket and this writer."""
    return {
        "customer": ticket.party.name if ticket.party is not None else "",
        "number": ticket.number,
        "type": ticket.subject,
        "agent": actor.display_name,
        "due": f"{ticket.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "policy": ticket.policy_no,
    }


def preview(actor: Actor, macro_id: UUID, ticket_id: UUID, *, now: datetime) -> MacroPreview:
    """What a macro would do with a ticket, places filled. Raises MacroNotFound, TicketNotFound, NotPermitted."""
    macro = usable(actor, macro_id)
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    content, values = rules.for_language(content_of(macro), ticket.language), values_for(ticket, actor)
    kind = schemes.ticket_types(now).get(content.type) if content.type != ticket.type else None
    changes = [
        (name, str(old), str(new))
        for name, old, new in (
            ("type", ticket.type, content.type),
            ("priority", ticket.priority, content.priority or ""),
            ("queue", ticket.queue, content.queue or (kind.queue if kind is not None else "")),
        )
        if new and new != old
    ]
    refused, way = "", []
    try:
        way = [str(one) for one in rules.steps(content, ticket.state)]
    except IllegalTransition as error:
        refused = error.action
    return MacroPreview(
        macro=_row(macro, actor), reply=rules.filled(content.reply, values), note=rules.filled(content.note, values),
        why=rules.filled(content.why, values), moves=way, changes=changes, refused=refused,
    )  # fmt: skip


def count_reachable(actor: Actor, ticket_ids: Sequence[UUID]) -> int:
    """How many of these tickets the actor may work on."""
    return access.visible_tickets(actor, "desk.work").filter(pk__in=list(ticket_ids)).count()
