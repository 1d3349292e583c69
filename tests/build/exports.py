"""The sample insurer's exports as the frames an importer sees, read by Polars straight from the import profiles.

Stands in for the intake where a test is about an importer alone: what cannot be parsed is dropped and counted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine

from anxin.kernel.importing import FieldKind, Importer, registered_importers

_TRUE = ("1", "true", "是", "yes", "Y")


@dataclass(frozen=True)
class Part:
    """One entity of one file. `unreadable` rows never reach the importer; a wizard would list them."""

    profile: str
    source: str
    importer: Importer
    rows: pl.DataFrame
    unreadable: int
    read: int


def parts(folder: Path, *names: str) -> Iterator[Part]:
    """The parts of the files of `folder`, in the order of their profiles; only the profiles `names` if given."""
    for path in sorted((folder / "profiles").glob("*.toml")):
        profile = tomllib.loads(path.read_text(encoding="utf-8"))
        if names and profile["name"] not in names:
            continue
        texts = _texts(folder, profile)
        for entity in profile["entity"]:
            importer = registered_importers()[entity["kind"]]
            rows, bad = _typed(texts, entity["columns"], importer)
            yield Part(profile["name"], profile["source"], importer, rows, bad, texts.height)


def _texts(folder: Path, profile: dict[str, Any]) -> pl.DataFrame:
    (path,) = folder.glob(profile["file"]["pattern"])
    if profile["file"]["format"] == "xlsx":
        sheet = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
        header = [str(cell) for cell in sheet[0]]
        lines = [[_cell(cell) for cell in line] for line in sheet[1:]]
        frame = pl.DataFrame(lines, schema=dict.fromkeys(header, pl.String()), orient="row")
    else:
        text = path.read_bytes().decode(profile["file"].get("encoding", "utf-8")).lstrip("\ufeff")
        frame = pl.read_csv(text.encode(), infer_schema=False)
    return frame.with_row_index("_line", offset=2).with_columns(pl.col("_line").cast(pl.Int64))


def _cell(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell) if cell != "" else None


def _typed(texts: pl.DataFrame, columns: dict[str, Any], importer: Importer) -> tuple[pl.DataFrame, int]:
    kinds = {spec.name: spec.kind for spec in importer.fields}
    unknown = set(columns) - set(kinds)
    assert not unknown, f"the importer of {importer.kind} does not take {sorted(unknown)}"
    shaped, failed = [pl.col("_line").alias("line")], []
    for name, rule in columns.items():
        rule = {"column": rule} if isinstance(rule, str) else rule
        text = pl.col(rule["column"]) if "column" in rule else pl.lit(rule["default"])
        text = text.str.normalize("NFKC").str.strip_chars()
        text = pl.when(text != "").then(text)
        if "map" in rule:
            text = text.replace(rule["map"])
        typed = _parsed(text, kinds[name], rule)
        shaped.append(typed.alias(name))
        failed.append(text.is_not_null() & typed.is_null())
        if kinds[name] is FieldKind.CODE:
            failed.append(text.str.contains(r"^\d\.\d+[Ee]\+\d+$").fill_null(value=False))
    bad = texts.select(pl.any_horizontal(failed).alias("bad"))["bad"]
    return texts.select(shaped).filter(~bad), int(bad.sum())


def _parsed(text: pl.Expr, kind: FieldKind, rule: dict[str, Any]) -> pl.Expr:
    if kind is FieldKind.DATE:
        forms = rule.get("format", "%Y-%m-%d")
        forms = [forms] if isinstance(forms, str) else forms
        # Two digits of a year are refused here.
        text = pl.when(text.str.contains(r"^\d{4}")).then(text)
        return pl.coalesce(text.str.to_date(form, strict=False) for form in forms)
    if kind is FieldKind.MOMENT:
        moment = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
        return moment.dt.replace_time_zone("Asia/Shanghai").dt.convert_time_zone("UTC")
    if kind is FieldKind.MONEY:
        sign = pl.when(text.str.starts_with("-")).then(-1).otherwise(1)
        whole = text.str.extract(r"^-?(\d+)(?:\.\d{0,2})?$", 1).cast(pl.Int64)
        part = text.str.extract(r"\.(\d{1,2})$", 1).str.pad_end(2, "0").cast(pl.Int64).fill_null(0)
        return sign * (whole * 100 + part)
    if kind is FieldKind.INTEGER:
        return text.cast(pl.Int64, strict=False)
    if kind is FieldKind.YES_NO:
        return pl.when(text.is_not_null()).then(text.is_in(_TRUE))
    return text
