"""What the column versions share: tidy text, and texts of one length as a matrix of bytes."""

import unicodedata

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Spelled out because Python and Polars disagree about what \s holds.
_BLANK = " \t\r\n\f\v"
_DROP_BLANK = str.maketrans(dict.fromkeys(_BLANK))


def tidy(text: str) -> str:
    """Half-width (NFKC) without white space."""
    return unicodedata.normalize("NFKC", text).translate(_DROP_BLANK)


def tidy_column(texts: pl.Series) -> pl.Series:
    """`tidy` for a column; null becomes empty."""
    texts = texts.cast(pl.String).fill_null("")
    # Normalising costs far more than looking, and nearly every number is plain already.
    odd = texts.str.contains(r"[^!-~]")
    if not odd.any():
        return texts
    tidied = texts.filter(odd).str.normalize("NFKC").str.replace_all(f"[{_BLANK}]", "")
    return texts.scatter(odd.arg_true(), tidied)


def matrix(texts: pl.Series, width: int) -> NDArray[np.uint8]:
    """Character codes, shape (len, width). Every text must be ASCII and exactly `width` long, none null."""
    if not len(texts):
        return np.empty((0, width), dtype=np.uint8)
    joined: str = texts.str.join("").item()
    codes = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
    return codes.reshape(len(texts), width)


def texts_of(codes: NDArray[np.uint8]) -> pl.Series:
    """The reverse of `matrix`."""
    width = codes.shape[1]
    raw = np.ascontiguousarray(codes).view(f"S{width}").ravel()
    return pl.Series(raw, dtype=pl.Binary).cast(pl.String) if len(raw) else pl.Series([], dtype=pl.String)
