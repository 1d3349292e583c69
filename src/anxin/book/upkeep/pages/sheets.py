"""What stands on a customer card: everything masked as on the page of the customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.book.customers import data as customer_data
from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerFile
from anxin.book.customers.queries import file as files
from anxin.book.customers.queries import relations, timeline
from anxin.book.portfolio import data as portfolio
from anxin.book.portfolio.queries import contracts
from anxin.book.upkeep import rules
from anxin.book.upkeep.services.printing import Block, CardSheet
from anxin.kernel import money, tiers
from anxin.kernel.actor import Actor

PERSON = (
    "sex", "birth_date", "native_place", "marital_status", "education", "occupation", "employer", "department",
    "position", "contact_preference", "information_source",
)  # fmt: skip
ORGANISATION = ("uscc", "industry", "scale", "headcount", "legal_representative", "information_source")
VISITS = 15


def check(actor: Actor, ref: str) -> None:
    """Raises NotPermitted and CustomerNotFound."""
    customers.get_party(actor, ref, "upkeep.card")


def sheet(actor: Actor, ref: str, form: str, *, now: datetime) -> CardSheet:
    """The customer card, or the key-account card with its key persons and network. Raises CustomerNotFound."""
    check(actor, ref)
    file = files.load(actor, ref, today=rules.day_of(now))
    is_key = form == "key-account"
    family = relations.family_of(actor, file).members
    blocks = [Block(title=_("Basic data"), pairs=_basics(file))]
    if is_key:
        blocks.append(_persons(family))
    else:
        blocks.append(_family(family))
    blocks += [_policies(actor, file), _visits(actor, file)]
    return CardSheet(
        title=_("Key-account card") if is_key else _("Customer card"), name=file.name, marks=_marks(file),
        blocks=blocks,
        foot=_("Printed by %(who)s on %(when)s · confidential")
        % {"who": actor.display_name, "when": rules.day_of(now).isoformat()},
    )  # fmt: skip


def _marks(file: CustomerFile) -> list[str]:
    """A17: number, class, grade."""
    marks = [_("No. %(number)s") % {"number": file.ref}]
    if file.standing is not None and file.standing.abc:
        marks.append(_("Class %(abc)s") % {"abc": file.standing.abc})
    if file.standing is not None and file.standing.tier:
        marks.append(_("Grade: %(tier)s") % {"tier": tiers.name(file.standing.tier)})
    marks += [part for part in (file.unit, file.manager) if part]
    return marks


def _basics(file: CustomerFile) -> list[tuple[str, str]]:
    pairs = []
    for name in PERSON if file.is_person else ORGANISATION:
        value = str(file.values.get(name, "") or "")
        choices = customer_data.CHOICES.get(name, {})
        pairs.append((_(customer_data.FIELD_LABELS[name]), _(choices[value]) if value in choices else value))
    pairs += [(_(customer_data.DOCUMENT_KINDS.get(one.kind, one.kind)), one.number) for one in file.documents]
    pairs += [(_(customer_data.CONTACT_KINDS.get(one.kind, one.kind)), one.value) for one in file.contacts]
    pairs += [(_(customer_data.ADDRESS_KINDS.get(one.kind, one.kind)), one.text) for one in file.addresses]
    if file.standing is not None:
        pairs += [
            (_("Annual premium"), _money(file.standing.annual_premium_fen)),
            (_("Policies in force"), str(file.standing.active_policies)),
            (_("Claims paid"), _money(file.standing.claims_paid_fen)),
        ]
    pairs.append((_("Customer since"), file.customer_since.isoformat() if file.customer_since else ""))
    return pairs


def _kind(code: str) -> str:
    told = customer_data.RELATION_KINDS.get(code)
    return _(told.label) if told else code


def _family(members: Any) -> Block:
    rows = [(one.name, _kind(one.kind), one.note) for one in members if one.group == "family"]
    return Block(title=_("Family"), heads=(_("Full name"), _("Relation"), _("Remark")), rows=rows)


def _persons(members: Any) -> Block:
    """A18, A23: who decides, and with whom the customer does business."""
    rows = [
        (one.name, _kind(one.kind), _(customer_data.PERSON_ROLES[one.person_role]) if one.person_role else "", one.note)
        for one in members
        if one.group != "family" or one.person_role
    ]
    heads = (_("Full name"), _("Relation"), _("Role of a key person"), _("Remark"))
    return Block(title=_("Key persons and business ties"), heads=heads, rows=rows)


def _policies(actor: Actor, file: CustomerFile) -> Block:
    heads = (_("Policy no."), _("Product"), _("Status"), _("Annual premium"), _("Cover ends"))
    if not customers.reaches(actor, file.id, "portfolio.view", known="upkeep.card"):
        return Block(title=_("Policies"), heads=heads)
    rows = [
        (one.policy_no, one.product_name,
         _(portfolio.STATUSES[one.status][0]) if one.status in portfolio.STATUSES else one.status,
         _money(one.annual_premium_fen), one.expiry_date.isoformat() if one.expiry_date else "")
        for one in contracts.policies_of(actor, file.ref)[:20]
    ]  # fmt: skip
    return Block(title=_("Policies"), heads=heads, rows=rows)


def _visits(actor: Actor, file: CustomerFile) -> Block:
    """A18: what was done with the customer; rooms above register what they know."""
    items = timeline.of_file(actor, file.id, before=None, limit=VISITS, group="contact").items
    rows = [(f"{timeline.day_of(one.at):%Y-%m-%d}", one.title, one.text) for one in items]
    return Block(title=_("Visits and contacts"), heads=(_("Day"), _("What"), _("Remark")), rows=rows)


def _money(fen: int) -> str:
    return money.format_money(fen, "en" if (get_language() or "").startswith("en") else "zh")
