"""Money in whole fen. No float comes near it; a test reads the syntax tree of this file to make sure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

MINUS: Final = "\u2212"
LARGEST_FEN: Final = 2**63 - 1  # BigIntegerField

Style = Literal["full", "short"]

_UNITS: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_SYMBOLS: Final = {"CNY": "¥", "HKD": "HK$", "USD": "US$", "EUR": "€"}
_AMOUNT: Final = re.compile(
    r"(?:¥|CNY|RMB|人民币)?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(?:\.(?P<part>[0-9]{1,20}))?"
    r"\s*(?P<unit>万|亿)?\s*(?:元|CNY|RMB|人民币)?\s*整?"
)
_DASHES: Final = str.maketrans({MINUS: "-", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-"})


class MoneyError(ValueError):
    """An amount that cannot be understood or computed; the text says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of one currency (fen for CNY). Arithmetic only within one currency."""

    fen: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise MoneyError(f"Money takes whole fen as int, got {type(self.fen).__name__}.")
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise MoneyError(f"“{self.currency}” is not a currency code; use three capital letters such as CNY.")

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise MoneyError(f"Cannot combine {self.currency} with {other.currency}; convert one of them first.")
        return other.fen

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - self._same(other), self.currency)

    def __mul__(self, factor: int | Decimal) -> "Money":
        """Times a number; a Decimal factor is rounded half up to the fen."""
        if type(factor) is int:
            return Money(self.fen * factor, self.currency)
        if isinstance(factor, Decimal):
            return Money(round_half_up(multiply(self.fen, factor)), self.currency)
        raise MoneyError(f"Money times {type(factor).__name__} is not exact; use int or Decimal.")

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.fen, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.fen), self.currency)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __lt__(self, other: "Money") -> bool:
        return self.fen < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.fen <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.fen > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.fen >= self._same(other)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to `weights` whose sum is this amount; see `share`."""
        return [Money(part, self.currency) for part in share(self.fen, weights)]

    def __str__(self) -> str:
        return format_money(self.fen, "en", currency=self.currency)


def total(amounts: Iterable[Money], currency: str = "CNY") -> Money:
    """Sum of amounts of one currency; an empty sum is zero `currency`."""
    result = Money(0, currency)
    for amount in amounts:
        result = result + amount
    return result


def multiply(fen: int, factor: Decimal) -> Decimal:
    """Exact product; the default context would cut it to 28 digits before it is rounded."""
    if not factor.is_finite():
        raise MoneyError("The factor is not a finite number.")
    sign, digits, exponent = factor.as_tuple()
    product = fen * int("".join(map(str, digits)) or "0") * (-1 if sign else 1)
    return Decimal((1 if product < 0 else 0, tuple(map(int, str(abs(product)))), int(exponent)))


def round_half_up(value: Decimal) -> int:
    """The one rounding of the product: to the nearest whole, a half away from zero (四舍五入)."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise MoneyError(f"Only a finite Decimal can be rounded, got {value!r}.")
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))


def share(fen: int, weights: Sequence[int]) -> list[int]:
    """Split `fen` in proportion to whole `weights` so that the parts sum exactly to it.

    Largest remainder; ties go to the earlier weight; a zero weight gets nothing; negative amounts mirror positive ones.
    """
    if any(type(weight) is not int or weight < 0 for weight in weights) or sum(weights) <= 0:
        raise MoneyError("Weights must be whole numbers of zero or more, at least one above zero.")
    whole, size = sum(weights), abs(fen)
    parts = [size * weight // whole for weight in weights]
    remainders = [size * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in order[: size - sum(parts)]:
        parts[index] += 1
    return parts if fen >= 0 else [-part for part in parts]


def parse_fen(text: str) -> int:
    """Fen from what people and files write: `1,234.56`, `￥１２３`, `50万元`, `4.86亿`, `(12.00)`, `−3`.

    Raises MoneyError for anything else, and for a part of a fen (nothing is rounded silently).
    """
    shown = text.strip()[:40]
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().upper()
    if not plain:
        raise MoneyError("The amount is empty; write a number such as 1234.56.")
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1].strip()
    else:
        # The sign may stand before or after the currency: -¥5 and ¥-5.
        signed = re.fullmatch(r"(?:(-|\+)\s*)?(¥|CNY|RMB|人民币)?\s*(-|\+)?\s*([^-+].*)", plain)
        if signed is None or (signed[1] and signed[3]):
            raise MoneyError(f"“{shown}” is not an amount; write one number such as 1234.56.")
        negative = "-" in (signed[1], signed[3])
        plain = (signed[2] or "") + signed[4]
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise MoneyError(
            f"“{shown}” is not an amount; write digits such as 1234.56 or 1,234.56, with 万 or 亿 behind if needed."
        )
    part = match["part"] or ""
    scaled = int(match["whole"].replace(",", "") + part) * _UNITS[match["unit"] or ""] * 100
    fen, rest = divmod(scaled, int("1" + "0" * len(part)))
    if rest:
        raise MoneyError(f"“{shown}” is finer than one fen; round it to two decimals of a yuan.")
    if fen > LARGEST_FEN:
        raise MoneyError(f"“{shown}” is too large; check the unit (yuan, 万 or 亿).")
    return -fen if negative else fen


def format_money(fen: int, lang: str, style: Style = "full", *, currency: str = "CNY", symbol: bool = True) -> str:
    """Text for people. full: `¥1,286,400.00`; short: `¥4.86 亿` (zh) or `¥486 m` (en), three significant digits.

    `lang`: a language code, only "zh…" against the rest matters. `symbol=False`: for columns whose head names the unit.
    """
    sign = MINUS if fen < 0 else ""
    mark = (_SYMBOLS.get(currency) or currency + " ") if symbol else ""
    size = abs(fen)
    if style == "full":
        return f"{sign}{mark}{size // 100:,}.{size % 100:02d}"
    number, unit = _short(size, chinese=lang.lower().startswith("zh"))
    return f"{sign if size else ''}{mark}{number}{' ' + unit if unit else ''}"


def _short(size: int, *, chinese: bool) -> tuple[str, str]:
    scales = [(10**8, "亿"), (10**4, "万")] if chinese else [(10**9, "bn"), (10**6, "m"), (10**3, "k")]
    for position, (scale, unit) in enumerate(scales):
        yuan = Decimal(size) / 100
        if yuan >= scale:
            number = _three_digits(size, scale)
            # 99,999,999 yuan would read 10000 万: the larger unit takes over when rounding reaches it.
            if position and number == Decimal(scales[position - 1][0] // scale):
                return "1", scales[position - 1][1]
            return f"{number:,f}", unit
    whole, part = divmod(size, 100)
    return (f"{whole:,}.{part:02d}" if part else f"{whole:,}"), ""


def _three_digits(size: int, scale: int) -> Decimal:
    """size fen in units of `scale` yuan, three significant digits, never fewer than all whole digits."""
    whole_digits = len(str(size // (100 * scale)))
    places = max(0, 3 - whole_digits)
    number = Decimal(round_half_up(Decimal(size * 10**places) / (100 * scale))).scaleb(-places)
    plain = f"{number:f}"
    return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)
