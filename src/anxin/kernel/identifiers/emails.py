"""E-mail addresses in the one form under which they are sealed, found and compared.

Lower case throughout: RFC 5321 lets the part before the @ differ by case, but no provider in use does.
"""

import re
from typing import Final

import polars as pl

from anxin.kernel.identifiers.columns import tidy, tidy_column

# ASCII only: internationalised addresses (RFC 6531) do not occur in the sources and cannot be told from damage.
_FORM: Final = r"^[a-z0-9._%+'-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,24}$"
_MATCH: Final = re.compile(_FORM)


def normalise_email(text: str) -> str | None:
    """Half-width, without white space, in lower case; None when it is no address: “ Li.Na＠Example.COM ” →
    “li.na@example.com”."""
    plain = tidy(text).lower()
    return plain if _MATCH.match(plain) else None


def normalise_email_column(texts: pl.Series) -> pl.Series:
    """`normalise_email` for a column; null for null and for what is no address."""
    plain = tidy_column(texts).str.to_lowercase()
    return pl.select(pl.when(plain.str.contains(_FORM)).then(plain)).to_series().alias(texts.name)
