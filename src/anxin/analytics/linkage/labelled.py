"""A labelled set: its specification in TOML, its records, the roles of its columns, its truth."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from anxin.analytics.linkage.model import Field, Role

_ALIASES: Final = {
    "name": "name", "full_name": "name", "chinese_name": "chinese_name",
    "given_name": "given_name", "first_name": "given_name", "surname": "surname", "last_name": "surname",
    "sex": "sex", "gender": "sex", "date": "date", "birth_date": "date", "dob": "date",
    "year": "year", "month": "month", "day": "day", "birth_year": "year", "birth_month": "month", "birth_day": "day",
    "id_number": "resident_id", "resident_id": "resident_id", "identifier": "identifier",
    "phone": "phone", "mobile": "phone",
    "email": "email", "token": "token", "address": "address", "chinese_address": "chinese_address", "street": "street",
    "house_number": "house_number", "place": "place", "city": "place", "postcode": "postcode", "category": "category",
    "text": "text", "uscc": "uscc", "organisation": "organisation_name", "organisation_name": "organisation_name",
    "id": "id", "source": "source", "ignore": "ignore", "truth": "truth",
}  # fmt: skip
_HAN: Final = r"\p{Han}"


class SpecError(ValueError):
    """The specification cannot be followed; says why."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Where the truth is: a column (with a pattern to cut it out), or a file of clusters or of pairs."""

    column: str = ""
    pattern: str = ""
    file: Path | None = None
    id: str = ""
    cluster: str = ""
    left: str = ""
    right: str = ""
    score: str = ""
    least: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A labelled set. `columns`: role by column; `sources`: file and the source code of its records."""

    name: str
    files: tuple[tuple[Path, str], ...]
    columns: Mapping[str, str]
    truth: Truth
    mode: str = "dedupe"
    engine: str = ""  # the one of the instance
    guess: bool = True
    separator: str = ","


def read_spec(file: Path) -> Spec:
    """From TOML; paths are relative to the file. Raises SpecError."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    here = file.resolve().parent
    try:
        files = tuple((here / each["path"], str(each.get("source", ""))) for each in values["files"])
        truth = dict(values["truth"])
    except (KeyError, TypeError) as error:
        raise SpecError(f"The specification needs [[files]] with path, [columns] and [truth]: {error}.") from error
    if "file" in truth:
        truth["file"] = here / truth["file"]
    roles = {}
    for column, role in values.get("columns", {}).items():
        if role not in _ALIASES:
            raise SpecError(f"Column {column}: there is no role {role}. Roles: {', '.join(sorted(_ALIASES))}.")
        roles[column] = _ALIASES[role]
    unknown = set(values) - {"name", "files", "columns", "truth", "mode", "engine", "guess", "separator"}
    if unknown:
        raise SpecError(f"The specification does not know {', '.join(sorted(unknown))}.")
    return Spec(
        name=values.get("name", file.stem), files=files, columns=roles, truth=Truth(**truth),
        mode=values.get("mode", "dedupe"), engine=values.get("engine", ""), guess=values.get("guess", True),
        separator=values.get("separator", ","),
    )  # fmt: skip


def read_frame(spec: Spec) -> pl.DataFrame:
    """All records with `record_id` and `source`; other columns as texts under their own names."""
    parts = []
    for path, source in spec.files:
        if path.suffix == ".parquet":
            part = pl.read_parquet(path).select(pl.all().cast(pl.String))
        else:
            part = pl.read_csv(path, separator=spec.separator, infer_schema=False, encoding="utf8-lossy")
        part = part.rename({name: name.strip().lstrip("\ufeff") for name in part.columns})
        part = part.with_columns(pl.col(pl.String).str.strip_chars())
        parts.append(part.with_columns(pl.lit(source or path.stem).alias("_file")))
    frame = pl.concat(parts, how="diagonal")
    missing = [column for column in spec.columns if column not in frame.columns]
    if missing:
        raise SpecError(f"No such columns: {', '.join(missing)}. The files have: {', '.join(frame.columns[:-1])}.")
    by_role = {role: column for column, role in spec.columns.items()}
    ids = pl.col(by_role["id"]) if "id" in by_role else pl.int_range(pl.len()).cast(pl.String)
    frame = frame.with_columns(ids.alias("record_id"), pl.col(by_role.get("source", "_file")).alias("source"))
    if frame["record_id"].n_unique() < len(frame):
        frame = frame.with_columns(pl.concat_str("source", "record_id", separator=":").alias("record_id"))
    if frame["record_id"].n_unique() < len(frame):
        raise SpecError("Record ids repeat.")
    return frame


