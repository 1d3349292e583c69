"""A labelled set: its specification in TOML, its records, the roles of its columns, its truth."""

from __future__ import annotations

import gzip
import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
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
_ONCE: Final = ("id", "source", "truth", "year", "month", "day")
_TOGETHER: Final = ("given_name", "surname", "phone", "chinese_name", "full_name", "chinese_address", "resident_id")
_SEPARATORS: Final = (",", ";", "\t", "|")
# Columns of the frame that are ours; what the files call so is kept under another name.
_RESERVED: Final = ("record_id", "source", "_file")
_OWN: Final = " (own)"


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
    separator: str = ""  # told from the first line


def read_spec(file: Path) -> Spec:
    """From TOML; paths are relative to the file. Raises SpecError."""
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{file.name} is not TOML in UTF-8: {error}.") from error
    if unknown := set(values) - {"name", "files", "columns", "truth", "mode", "engine", "guess", "separator"}:
        raise SpecError(f"The specification does not know {', '.join(sorted(unknown))}.")
    here = file.resolve().parent
    try:
        files = tuple((here / each["path"], str(each.get("source", ""))) for each in values["files"])
        truth = dict(values["truth"])
        columns = dict(values.get("columns", {}))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SpecError(f"The specification needs [[files]] with path, [columns] and [truth]: {error}.") from error
    if not files:
        raise SpecError("The specification names no file.")
    mode, separator, guess = values.get("mode", "dedupe"), values.get("separator", ""), values.get("guess", True)
    if mode not in ("dedupe", "link"):
        raise SpecError(f"There is no mode {mode!r}: dedupe or link.")
    if not isinstance(separator, str) or len(separator.encode()) > 1:
        raise SpecError(f"The separator is one character, not {separator!r}.")
    if not isinstance(guess, bool):
        raise SpecError("guess is true or false.")
    return Spec(
        name=str(values.get("name", file.stem)), files=files, columns=_roles(columns), truth=_truth(truth, here),
        mode=mode, engine=str(values.get("engine", "")), guess=guess, separator=separator,
    )  # fmt: skip


