"""How the columns of a file are understood, as the mapping page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from anxin.foundation.intake.data import FieldKind, FieldSpec, Importer
from anxin.foundation.intake.queries.suggestions import Match
from anxin.foundation.intake.rules.profile import ColumnRule, EntityRule, ImportProfile, ProfileError, parse_profile
from anxin.kernel import masking
from anxin.kernel.importing import registered_importers
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

_MOST_SAMPLES: Final = 3
# What is done to every value of such a field without being told. English, marked for translation.
_CONVERSIONS: Final[dict[FieldKind, str]] = {
    FieldKind.TEXT: _("Blanks trimmed"),
    FieldKind.CODE: _("Leading zeros kept"),
    FieldKind.DATE: _("Date"),
    FieldKind.MOMENT: _("Date and time"),
    FieldKind.MONEY: _("Amount in yuan"),
    FieldKind.INTEGER: _("Whole number"),
    FieldKind.YES_NO: _("Yes or no"),
    FieldKind.CHOICE: _("Fixed choices"),
}
_UNITS: Final[dict[str, str]] = {
    "fen": _("Amount in fen"), "分": _("Amount in fen"), "wan": _("Amount in 10,000 yuan"),
    "万": _("Amount in 10,000 yuan"), "万元": _("Amount in 10,000 yuan"), "yi": _("Amount in 100 million yuan"),
    "亿": _("Amount in 100 million yuan"),
}  # fmt: skip
_SEALED: Final = frozenset({Kind.DOCUMENT, Kind.MOBILE, Kind.PHONE, Kind.EMAIL, Kind.BANK_ACCOUNT})


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one column means to one entity. `conversion` holds English texts, marked."""

    field: str = ""
    conversion: Sequence[str] = ()
    is_required: bool = False
    match: Match | None = None
    map_size: int = 0
    formats: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ColumnRow:
    """One column of the file with sample values that may be shown."""

    number: int
    name: str
    samples: Sequence[str]
    cells: Sequence[Cell]

    @property
    def is_mapped(self) -> bool:
        return any(cell.field for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class OtherRule:
    """A field that is filled otherwise than by a column of its own: a template, a fixed value, a column used twice."""

    field: str
    label: str
    template: str = ""
    column: str = ""
    key_of: Sequence[str] = ()
    fixed: str = ""


@dataclass(frozen=True, kw_only=True)
class MissingKey:
    """A number that no column holds, and the columns (number, name, proposed) that may stand for it together."""

    field: str
    label: str
    columns: Sequence[tuple[int, str, bool]]


@dataclass(frozen=True, kw_only=True)
class EntityView:
    """One kind of row in the file. Labels are English and marked."""

    number: int
    kind: str
    label: str
    fields: Sequence[FieldSpec]
    others: Sequence[OtherRule]
    missing: Sequence[FieldSpec]
    missing_keys: Sequence[MissingKey]
    conditions: Sequence[tuple[str, Sequence[str], bool]]  # column, values, is (not)
    filled: int = 0

    @property
    def free(self) -> Sequence[FieldSpec]:
        """Fields for which a fixed value may be given."""
        used = {other.field for other in self.others}
        return [spec for spec in self.fields if spec.name not in used]


@dataclass(frozen=True, kw_only=True)
class MappingView:
    entities: Sequence[EntityView] = ()
    rows: Sequence[ColumnRow] = ()
    absent: Sequence[str] = ()  # columns the profile names and the file lacks
    spare_kinds: Sequence[tuple[str, str]] = field(default=())
    trouble: str = ""

    @property
    def mapped(self) -> int:
        return sum(row.is_mapped for row in self.rows)

    @property
    def is_strange(self) -> bool:
        """No column means anything yet: perhaps what was read as their names is none."""
        return bool(self.rows) and not self.mapped

    @property
    def missing(self) -> list[tuple[str, str]]:
        """(label of the kind, label of the field) of required fields without a column."""
        return [(entity.label, spec.label) for entity in self.entities for spec in entity.missing]

    @property
    def is_complete(self) -> bool:
        return bool(self.entities) and not self.missing and not self.absent and not self.trouble


def mapping_view(
    content: Mapping[str, Any],
    headers: Sequence[str],
    samples: Mapping[str, Sequence[str]],
    matches: Mapping[tuple[int, str], Match],
) -> MappingView:
    """`content`: the profile as data; `samples`: values by column, in clear; `matches`: how well a column fits its
    field, by number of the entity and column."""
    known = registered_importers()
    kinds = [(kind, importer.label) for kind, importer in known.items()]
    if not content.get("entity"):
        rows = [
            ColumnRow(number=number, name=name, samples=_shown(samples.get(name, ()), None), cells=())
            for number, name in enumerate(headers)
        ]
        return MappingView(rows=rows, spare_kinds=kinds)
    try:
        profile = parse_profile(content)
    except ProfileError as error:
        return MappingView(trouble=str(error), spare_kinds=kinds)
    pairs = [(entity, known[entity.kind]) for entity in profile.entities if entity.kind in known]
    own = [_own_columns(entity, headers) for entity, _importer in pairs]
    rows = [_row(number, name, samples.get(name, ()), pairs, own, matches) for number, name in enumerate(headers)]
    used = {entity.kind for entity in profile.entities}
    return MappingView(
        entities=[
            _entity(number, entity, importer, own[number], headers) for number, (entity, importer) in enumerate(pairs)
        ],
        rows=rows,
        absent=[name for name in _columns(profile) if name not in set(headers)],
        spare_kinds=[pair for pair in kinds if pair[0] not in used],
        trouble="" if len(pairs) == len(profile.entities) else ", ".join(sorted(used - set(known))),
    )


def _columns(profile: ImportProfile) -> Sequence[str]:
    return profile.columns


def _own_columns(entity: EntityRule, headers: Sequence[str]) -> dict[str, ColumnRule]:
    """Column → the first rule that takes it as it is; a column used once more is listed among the others."""
    own: dict[str, ColumnRule] = {}
    for rule in entity.columns:
        if rule.column in headers and rule.column not in own:
            own[rule.column] = rule
    return own


def _row(
    number: int,
    name: str,
    values: Sequence[str],
    pairs: Sequence[tuple[EntityRule, Importer]],
    own: Sequence[Mapping[str, ColumnRule]],
    matches: Mapping[tuple[int, str], Match],
) -> ColumnRow:
    cells, kinds = [], []
    for at, (_rule, importer) in enumerate(pairs):
        specs = {spec.name: spec for spec in importer.fields}
        rule = own[at].get(name)
        spec = specs.get(rule.field) if rule else None
        if rule is None or spec is None:
            cells.append(Cell())
            continue
        kinds.append(spec.personal)
        cells.append(
            Cell(
                field=rule.field,
                conversion=_conversion(rule, spec),
                is_required=spec.is_required,
                match=matches.get((at, name)),
                map_size=len(rule.value_map),
                formats=rule.formats,
            )
        )
    return ColumnRow(number=number, name=name, samples=_shown(values, kinds), cells=cells)


def _conversion(rule: ColumnRule, spec: FieldSpec) -> list[str]:
    text = _CONVERSIONS[spec.kind]
    texts = [_UNITS.get(rule.unit, text) if spec.kind is FieldKind.MONEY else text]
    if rule.number == ",":
        texts.append(_("Decimal comma"))
    if spec.personal in _SEALED:
        texts.append(_("Stored encrypted"))
    return texts


def _shown(values: Sequence[str], kinds: Sequence[Kind] | None) -> list[str]:
    """Samples as they may be shown. A column nobody has mapped may hold anything: it is masked by its shape."""
    personal = [kind for kind in kinds or () if kind is not Kind.NOT_PERSONAL]
    shown: list[str] = []
    for value in values:
        text = str(value)[:40]
        if personal:
            text = masking.mask(personal[0], str(value))
        elif not kinds:
            text = _guarded(str(value))
        if text and text not in shown:
            shown.append(text)
        if len(shown) == _MOST_SAMPLES:
            break
    return shown


def _guarded(text: str) -> str:
    """What looks like a number of a person is masked as one; short plain texts stay readable, so that one can map."""
    digits = sum(letter.isdigit() for letter in text)
    if "@" in text:
        return masking.mask(Kind.EMAIL, text)
    for kind in (Kind.DOCUMENT, Kind.MOBILE, Kind.BANK_ACCOUNT):
        if digits >= 8 and (masked := masking.mask(kind, text)) != masking.HIDDEN:
            return masked
    letters = [letter for letter in text if "\u3400" <= letter <= "\u9fff"]
    # Two to four ideographs and nothing else may be somebody's name.
    if 2 <= len(text) <= 4 and len(letters) == len(text):
        return masking.mask(Kind.NAME, text)
    return text[:12] + "…" if len(text) > 12 else text


def _telling(headers: Sequence[str], own: Mapping[str, ColumnRule], importer: Importer) -> list[tuple[int, str, bool]]:
    """The columns, those proposed that tell people apart: an identity document, else the mobile, and the name."""
    personal = {spec.name: spec.personal for spec in importer.fields}
    kinds = {header: personal.get(rule.field) for header, rule in own.items()}
    by = Kind.DOCUMENT if Kind.DOCUMENT in kinds.values() else Kind.MOBILE
    return [(number, name, kinds.get(name) in (by, Kind.NAME)) for number, name in enumerate(headers)]


def _entity(
    number: int, entity: EntityRule, importer: Importer, own: Mapping[str, ColumnRule], headers: Sequence[str]
) -> EntityView:
    labels = {spec.name: spec.label for spec in importer.fields}
    direct = {rule.field for rule in own.values()}
    others = [
        OtherRule(
            field=rule.field,
            label=labels.get(rule.field, rule.field),
            template=rule.template,
            column=rule.column,
            key_of=rule.key_of,
            fixed="" if rule.columns else rule.default,
        )
        for rule in entity.columns
        if rule.field not in direct and (rule.columns or rule.default)
    ]
    filled = {rule.field for rule in entity.columns if rule.columns or rule.default}
    missing = [spec for spec in importer.fields if spec.is_required and spec.name not in filled]
    return EntityView(
        number=number,
        kind=entity.kind,
        label=importer.label,
        fields=importer.fields,
        others=others,
        missing=missing,
        missing_keys=[
            MissingKey(field=spec.name, label=spec.label, columns=_telling(headers, own, importer))
            for spec in missing
            if spec.kind is FieldKind.CODE
        ],
        conditions=[
            (one.column, [value or "—" for value in one.is_in or one.is_not_in], bool(one.is_in)) for one in entity.when
        ],
        filled=len(filled),
    )
