"""Who follows when two files are merged: the register of every column that points to a customer.

Rooms register from `AppConfig.ready`; a column without a rule fails the build (tests/architecture/test_merge_rules.py).
Merging itself is the work of the room `matching`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from anxin.book.customers.data.choices import RELATION_KINDS
from anxin.book.customers.data.merging import Behaviour, MergeRule
from anxin.kernel.words import mark as _

# Called with the files that changed, in the transaction of the merge or separation, after all rows have moved.
Afterwards = Callable[[Sequence[UUID], datetime], None]

_rules: dict[tuple[str, str], MergeRule] = {}
_afterwards: dict[str, Afterwards] = {}


def follows(
    model: str, column: str, *, label: str = "", once: Sequence[str] | None = None,
    only: Mapping[str, str | bool | None] | None = None, shelved: bool = False, newest: str = "", single: str = "",
    within: Sequence[str] = (), mirrored: str = "", mirrors: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Rows of `model` ("portfolio.Policy") go with the customer in `column`. See MergeRule.

    `once` None: nothing forbids two such rows; `()`: a customer has only one; else together with these columns.
    """
    _register(
        MergeRule(
            model=model, column=column, behaviour=Behaviour.FOLLOWS, label=label, once=tuple(once or ()),
            is_once=once is not None, only=dict(only or {}), shelved=shelved, newest=newest, single=single,
            within=tuple(within), mirrored=mirrored, mirrors=tuple(sorted((mirrors or {}).items())),
        )
    )  # fmt: skip


def stays(model: str, column: str, *, why: str) -> None:
    """Rows keep pointing to the file they were written about, also while it is merged. `why`: one English sentence."""
    _register(MergeRule(model=model, column=column, behaviour=Behaviour.STAYS, why=why))


def afterwards(code: str, act: Afterwards) -> None:
    """Recompute something of the files concerned: `act(party_ids, now)`, inside the transaction. It must tell nobody:
    a merge is silent."""
    if _afterwards.setdefault(code, act) != act:
        raise ValueError(f"“{code}” is registered twice.")


def rules() -> tuple[MergeRule, ...]:
    """All rules, in an order that is the same in every process: whoever locks rows, locks them in this order."""
    return tuple(_rules[key] for key in sorted(_rules))


def recompute(party_ids: Sequence[UUID], now: datetime) -> None:
    for act in _afterwards.values():
        act(party_ids, now)


def _register(rule: MergeRule) -> None:
    if _rules.setdefault((rule.model, rule.column), rule) != rule:
        raise ValueError(f"There are two merge rules for {rule.model}.{rule.column}.")


# A decision somebody asked for is about the customer, by whatever number. Other subjects have keys of their own.
follows("approvals.Request", "subject_id", once=("kind",), only={"state": "pending"})
# The room's own tables.
follows("customers.Party", "replaced_by")
follows("customers.SourceRecord", "party", label=_("Source records"))
# Two files hold one number when one of the two is disputed: the double is not shown beside it.
follows("customers.IdentityDocument", "party", label=_("Identity documents"), once=("kind", "number_blind"))
follows(
    "customers.ContactPoint", "party", label=_("Contact points"), once=("kind", "value_blind"), single="is_primary",
    within=("kind",),
)  # fmt: skip
follows("customers.BankAccount", "party", label=_("Bank accounts"), once=("number_blind",))
follows("customers.Address", "party", label=_("Addresses"), once=("kind", "source"))
follows("customers.Fact", "party", label=_("Life and work"))
follows("customers.PartyTag", "party", label=_("Tags"), once=("tag",))
follows("customers.Note", "party", label=_("Notes"))
follows("customers.AttentionEntry", "party", label=_("Attention list"))
follows("customers.AttentionHit", "party", once=("entry",))
follows(
    "customers.Consent", "party", label=_("Consents and refusals"), once=("purpose", "channel", "recipient"),
    shelved=True, newest="given_at",
)  # fmt: skip
# "A is a friend of B" and "B is a friend of A" say one thing.
_REVERSE = {code: kind.reverse for code, kind in RELATION_KINDS.items()}
for _side, _other in (("from_party", "to_party"), ("to_party", "from_party")):
    follows(
        "customers.Relation", _side, label=_("Family and relations"), once=(_other, "kind"), shelved=True,
        mirrored="kind", mirrors=_REVERSE,
    )  # fmt: skip
follows("customers.Custody", "party", label=_("Who manages this customer"), once=(), only={"until_at": None})
stays("customers.ForgottenDocument", "party", why="Names the bare number that was erased.")
stays("customers.Standing", "party", why="Computed anew for every living file by the nightly run.")
