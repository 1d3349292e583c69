"""The nightly judgement of all parties: figures and classes, one row per party, in no order.

Five steps, each from files to one file: worth (retention per line), figures, fitted (cuts and clusters), standing,
changes. Every expression runs on DuckDB and on Spark alike.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import ibis
import polars as pl

from anxin.analytics.classes import (
    behaviour,
    clusters,
    fitting,
    lifetime,
    needs,
    people,
    premium,
    registry,
    scores,
    value,
)
from anxin.analytics.engines import Engine
from anxin.analytics.marts import EVENTS, MARTS
from anxin.analytics.metrics import frame
from anxin.analytics.metrics.registry import METRICS

CLASS_COLUMNS: Final = (
    *(kind.code for kind in registry.CLASSES), "tier_from_fen", "premium_rank", "share_before_bp", "affluence",
    "needs_results", "needs_missing", "needs_short", "key_group", "key_marks", "rfm", "visit_due_date", "own_classes",
)  # fmt: skip
COLUMNS: Final = ("party", *(metric.code for metric in METRICS), *CLASS_COLUMNS)
# Facts of the file that cross-tabs and segments ask for; they are not figures, and come along unchanged.
FACTS: Final = ("kind", "sex", "marital_status", "education", "occupation_class", "industry", "annual_income_fen")
Contents = Mapping[str, Mapping[str, Any]]
STEPS: Final = ("worth", "figures", "fitted", "classes")


@dataclass(frozen=True, kw_only=True)
class Group:
    code: str
    parties: int
    premium_fen: int


def reading(rules: Contents) -> frame.Reading:
    """How figures are read, from the contents of the schemes."""
    profit, lifetime_rules = rules["segments.profit"], rules["segments.lifetime"]
    return frame.Reading(
        counts_single_premium=bool(rules["segments.tiers"]["counts_single_premium"]),
        minutes={_blank(row["channel"]): row["minutes"] for row in profit["minutes"]},
        products=[
            (row["need"], str(row["words"]).replace("*", "").split(), str(row["lines"]).replace("*", "").split())
            for row in rules["segments.covers"]["products"]
        ],
        expense_bp={_blank(row["line"]): row["expense_bp"] for row in lifetime_rules["margins"]},
        loss_bp={_blank(row["line"]): row["loss_bp"] for row in lifetime_rules["margins"]},
        fen_per_minute=profit["fen_per_minute"],
    )


def _blank(code: str) -> str:
    """Schemes write * for all others."""
    return "" if code == "*" else code


def compute(
    engine: Engine, folder: Path, *, as_of: date, rules: Contents, centres: Sequence[Sequence[int]] | None = None,
    tell: Callable[[str], None] | None = None, plans: Path | None = None,
) -> Path:  # fmt: skip
    """From the mart files in `folder` to `folder/standing.parquet` (int64 money, keys of 16 bytes).

    `rules`: contents of the schemes by their codes. `centres`: the clusters of an earlier night, to go on from. `tell`
    hears of every one of STEPS that is done. `plans`: a folder for what the engine is asked, the same every night.
    """
    done: Callable[[str], None] = tell or (lambda step: None)
    figures = pl.scan_parquet(_files(aggregate(engine, folder, as_of=as_of, rules=rules, tell=tell, plans=plans)))
    fitted = fitting.fit(figures, rules)
    wanted = rules["segments.clusters"]
    model = clusters.fit(figures, least_k=wanted["least_k"], most_k=wanted["most_k"], previous=centres)
    _keep(folder / "models.json", "clusters", dataclasses.asdict(model) if model is not None else None)
    _keep(folder / "models.json", "cuts", dataclasses.asdict(fitted))
    done("fitted")
    key = _key(rules, fitted.shape(), model.k if model is not None else 0)
    day, known = engine.named("day", as_of), fitted.named(engine.named)
    centres_known = model.named(engine.named) if model is not None else None
    engine.planned(
        folder, plans / "classes.plan" if plans is not None else None, key,
        lambda: _classes(engine, folder, known, centres_known, day, rules),
    )  # fmt: skip
    done("classes")
    return folder / "standing.parquet"


def compute_few(
    engine: Engine, folder: Path, *, as_of: date, rules: Contents, models: Mapping[str, Any]
) -> Path:  # fmt: skip
    """`compute` of a few customers (`marts.few`) beside all others, as they were judged last: by the cuts, clusters and
    retention of that night (`models`). Figures of customers whom the marts hold only for the sake of others are wrong.
    """
    _fill(folder)
    marts = {name: engine.read(folder / f"{name}.parquet") for name in (*MARTS, *EVENTS)}
    read = dataclasses.replace(
        reading(rules),
        lines=_codes(folder / "products.parquet", "line"),
        contact_channels=_codes(folder / "contacts.parquet", "channel"),
    )
    policies = engine.hold(frame.policies(marts, as_of, read), "policies")
    retention = {line: lifetime.Retention(**found) for line, found in models["retention"].items()}
    _write_worth(folder, retention, rules["segments.lifetime"])
    _figures(engine, folder, marts, policies, as_of, rules, read)
    fitted = fitting.Fitted.of(models["cuts"])
    model = clusters.Model(**models["clusters"]) if models["clusters"] else None
    _classes(engine, folder, fitted, model, as_of, rules, others=engine.read(folder / "others.parquet"))
    return folder / "standing.parquet"


def aggregate(
    engine: Engine, folder: Path, *, as_of: date, rules: Contents, tell: Callable[[str], None] | None = None,
    plans: Path | None = None,
) -> Path:  # fmt: skip
    """The first two of STEPS: from the mart files to `folder/figures.parquet`, what needs no other customer."""
    done: Callable[[str], None] = tell or (lambda step: None)
    _fill(folder)
    day = engine.named("day", as_of)
    marts = {name: engine.read(folder / f"{name}.parquet") for name in (*MARTS, *EVENTS)}
    read = dataclasses.replace(
        reading(rules),
        lines=_codes(folder / "products.parquet", "line"),
        contact_channels=_codes(folder / "contacts.parquet", "channel"),
    )
    policies = engine.hold(frame.policies(marts, day, read), "policies")
    _worth(engine, folder, policies, day, rules["segments.lifetime"])
    done("worth")
    key = _key(rules, read.lines, read.contact_channels, {name: str(mart.schema()) for name, mart in marts.items()})
    engine.planned(
        folder, plans / "figures.plan" if plans is not None else None, key,
        lambda: _figures(engine, folder, marts, policies, day, rules, read),
    )  # fmt: skip
    done("figures")
    return folder / "figures.parquet"


def _key(*said: Any) -> str:
    """What statements are kept under: what they depend on, and the code and the engine that write them."""
    found = hashlib.sha256(json.dumps([*said, ibis.__version__], sort_keys=True, default=str).encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        found.update(source.read_bytes())
    return found.hexdigest()


def _fill(folder: Path) -> None:
    """Marts that a kept day of an older version, or a house without the room that feeds them, does not have."""
    for name in (*EVENTS, "members"):
        file = folder / f"{name}.parquet"
        if not file.exists():
            schema: dict[str, Any] = {"party": pl.Binary, "day": pl.Date, "household": pl.Binary}
            pl.DataFrame(schema=schema).write_parquet(file)


def _codes(mart: Path, column: str) -> list[str]:
    found = pl.scan_parquet(mart).select(pl.col(column).unique()).collect().get_column(column)
    return sorted(str(code) for code in found.drop_nulls())


def _worth(engine: Engine, folder: Path, policies: Any, as_of: frame.Day, rules: Mapping[str, Any]) -> None:
    shipped = lifetime.Retention(alpha=rules["alpha_milli"] / 1000, beta=rules["beta_milli"] / 1000)
    lines = lifetime.fit_lines(engine.fetch(lifetime.cohorts(policies, as_of=as_of)), shipped)
    _write_worth(folder, lines, rules)
    _keep(folder / "models.json", "retention", {line: dataclasses.asdict(found) for line, found in lines.items()})


def _write_worth(folder: Path, lines: Mapping[str, lifetime.Retention], rules: Mapping[str, Any]) -> None:
    margins = {_blank(row["line"]): 10_000 - row["loss_bp"] - row["expense_bp"] for row in rules["margins"]}
    table = lifetime.worth(lines, margins, discount_bp=rules["discount_bp"], horizon=rules["horizon"])
    table.write_parquet(folder / "worth.parquet")


def _figures(
    engine: Engine, folder: Path, marts: Mapping[str, Any], policies: Any, as_of: frame.Day, rules: Contents,
    read: frame.Reading,
) -> None:  # fmt: skip
    table = frame.per_party(marts, policies, as_of=as_of, reading=read, view=engine.view, hold=engine.hold)
    worths = lifetime.of_parties(policies, engine.read(folder / "worth.parquet"), as_of=as_of)
    table = engine.view(value.with_money(engine.view(table), engine.hold(worths, "of_worths"), rules))
    table = engine.view(needs.with_years(table, as_of=as_of))
    table = engine.view(needs.with_cell(table, rules["segments.stages"]))
    needs_rules, covers = rules["segments.needs"], rules["segments.covers"]
    table = needs.with_gaps(table, needs_rules["cells"], covers["amounts"], heavy_bp=needs_rules["heavy_bp"])
    table = people.with_key_occupation(engine.view(table), rules["segments.key"]["occupations"])
    engine.write(table.drop("occupation", "position", "birth_date"), folder / "figures.parquet")


def _classes(
    engine: Engine, folder: Path, fitted: fitting.Fitted, model: clusters.Model | None, as_of: frame.Day,
    rules: Contents, others: Any = None,
) -> None:  # fmt: skip
    name = engine.view
    table = engine.read(folder / "figures.parquet")
    tiers = [(row["code"], row["from_fen"]) for row in rules["segments.tiers"]["tiers"]]
    table = premium.with_tiers(table, tiers)
    abc = rules["segments.abc"]
    table = name(premium.with_abc(table, a_bp=abc["a_bp"], b_bp=abc["b_bp"], others=others))
    table = name(scores.with_scores(table, fitted, rules))
    table = value.with_profit_tier(table, fitted, rules["segments.profit"])
    table = name(value.with_rfm(value.with_value_tier(table, fitted, rules["segments.value"]), fitted))
    table = people.with_standing_in_life(table, rules)
    table = name(people.with_lifecycle(table, rules["segments.lifecycle"], as_of=as_of))
    table = behaviour.with_credit(
        behaviour.with_quadrant(table, rules["segments.quadrants"]), rules["segments.matrices"]
    )
    table = name(behaviour.with_matrices(name(table), fitted, rules["segments.matrices"]))
    table = behaviour.with_visits(table, rules["segments.visits"], as_of=as_of)
    table = people.with_own(clusters.assigned(name(table), model, view=name), rules["segments.own"]["rows"])
    engine.write(table.select(*COLUMNS, *FACTS), folder / "standing.parquet")


def _files(path: Path) -> str:
    return str(path / "*.parquet") if path.is_dir() else str(path)


def _keep(file: Path, name: str, content: Any) -> None:
    found = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(found | {name: content}, sort_keys=True))


def models(folder: Path) -> dict[str, Any]:
    """What was fitted: `retention` per line, `clusters` (None with too few customers), `cuts` (fitting.Fitted)."""
    found: dict[str, Any] = json.loads((folder / "models.json").read_text())
    return found


def changes(engine: Engine, folder: Path) -> pl.DataFrame:
    """Parties that were judged before and changed class: party, scheme, before, after; by party and scheme.

    `folder/before.parquet` holds party and `<class>_before` of every class with a history.
    """
    now = engine.read(folder / "standing.parquet").select("party", *registry.HISTORY)
    before = engine.read(folder / "before.parquet")
    both = now.inner_join(before, "party")
    is_moved: Any = ibis.literal(False)
    for name in registry.HISTORY:
        is_moved = is_moved | (both[name] != both[f"{name}_before"])
    moved = engine.fetch(both.filter(is_moved))
    parts = [
        moved.filter(pl.col(name) != pl.col(f"{name}_before")).select(
            "party", pl.lit(name).alias("scheme"), pl.col(f"{name}_before").alias("before"), pl.col(name).alias("after")
        )
        for name in registry.HISTORY
    ]
    return pl.concat(parts).sort("party", "scheme")


def batches(result: Path, size: int = 200_000) -> Iterator[pl.DataFrame]:
    """The rows of a result, piece by piece."""
    frame_ = pl.scan_parquet(_files(result))
    rows = frame_.select(pl.len()).collect().item()
    for start in range(0, rows, size):
        yield frame_.slice(start, size).collect()


def digest(result: Path) -> str:
    """A fingerprint of every value of a result, whatever the order of its rows; equal results give equal ones on one
    version of Polars. Two sums of 64 bits each: nobody forges a night, chance alone has to be kept out."""
    sums, rows = [0, 0], 0
    for frame_ in batches(result):
        rows += frame_.height
        for place in (0, 1):
            sums[place] += int(frame_.hash_rows(seed=place + 1).cast(pl.UInt64).to_numpy().sum())
    return hashlib.sha256(f"{rows}:{sums[0] % 2**64:x}:{sums[1] % 2**64:x}".encode()).hexdigest()
