"""Rules of the house that no linter knows: money, clock, SQL, swallowed errors, length of files, traces of a machine.

Every rule is a function from source text to findings, so that each can be shown to find a planted case.
"""

from __future__ import annotations

import ast
import re
import subprocess
import warnings
from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOT, SOURCE, module_kind, python_files

LONGEST_FILE = 400
# Where time enters, everything below is given `now`.
TIMELESS = {"rules", "data", "services", "queries", "models", "access", "events"}
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "time.time",
    "clock.now",
    "clock.today",
}
# The bulk module and the importers speak SQL (COPY, upsert), the engines too; migrations are SQL by nature.
MAY_SPEAK_SQL = ("kernel/bulk", "kernel/statements", "/importers/", "analytics/", "/migrations/", "config/")
# What the ORM has no words for and what reads no table: sequences, locks, settings of the session.
HARMLESS_SQL = re.compile(
    r"^(?:SELECT (?:nextval|set_config|pg_\w+)\([^()]*\)|SET (?:LOCAL )?\w+ = '?\w+'?|RESET \w+)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def nodes(source: str) -> list[ast.AST]:
    """Everything in a module: the rules go over one file after the other."""
    return list(ast.walk(ast.parse(source)))


def floats_in_money(source: str) -> list[str]:
    """Where an amount in fen meets a float: `x_fen / 2`, `0.5 * x_fen`, `float(x_fen)`."""
    bad = []
    for node in nodes(source):
        if isinstance(node, ast.BinOp) and (_is_fen(node.left) or _is_fen(node.right)):
            if isinstance(node.op, ast.Div):
                bad.append(f"line {node.lineno}: divides fen into a float; use kernel.money")
            if any(
                isinstance(side, ast.Constant) and isinstance(side.value, float) for side in (node.left, node.right)
            ):
                bad.append(f"line {node.lineno}: fen and a float")
        if isinstance(node, ast.Call) and _name(node.func) == "float" and any(map(_is_fen, node.args)):
            bad.append(f"line {node.lineno}: float of fen")
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            value = node.value
            kind = _name(value.func) if isinstance(value, ast.Call) else ""
            if any(map(_is_fen, targets)) and kind.endswith(("FloatField", "DecimalField")):
                bad.append(f"line {node.lineno}: an amount in fen is a BigIntegerField")
            if isinstance(node, ast.AnnAssign) and _is_fen(node.target) and "float" in ast.unparse(node.annotation):
                bad.append(f"line {node.lineno}: an amount in fen is an int")
    return bad


def _is_fen(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.endswith("_fen") or name == "fen"


def any_float(source: str) -> list[str]:
    """For the money module itself: no float at all."""
    bad = []
    for node in nodes(source):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            bad.append(f"line {node.lineno}: a float literal")
        if isinstance(node, ast.Call) and _name(node.func) == "float":
            bad.append(f"line {node.lineno}: float()")
    return bad


def clock_readings(source: str) -> list[str]:
    return [
        f"line {node.lineno}: {_name(node.func)}()"
        for node in nodes(source)
        if isinstance(node, ast.Call) and any(_name(node.func).endswith(clock) for clock in CLOCKS)
    ]


def raw_sql(source: str) -> list[str]:
    bad = []
    for node in nodes(source):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        last = name.rpartition(".")[2]
        owner = name.rpartition(".")[0].rpartition(".")[2]
        if last == "RawSQL" or (last in {"raw", "extra"} and (owner == "objects" or name.startswith("."))):
            bad.append(f"line {node.lineno}: {last}")
        if last in {"execute", "executemany", "copy"} and owner in {"cursor", "connection"} and not _is_harmless(node):
            bad.append(f"line {node.lineno}: {owner}.{last}")
    return bad


def _is_harmless(call: ast.Call) -> bool:
    text = call.args[0] if call.args else None
    return isinstance(text, ast.Constant) and isinstance(text.value, str) and bool(HARMLESS_SQL.match(text.value))


def swallowed_errors(source: str) -> list[str]:
    bad = []
    for node in nodes(source):
        if not isinstance(node, ast.ExceptHandler):
            continue
        is_broad = node.type is None or _name(node.type) in {"Exception", "BaseException"}
        does_nothing = all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
        if is_broad and does_nothing:
            bad.append(f"line {node.lineno}: swallows every error")
    return bad


def _name(node: ast.expr) -> str:
    """`a.b.c` of a dotted expression; what is called or indexed before the last dots becomes nothing: `.raw`."""
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


Rule = Callable[[str], list[str]]


@cache
def _judged() -> dict[Rule, dict[Path, list[str]]]:
    """What each rule says of each file. Reading a file into a tree takes longer than any rule."""
    found: dict[Rule, dict[Path, list[str]]] = defaultdict(dict)
    for path in python_files():
        source = path.read_text()
        for rule in (floats_in_money, clock_readings, raw_sql, swallowed_errors):
            found[rule][path] = rule(source)
    return found


def findings(rule: Rule, paths: list[Path]) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {bad}" for path in paths for bad in _judged()[rule][path]]


def test_no_float_touches_money() -> None:
    assert any_float((SOURCE / "kernel" / "money.py").read_text()) == []
    assert findings(floats_in_money, [path for path in python_files() if "/sample/" not in str(path)]) == []


def test_domain_code_is_given_the_time() -> None:
    assert findings(clock_readings, [path for path in python_files() if module_kind(path) in TIMELESS]) == []


def test_only_the_bulk_and_analytics_modules_speak_sql() -> None:
    paths = [path for path in python_files() if not any(part in path.as_posix() for part in MAY_SPEAK_SQL)]
    assert findings(raw_sql, paths) == []


def test_no_error_is_swallowed() -> None:
    assert findings(swallowed_errors, python_files()) == []


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        (floats_in_money, "share = premium_fen / 2"),
        (floats_in_money, "tax = 0.06 * policy.premium_fen"),
        (floats_in_money, "premium_fen = models.FloatField()"),
        (floats_in_money, "premium_fen: float"),
        (floats_in_money, "float(row.paid_fen)"),
        (any_float, "FACTOR = 1.5"),
        (clock_readings, "due = timezone.now()"),
        (clock_readings, "due = clock.now()"),
        (clock_readings, "due = datetime.datetime.now(UTC)"),
        (raw_sql, "Party.objects.raw('SELECT 1')"),
        (raw_sql, "Party.objects.filter(a=1).extra(where=['1=1'])"),
        (raw_sql, "connection.cursor().execute('SELECT 1')\ncursor.execute('SELECT 1')"),
        (raw_sql, "rows.annotate(a=RawSQL('1', []))"),
        (swallowed_errors, "try:\n    work()\nexcept Exception:\n    pass"),
    ],
)
def test_a_planted_case_is_found(rule: Rule, planted: str) -> None:
    assert rule(planted)


