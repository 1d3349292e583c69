"""What the importers of contracts share: short field declarations, hints, the policy or customer a row speaks of."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.kernel import bulk
from anxin.kernel.identifiers.plates import normalise_plate
from anxin.kernel.importing import CONTROLS, BatchContext, FieldKind, FieldSpec, Findings
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

VALUE_MISSING: Final = _("A required value is missing. Fill in the column and import the row again.")
UNKNOWN_POLICY: Final = _("There is no policy with this number. Import the policies first or correct the number.")
AMBIGUOUS_POLICY: Final = _(
    "Several source systems have a policy with this number. Import the file with the profile of its own system."
)
UNKNOWN_CUSTOMER: Final = _(
    "The source system has no customer with this number. Import the customers first or correct the number."
)
UNKNOWN_UNIT: Final = _("There is no unit with this code. Import the unit first or correct the code.")
UNKNOWN_PRODUCT: Final = _("There is no product with this code. Import the products first or correct the code.")
UNKNOWN_STATUS: Final = _("The status is not known. Map the value in the profile.")
AMOUNT_NEGATIVE: Final = _("The amount is negative. Correct the amount.")
SHARED_HINTS: Final = {
    "value_missing": VALUE_MISSING,
    "unknown_policy": UNKNOWN_POLICY,
    "ambiguous_policy": AMBIGUOUS_POLICY,
}


def text(
    name: str, label: str, length: int, *aliases: str, personal: Kind = Kind.NOT_PERSONAL, required: bool = False
) -> FieldSpec:
    return FieldSpec(
        name=name, label=label, max_length=length, aliases=aliases, personal=personal, is_required=required
    )


def code(
    name: str, label: str, length: int, *aliases: str, required: bool = False, personal: Kind = Kind.NOT_PERSONAL
) -> FieldSpec:
    return FieldSpec(
        name=name, label=label, kind=FieldKind.CODE, max_length=length, aliases=aliases, is_required=required,
        personal=personal,
    )  # fmt: skip


def of(kind: FieldKind, name: str, label: str, *aliases: str, required: bool = False) -> FieldSpec:
    return FieldSpec(name=name, label=label, kind=kind, aliases=aliases, is_required=required)


POLICY_NO: Final = code("policy_no", _("Policy number"), 60, "保单号", "保单号码", "policy no", required=True)


def clean(table: pl.DataFrame, fields: tuple[FieldSpec, ...], found: Findings) -> pl.DataFrame:
    """No control characters in texts, nothing longer than its column, required values there."""
    changed = []
    for spec in fields:
        column = table[spec.name]
        if spec.is_required:
            found.refuse(column.is_null(), spec.name, "value_missing")
        if column.dtype != pl.String or column.null_count() == len(column):
            continue
        if column.str.contains(CONTROLS).any():
            column = column.str.replace_all(CONTROLS, " ").str.strip_chars()
            column = column.set(column == "", None)
            changed.append(column)
        if spec.max_length is not None and (column.str.len_chars() > spec.max_length).any():
            changed = [other for other in changed if other.name != spec.name]
            changed.append(column.str.slice(0, spec.max_length))
    return table.with_columns(changed) if changed else table


def plates(column: pl.Series) -> pl.Series:
    """Plates in one form; nothing is checked, old special series exist."""
    odd = (~column.str.contains("^[\u4e00-\u9fff][A-Z0-9]{6,7}$")).fill_null(value=False)
    if not odd.any():
        return column
    return column.scatter(odd.arg_true(), [normalise_plate(plate)[:12] for plate in column.filter(odd)])


_POLICIES: Final = """
SELECT k.k1, encode(uuid_send(p.id), 'hex'), p.source, p.plate FROM {keys} CROSS JOIN LATERAL (
    SELECT id, source, plate FROM portfolio_policy WHERE policy_no = k.k1 OFFSET 0
) p
"""


def with_policies(rows: pl.DataFrame, found: Findings, context: BatchContext) -> pl.DataFrame:
    """`policy_id` and the policy's present `policy_plate`: the policy of the file's own source, else the only one with
    the number (extracts for all systems carry policy numbers alone)."""
    schema: dict[str, pl.DataType] = {
        "policy_no": pl.String(), "policy_id": pl.String(), "source": pl.String(), "policy_plate": pl.String(),
    }  # fmt: skip
    with bulk.by_index():
        policies = bulk.lookup(_POLICIES, [rows["policy_no"].unique()], schema)
    own = policies.filter(pl.col("source") == context.source)
    others = policies.filter(~pl.col("policy_no").is_in(own["policy_no"].implode()))
    doubtful = others.filter(pl.col("policy_no").is_duplicated())["policy_no"].unique()
    usable = pl.concat([own, others.filter(~pl.col("policy_no").is_in(doubtful.implode()))])
    joined = rows.join(usable.drop("source"), on="policy_no", how="left", maintain_order="left")
    is_doubtful = joined["policy_no"].is_in(doubtful.implode())
    found.refuse(is_doubtful, "policy_no", "ambiguous_policy", joined["policy_no"])
    found.refuse(joined["policy_id"].is_null() & ~is_doubtful, "policy_no", "unknown_policy", joined["policy_no"])
    return joined
