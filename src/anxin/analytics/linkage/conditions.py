"""What two records may have in common, written once: as SQL of both engines and as Python for single records.

A condition is a nested tuple (a list in JSON): a word and its arguments.

    ("eq", column)            both sides equal
    ("cross", a, b)           one side's `a` equals the other side's `b`
    ("lev", column, most)     edits between the two texts, at most `most`
    ("jw", column, least)     Jaro-Winkler similarity, at least `least`
    ("prefix", column, n)     the first `n` characters are equal
    ("near", column, most)    numbers that differ by `most` or less
    ("like", column)          equal where neither is masked with `*`; only one of them may be masked
    ("inside", column)        one text contains the other
    ("both", column, value)   both sides have this value
    ("any", column, value)    at least one side has it
    ("missing", column)       one side or both know nothing
    ("and", …) ("or", …) ("not", condition)
    ("known", condition)      the condition holds and is not unknown

An unknown value makes a condition unknown, as in SQL; only `missing` and `known` never are. Columns that `lev` and
`jw` compare must hold ASCII: DuckDB counts bytes, Spark counts characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

Condition: TypeAlias = tuple[Any, ...]
Record: TypeAlias = Mapping[str, Any]

_JARO_WINKLER: Final = {"duckdb": "jaro_winkler_similarity", "spark": "jaro_winkler"}
_PREFIX_WEIGHT: Final = 0.1
_LONGEST_PREFIX: Final = 4
_LEAST_FOR_PREFIX: Final = 0.7
_FEW: Final = 3


def frozen(condition: Any) -> Condition:
    """From JSON lists to tuples."""
    return tuple(frozen(part) if isinstance(part, list | tuple) else part for part in condition)


def columns(condition: Condition) -> Iterator[str]:
    """The columns a condition looks at."""
    word, *rest = condition
    if word in ("and", "or", "not", "known"):
        for part in rest:
            yield from columns(part)
    elif word == "cross":
        yield from rest
    else:
        yield rest[0]


def sql(condition: Condition, dialect: str) -> str:
    """The condition over columns `<name>_l` and `<name>_r`. `dialect`: duckdb or spark."""
    word, *rest = condition
    if word in ("and", "or"):
        return "(" + f" {word} ".join(sql(part, dialect) for part in rest) + ")"
    if word == "not":
        return f"(not {sql(rest[0], dialect)})"
    if word == "known":
        return f"coalesce({sql(rest[0], dialect)}, false)"
    if word == "cross":
        a, b = rest
        return f"({a}_l = {b}_r or {b}_l = {a}_r)"
    left, right = f"{rest[0]}_l", f"{rest[0]}_r"
    match word, *rest[1:]:
        case ["eq"]:
            return f"({left} = {right})"
        case ["missing"]:
            return f"({left} is null or {right} is null)"
        case ["lev", 1] if dialect == "duckdb":
            # One edit leaves one of the halves as it is; of two blind indexes that is seen at a glance.
            half = f"(least(length({left}), length({right})) // 2)"
            halves = (f"{side}({left}, {half}) = {side}({right}, {half})" for side in ("left", "right"))
            return f"(({' or '.join(halves)}) and levenshtein({left}, {right}) <= 1)"
        case ["lev", most]:
            return f"(levenshtein({left}, {right}) <= {most})"
        case ["jw", least]:
            return f"({_JARO_WINKLER[dialect]}({left}, {right}) >= {least})"
        case ["prefix", length]:
            return f"(substr({left}, 1, {length}) = substr({right}, 1, {length}))"
        case ["near", most]:
            return f"(abs({left} - {right}) <= {most})"
        case ["like"]:
            return f"({left} like replace({right}, '*', '_') or {right} like replace({left}, '*', '_'))"
        case ["inside"]:
            # Not concat(): DuckDB's takes NULL for an empty text.
            return f"({left} like '%' || {right} || '%' or {right} like '%' || {left} || '%')"
        case ["both", value]:
            return f"({left} = '{_quoted(value)}' and {right} = '{_quoted(value)}')"
        case ["any", value]:
            return f"({left} = '{_quoted(value)}' or {right} = '{_quoted(value)}')"
    raise ValueError(f"No such condition: {word}")


def _quoted(value: Any) -> str:
    return str(value).replace("'", "''")


def holds(condition: Condition, left: Record, right: Record) -> bool | None:
    """The same over two records; None where SQL would answer NULL."""
    word, *rest = condition
    match word:
        case "and":
            answer: bool | None = True
            for part in rest:
                found = holds(part, left, right)
                if found is False:
                    return False
                if found is None:
                    answer = None
            return answer
        case "or":
            answer = False
            for part in rest:
                found = holds(part, left, right)
                if found:
                    return True
                if found is None:
                    answer = None
            return answer
        case "not":
            found = holds(rest[0], left, right)
            return None if found is None else not found
        case "known":
            return bool(holds(rest[0], left, right))
        case "cross":
            a, b = rest
            return _either(_equal(left.get(a), right.get(b)), _equal(left.get(b), right.get(a)))
        case "missing":
            return left.get(rest[0]) is None or right.get(rest[0]) is None
    one, other = left.get(rest[0]), right.get(rest[0])
    if word == "any":
        return _either(_equal(one, rest[1]), _equal(other, rest[1]))
    if word == "both":
        differs = _either(_differs(one, rest[1]), _differs(other, rest[1]))
        return None if differs is None else not differs
    if one is None or other is None:
        return None
    match word:
        case "eq":
            return bool(one == other)
        case "lev":
            return within(one, other, rest[1])
        case "jw":
            return bool(jaro_winkler(one, other) >= rest[1])
        case "prefix":
            return bool(one[: rest[1]] == other[: rest[1]])
        case "near":
            return bool(abs(one - other) <= rest[1])
        case "like":
            return _like(one, other) or _like(other, one)
        case "inside":
            return one in other or other in one
    raise ValueError(f"No such condition: {word}")


def _equal(one: Any, other: Any) -> bool | None:
    return None if one is None or other is None else bool(one == other)


def _differs(one: Any, other: Any) -> bool | None:
    return None if one is None or other is None else bool(one != other)


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _like(text: str, pattern: str) -> bool:
    return len(text) == len(pattern) and all(p in ("*", t) for t, p in zip(text, pattern, strict=True))


def levenshtein(one: str, other: str, most: int = 99) -> int:
    """Edits from one text to the other; stops counting above `most` (the answer is then some larger number)."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    before = list(range(len(other) + 1))
    for row, char in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (char != against)))
        if min(now) > most:
            return most + 1
        before = now
    return before[-1]


