"""Exports that no spreadsheet runs: a text that would be read as a formula gets an apostrophe in front.

White space and invisible characters in front of the sign do not hide it (EspoCRM's filter was passed that way). Plain
numbers such as -12.5 stay numbers.
"""

import re
from typing import Final

import polars as pl

# Spelled out, so that Python and Polars skip the same: controls, blanks of every width, marks that print nothing.
_SKIPPED: Final = (
    "\\x00-\\x20\\x7f-\\xa0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
_SIGNS: Final = "=+@＝＋－＠﹦﹢﹣﹫\\-"
_FORMULA: Final = f"^[{_SKIPPED}]*[{_SIGNS}]"
_NUMBER: Final = r"^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?%?$"
_FORMULA_RE: Final = re.compile(_FORMULA)
_NUMBER_RE: Final = re.compile(_NUMBER[:-1] + r"\Z")


def safe_cell(text: str) -> str:
    """The text as it may stand in a CSV or XLSX cell."""
    return "'" + text if _FORMULA_RE.match(text) and not _NUMBER_RE.match(text) else text


def safe_cells(column: pl.Expr) -> pl.Expr:
    """`safe_cell` as an expression on a String column; null stays null."""
    risky = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), column)).otherwise(column).name.keep()