def _roles(columns: Mapping[str, object]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for column, role in columns.items():
        word = str(role).strip().lower()
        if word not in _ALIASES:
            raise SpecError(f"Column {column}: there is no role {role}. Roles: {', '.join(sorted(_ALIASES))}.")
        roles[column.strip()] = _ALIASES[word]
    for role in _ONCE:
        if len(several := [column for column, one in roles.items() if one == role]) > 1:
            raise SpecError(f"Only one column can be {role}, not {', '.join(several)}.")
    return roles


def _truth(values: Mapping[str, object], here: Path) -> Truth:
    known = {each.name for each in fields(Truth)}
    if unknown := set(values) - known:
        raise SpecError(f"[truth] does not know {', '.join(sorted(unknown))}; it knows {', '.join(sorted(known))}.")
    texts = {name: str(value) for name, value in values.items() if name not in ("file", "least")}
    try:
        least = float(str(values.get("least", 0.5)))
        groups = re.compile(texts.get("pattern", "")).groups
    except (ValueError, re.error) as error:
        raise SpecError(f"[truth]: {error}.") from error
    if texts.get("pattern") and not groups:
        raise SpecError("The pattern of [truth] needs brackets around what it is to cut out.")
    file = here / str(values["file"]) if "file" in values else None
    if file and not ({"id", "cluster"} <= set(texts) or {"left", "right"} <= set(texts)):
        raise SpecError("[truth] with a file needs id and cluster, or left and right.")
    return Truth(file=file, least=least, **texts)


def read_frame(spec: Spec) -> pl.DataFrame:
    """All records with `record_id` and `source`; other columns as texts under their own names (`own`)."""
    parts = []
    for path, source in spec.files:
        part = _read(path, spec.separator)
        part = part.rename({name: own(name) for name in part.columns if name in _RESERVED})
        parts.append(part.with_columns(pl.lit(source or path.stem).alias("_file")))
    frame = pl.concat(parts, how="diagonal")
    missing = [column for column in spec.columns if own(column) not in frame.columns]
    if missing:
        there = [name.removesuffix(_OWN) for name in frame.columns if name != "_file"]
        raise SpecError(f"No such columns: {', '.join(missing)}. The files have: {', '.join(there)}.")
    if len(frame) < 2:
        raise SpecError("There are fewer than two records.")
    by_role = {role: own(column) for column, role in spec.columns.items()}
    ids = pl.col(by_role["id"]) if "id" in by_role else pl.int_range(pl.len()).cast(pl.String)
    source_of = pl.coalesce(by_role["source"], "_file") if "source" in by_role else pl.col("_file")
    frame = frame.with_columns(ids.alias("record_id"), source_of.alias("source"))
    if blank := frame["record_id"].null_count():
        raise SpecError(f"{blank} records have no {by_role['id'].removesuffix(_OWN)}.")
    if frame["record_id"].n_unique() < len(frame):
        frame = frame.with_columns(pl.concat_str("source", "record_id", separator=":").alias("record_id"))
    if frame["record_id"].n_unique() < len(frame):
        raise SpecError("Record ids repeat.")
    return frame


def own(column: str) -> str:
    """What a column of the files is called in the frame: its name, unless that is one of ours."""
    return f"{column}{_OWN}" if column in _RESERVED else column


def _read(path: Path, separator: str) -> pl.DataFrame:
    """A file in texts without blanks around them; nothing for "". Raises SpecError."""
    if not path.is_file():
        raise SpecError(f"There is no file {path}.")
    try:
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
            # Whole numbers that were read as fractions for want of some: 17.0 is 17.
            part = table.select(
                pl.col(name).cast(pl.String).str.replace(r"^(-?[0-9]+)\.0$", "$1") if kind.is_float()
                else pl.col(name).cast(pl.String)
                for name, kind in table.schema.items()
            )  # fmt: skip
        else:
            content = _text(path)
            part = pl.read_csv(
                content.encode(), separator=separator or _separator(content), infer_schema=False,
                truncate_ragged_lines=True,
            )  # fmt: skip
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SpecError(f"{path.name} cannot be read: {error}") from error
    part = part.rename({name: name.strip().strip("\ufeff") for name in part.columns})
    text = pl.col(pl.String).str.strip_chars()
    return part.with_columns(pl.when(text != "").then(text))


def _text(path: Path) -> str:
    """What stands in a text file, packed or not: in UTF-8, UTF-16 with its mark, or GB 18030; bytes that are no
    character become marks."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", errors="replace")
    # A stray byte makes no other code of it: of Chinese in GB 18030, hardly a character is UTF-8 by chance.
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text if 2 * text.count("\ufffd") < foreign else content.decode("gb18030", errors="replace")


def _separator(content: str) -> str:
    """The one of the usual characters that divides the first line most often."""
    head = content.lstrip("\r\n").partition("\n")[0]
    return max(_SEPARATORS, key=head.count)


def fields_of(frame: pl.DataFrame, spec: Spec) -> tuple[Field, ...]:
    """The fields to compare, from the roles given and, unless told otherwise, a guess at the columns left over."""
    taken: dict[str, list[str]] = {}
    for column, role in spec.columns.items():
        taken.setdefault(_settled(frame, own(column), role), []).append(own(column))
    found: list[Field] = []
    for role, columns in taken.items():
        if role in ("id", "source", "ignore", "truth", "year", "month", "day"):
            continue
        if role in _TOGETHER:
            found.append(Field(code=role, role=Role(role), columns=tuple(columns)))
        else:
            found += [
                Field(code=role if len(columns) == 1 else f"{role}_{at}", role=Role(role), columns=(column,))
                for at, column in enumerate(columns, 1)
            ]
    found += _date_parts(taken)
    if spec.guess:
        ours = {*_RESERVED, own(spec.truth.column), *map(own, spec.columns)}
        for column in frame.columns:
            if column not in ours and (guess := _guessed(frame[column])):
                code = "other_" + re.sub(r"\W+", "_", column.lower())
                found.append(Field(code=_free(code, found), role=guess, columns=(column,)))
    if not found:
        raise SpecError("No column to compare.")
    return tuple(found)


def _date_parts(taken: Mapping[str, list[str]]) -> list[Field]:
    """Year, month and day are one date; one of them alone is compared as what it is."""
    parts = [taken[part][0] for part in ("year", "month", "day") if part in taken]
    if len(parts) == 3:
        return [Field(code="date_parts" if "date" in taken else "date", role=Role.DATE, columns=tuple(parts))]
    return [
        Field(code=part, role=Role.CATEGORY, columns=(taken[part][0],))
        for part in ("year", "month", "day") if part in taken
    ]  # fmt: skip


def _free(code: str, found: Sequence[Field]) -> str:
    used = {each.code for each in found}
    names = itertools.chain([code], (f"{code}_{at}" for at in itertools.count(2)))
    return next(one for one in names if one not in used)


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
    """The true cluster of each record (null where not labelled), or the pairs (`left`, `right` row numbers, `same`).
    Raises SpecError where nothing is labelled."""
    truth = spec.truth
    if truth.file is None:
        column = truth.column or next((name for name, role in spec.columns.items() if role == "truth"), "")
        if own(column) not in frame.columns:
            raise SpecError(f"No truth column {column!r}.")
        values = frame[own(column)]
        return _labelled(values.str.extract(truth.pattern, 1) if truth.pattern else values)
    labels = _read(truth.file, "")
    wanted = (truth.id, truth.cluster) if truth.cluster else (truth.left, truth.right, truth.score)
    if missing := [name for name in wanted if name and name not in labels.columns]:
        raise SpecError(f"{truth.file.name} has no {', '.join(missing)}; it has {', '.join(labels.columns)}.")
    if truth.cluster:
        table = labels.select(pl.col(truth.id).alias("record_id"), pl.col(truth.cluster).alias("truth"))
        table = table.drop_nulls("record_id").unique("record_id", keep="first")
        found = frame.select("record_id").join(table, on="record_id", how="left", maintain_order="left")
        return _labelled(found["truth"])
    rows = frame.select("record_id", pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
    score = pl.col(truth.score).cast(pl.Float64, strict=False) if truth.score else pl.lit(truth.least)
    pairs = (
        labels.select(
            pl.col(truth.left).alias("a"), pl.col(truth.right).alias("b"), (score >= truth.least).alias("same")
        )
        .join(rows, left_on="a", right_on="record_id")
        .join(rows, left_on="b", right_on="record_id", suffix="_b")
        .select(pl.col("row").alias("left"), pl.col("row_b").alias("right"), "same")
        .drop_nulls("same")
    )
    if pairs.is_empty():
        raise SpecError(f"No pair of {truth.file.name} names two of the records.")
    return pairs


def _labelled(values: pl.Series) -> pl.Series:
    if values.null_count() == len(values):
        raise SpecError("The truth says nothing of any record: look at its column, pattern or ids.")
    return values
