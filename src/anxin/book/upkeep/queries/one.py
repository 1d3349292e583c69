"""One file: how good it is now and why, its corrections, confirmations and links."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from anxin.book.customers import queries as customers
from anxin.book.upkeep import access, rules
from anxin.book.upkeep.data import CorrectionView, Judgement, LinkView
from anxin.book.upkeep.models import Confirmation
from anxin.book.upkeep.queries import judging
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor


def judgement_of(actor: Actor, ref: str, *, today: date) -> Judgement:
    """As of this moment, by the rules in force. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "upkeep.view")
    scheme = schemes.active(rules.SCHEME, on=today)
    content: Any = scheme.content
    frame = next(judging.judge(content, version=scheme.version, today=today, only=[party.pk]))
    row = frame.row(0, named=True)
    minus = {one["code"]: one["minus"] for one in content["problems"]}
    found = dict(part.split("=", 1) for part in row["details"].split(";") if "=" in part)
    return Judgement(
        score=row["score"], completeness=row["completeness"], truth=row["truth"], missing=tuple(row["missing"]),
        reasons=tuple((code, minus[code], found.get(code, "")) for code in row["problems"]),
        scheme_version=scheme.version, level=rules.level_of(row["score"], content),
    )  # fmt: skip


def corrections_of(actor: Actor, ref: str) -> list[CorrectionView]:
    """Open ones first, at most thirty."""
    party = customers.get_party(actor, ref, "upkeep.view")
    rows = access.visible_corrections(actor).filter(party=party.pk).select_related("opened_by", "closed_by")
    return [
        CorrectionView(
            id=row.pk, code=row.code, state=row.state, note=row.note, opened_at=row.opened_at,
            opened_by=row.opened_by.display_name if row.opened_by else "", closed_at=row.closed_at,
            closed_by=row.closed_by.display_name if row.closed_by else "", outcome=row.outcome,
        )
        for row in rows.order_by("closed_at", "-opened_at")[:30]
    ]  # fmt: skip


def last_confirmed(actor: Actor, ref: str) -> tuple[datetime, str, str] | None:
    """When, by what means and by whom the file was last gone through with the customer."""
    party = customers.get_party(actor, ref, "upkeep.view")
    row = Confirmation.objects.filter(party=party.pk).select_related("confirmed_by").order_by("-confirmed_at").first()
    if row is None:
        return None
    return row.confirmed_at, row.means, row.confirmed_by.display_name if row.confirmed_by else ""


def links_of(actor: Actor, ref: str, *, now: datetime) -> list[LinkView]:
    """The latest first, at most ten. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "upkeep.invite")
    rows = access.visible_links(actor).filter(party=party.pk).select_related("created_by").order_by("-created_at")
    return [
        LinkView(
            id=row.pk, created_at=row.created_at, created_by=row.created_by.display_name if row.created_by else "",
            expires_at=row.expires_at, used_at=row.used_at,
            state=rules.link_state(
                now=now, expires_at=row.expires_at, used_at=row.used_at, revoked_at=row.revoked_at, tries=row.tries
            ),
        )
        for row in rows[:10]
    ]  # fmt: skip
