"""The sample as tests read it back, and checks written a second time."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from anxin.config.sample import SampleReport

AS_OF = date(2026, 3, 1)
Row = dict[str, str]


def rows(report: SampleReport, name: str, encoding: str = "utf-8") -> list[Row]:
    return _read(report.out / name, encoding)


@cache
def _read(path: Path, encoding: str) -> list[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def truth_of(report: SampleReport, file: str) -> list[dict[str, Any]]:
    return _truth(report.out / "truth_customers.parquet", file)


@cache
def _truth(path: Path, file: str) -> list[dict[str, Any]]:
    frame = pl.read_parquet(path).filter(pl.col("file").cast(pl.String) == file)
    return frame.sort("line").to_dicts()


def is_resident_id(text: str) -> bool:
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    datetime.strptime(text[6:14], "%Y%m%d")
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17]


def is_company_code(text: str) -> bool:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(character) * pow(3, at, 31) for at, character in enumerate(text[:17]))
    return len(text) == 18 and (total + alphabet.index(text[17])) % 31 == 0


def is_vin(text: str) -> bool:
    letters = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(int(letters.get(c, c)) * weight for c, weight in zip(text, weights, strict=True))
    return text[8] == ("X" if total % 11 == 10 else str(total % 11))