def test_a_sequence_is_no_raw_sql() -> None:
    assert raw_sql("cursor.execute('SELECT nextval(%s::regclass)', [name])") == []
    assert raw_sql("cursor.execute('SELECT nextval(%s) FROM party', [name])")
    assert raw_sql("cursor.execute(f'SELECT nextval({name})')")


@pytest.mark.parametrize("sound", ["half = premium_fen // 2", "ratio = 0.5 * share", "total = a_fen + b_fen"])
def test_sound_arithmetic_passes(sound: str) -> None:
    assert floats_in_money(sound) == []


def test_long_files_are_told() -> None:
    """A file over 400 lines becomes a package. A margin is left for the last edit."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in python_files()
        if "migrations" not in path.parts
    }
    long = {name: length for name, length in lengths.items() if length > LONGEST_FILE}
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        for name, length in sorted(long.items()):
            warnings.warn(f"{name} has {length} lines", stacklevel=1)
    assert {name: length for name, length in long.items() if length > LONGEST_FILE * 1.15} == {}


# Spelt in pieces, or this file would find itself.
TRACES = [
    re.compile(r"(?<![\w.$}/-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/\w"),
    re.compile(r"(?<![\w.$}/])/tm" + r"p/\w"),
    re.compile(r"registry\.np" + r"mjs|files\.python" + r"hosted|pypi\.or" + r"g/simple"),
]
BINARY = {".png", ".ico", ".mo", ".gz", ".parquet", ".xlsx", ".woff2"}


def traces(text: str) -> list[str]:
    return [found.group() for pattern in TRACES for found in [pattern.search(text)] if found]


def test_tracked_files_name_no_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    bad = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in BINARY or not path.is_file():
            continue
        bad += [f"{name}: {trace}" for trace in traces(path.read_text(errors="replace"))]
    assert bad == []


def test_a_planted_machine_path_is_found() -> None:
    assert traces("log = '/wo" + "rk/main/var'")
    assert traces("see /tm" + "p/anxin.log")
    assert traces("href='/customers/'") == []