def fields_of(frame: pl.DataFrame, spec: Spec) -> tuple[Field, ...]:
    """The fields to compare, from the roles given and, unless told otherwise, a guess at the columns left over."""
    taken: dict[str, list[str]] = {}
    for column, role in spec.columns.items():
        taken.setdefault(_settled(frame, column, role), []).append(column)
    found: list[Field] = []
    for role, columns in taken.items():
        if role in ("id", "source", "ignore", "truth", "year", "month", "day"):
            continue
        if role in ("given_name", "surname", "phone", "chinese_name", "full_name", "chinese_address", "resident_id"):
            found.append(Field(code=role, role=Role(role), columns=tuple(columns)))
        else:
            found += [
                Field(code=role if len(columns) == 1 else f"{role}_{at}", role=Role(role), columns=(column,))
                for at, column in enumerate(columns, 1)
            ]
    if "year" in taken and "month" in taken and "day" in taken:
        parts = (taken["year"][0], taken["month"][0], taken["day"][0])
        found.append(Field(code="date" if "date" not in taken else "date_parts", role=Role.DATE, columns=parts))
    if spec.guess:
        ours = {"_file", "record_id", "source", spec.truth.column, *spec.columns}
        for column in frame.columns:
            if column not in ours and (guess := _guessed(frame[column])):
                code = "other_" + re.sub(r"\W+", "_", column.lower())
                found.append(Field(code=code, role=guess, columns=(column,)))
    if not found:
        raise SpecError("No column to compare.")
    return tuple(found)


def _settled(frame: pl.DataFrame, column: str, role: str) -> str:
    """`name` and `address` are Chinese where most values are."""
    if role not in ("name", "address", "date"):
        return role
    values = frame[column].drop_nulls()
    if role == "date":
        return role
    is_chinese = len(values) > 0 and values.str.contains(_HAN).mean() > 0.5  # type: ignore[operator]
    if role == "name":
        return "chinese_name" if is_chinese else "full_name"
    return "chinese_address" if is_chinese else "street"


def _guessed(values: pl.Series) -> Role | None:
    """Text or category from the values; nothing from a constant, an own key, or what is hardly ever known."""
    known = values.drop_nulls().filter(values.drop_nulls() != "")
    distinct = known.n_unique()
    if len(known) < 0.05 * len(values) or distinct < 2 or (distinct == len(known) and distinct > 20):
        return None
    return Role.CATEGORY if distinct <= max(50, 0.002 * len(known)) else Role.TEXT


def truth_of(frame: pl.DataFrame, spec: Spec) -> pl.Series | pl.DataFrame:
    """The true cluster of each record (null where not labelled), or the pairs (`left`, `right` row numbers, `same`)."""
    truth = spec.truth
    if truth.file is None:
        column = truth.column or next((name for name, role in spec.columns.items() if role == "truth"), "")
        if column not in frame.columns:
            raise SpecError(f"No truth column {column!r}.")
        values = frame[column]
        return values.str.extract(truth.pattern, 1) if truth.pattern else values
    labels = (
        pl.read_parquet(truth.file) if truth.file.suffix == ".parquet" else pl.read_csv(truth.file, infer_schema=False)
    ).select(pl.all().cast(pl.String).str.strip_chars())
    if truth.cluster:
        table = labels.select(pl.col(truth.id).alias("record_id"), pl.col(truth.cluster).alias("truth"))
        return frame.select("record_id").join(table, on="record_id", how="left", maintain_order="left")["truth"]
    rows = frame.select("record_id", pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
    same = pl.col(truth.score).cast(pl.Float64) >= truth.least if truth.score else pl.lit(True)
    return (
        labels.select(pl.col(truth.left).alias("a"), pl.col(truth.right).alias("b"), same.alias("same"))
        .join(rows, left_on="a", right_on="record_id")
        .join(rows, left_on="b", right_on="record_id", suffix="_b")
        .select(pl.col("row").alias("left"), pl.col("row_b").alias("right"), "same")
    )