def within(one: str, other: str, most: int) -> bool:
    """Whether `most` edits or fewer lead from one text to the other. For few edits faster than counting them: behind
    the common beginning there are only three ways on."""
    if one == other:
        return True
    longer = abs(len(one) - len(other))
    if longer > most:
        return False
    if most > _FEW:
        return levenshtein(one, other, most) <= most
    at = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        at += 1
    one, other, most = one[at:], other[at:], most - 1
    if most < 0:
        return False
    return (
        within(one[1:], other[1:], most) or within(one[1:], other, most) or within(one, other[1:], most)
        if one and other
        else longer <= most + 1
    )


def jaro_winkler(one: str, other: str) -> float:
    """Jaro-Winkler similarity as DuckDB counts it (prefix weight 0.1, up to 4 characters, above a Jaro of 0.7)."""
    jaro = _jaro(one, other)
    if jaro <= _LEAST_FOR_PREFIX:
        return jaro
    prefix = 0
    for a, b in zip(one[:_LONGEST_PREFIX], other[:_LONGEST_PREFIX], strict=False):
        if a != b:
            break
        prefix += 1
    return jaro + prefix * _PREFIX_WEIGHT * (1 - jaro)


def _jaro(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken = [False] * len(other)
    matched: list[str] = []
    for at, char in enumerate(one):
        for against in range(max(0, at - reach), min(len(other), at + reach + 1)):
            if not taken[against] and other[against] == char:
                taken[against] = True
                matched.append(char)
                break
    if not matched:
        return 0.0
    against_chars = [char for char, is_taken in zip(other, taken, strict=True) if is_taken]
    moved = sum(a != b for a, b in zip(matched, against_chars, strict=True)) // 2
    count = len(matched)
    return (count / len(one) + count / len(other) + (count - moved) / count) / 3


def expression(condition: Condition) -> Any:
    """The same as a Polars expression over columns `<name>_l` and `<name>_r` (without `lev`, `jw`, `like`)."""
    import functools
    import operator

    import polars as pl

    word, *rest = condition
    if word in ("and", "or"):
        joined = operator.and_ if word == "and" else operator.or_
        return functools.reduce(joined, [expression(part) for part in rest])
    if word == "not":
        return ~expression(rest[0])
    if word == "known":
        return expression(rest[0]).fill_null(False)
    if word == "cross":
        a, b = rest
        return (pl.col(f"{a}_l") == pl.col(f"{b}_r")) | (pl.col(f"{b}_l") == pl.col(f"{a}_r"))
    left, right = pl.col(f"{rest[0]}_l"), pl.col(f"{rest[0]}_r")
    match word:
        case "eq":
            return left == right
        case "missing":
            return left.is_null() | right.is_null()
        case "both":
            return (left == rest[1]) & (right == rest[1])
        case "any":
            return (left == rest[1]) | (right == rest[1])
        case "prefix":
            return left.str.slice(0, rest[1]) == right.str.slice(0, rest[1])
        case "inside":
            return left.str.contains(right, literal=True) | right.str.contains(left, literal=True)
    raise ValueError(f"Not in columns: {word}")
