"""From ties between persons to groups that may be a household: whole frames, no loop over persons. No database.

Keys of persons and households are hexadecimal texts, which sort as the keys themselves do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import polars as pl

from anxin.analytics.linkage import clusters
from anxin.book.households import rules
from anxin.book.households.data import MemberRole

TIES: Final = {"left": pl.String(), "right": pl.String(), "kind": pl.String(), "relation": pl.String()}
PERSONS: Final = {
    "party": pl.String(), "name": pl.String(), "sex": pl.String(), "birth_date": pl.Date(), "policies": pl.Int64(),
}  # fmt: skip
BELONGS: Final = {"party": pl.String(), "household": pl.String(), "is_head": pl.Boolean()}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Persons who may be one household, or join the one some of them are in. `ties`: places of two members, what speaks
    for it, points."""

    key: str
    household: str | None
    members: list[str]
    inside: list[bool]
    ties: list[tuple[int, int, list[str], int]]
    roles: list[MemberRole]

    @property
    def score(self) -> int:
        return min(score for *_, score in self.ties)


def ordered(ties: pl.DataFrame, reverse: Mapping[str, str]) -> pl.DataFrame:
    """`left`, `right`, `kind`, `relation` (what left is to right) with the smaller key on the left, nobody with
    himself."""
    turned = pl.col("left") > pl.col("right")
    return ties.filter(pl.col("left") != pl.col("right")).select(
        pl.min_horizontal("left", "right").alias("left"),
        pl.max_horizontal("left", "right").alias("right"),
        "kind",
        pl.when(turned).then(pl.col("relation").replace(reverse)).otherwise("relation").alias("relation"),
    )


def pairs_within(groups: pl.DataFrame) -> pl.DataFrame:
    """`left`, `right` (ordered) of all who share a `group`; `groups`: `group`, `party`."""
    one = groups.unique()
    return one.join(one, on="group").filter(pl.col("party") < pl.col("party_right")).select(
        pl.col("party").alias("left"), pl.col("party_right").alias("right")
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Found:
    """`groups`: `group`, `key`, `household` (or null); `members`: `group`, `party`, `household`, `place`; `strong`:
    pairs that are proposed, with `group`, `kinds`, `score`; `relations`: what is on file between members."""

    ties: int
    too_large: int
    groups: pl.DataFrame
    members: pl.DataFrame
    strong: pl.DataFrame
    relations: pl.DataFrame


def find(ties: pl.DataFrame, persons: pl.DataFrame, belongs: pl.DataFrame, content: Mapping[str, Any]) -> Found:
    """Groups of connected persons. `ties` as TIES (ordered), `persons` as PERSONS (those who live), `belongs` as
    BELONGS. Who is of one household counts as one; groups too large, or over two households, are only counted."""
    names = persons.select("party", _surname().alias("surname"))
    pairs = (
        ties.group_by("left", "right", maintain_order=True)
        .agg(pl.col("kind").unique(), pl.col("relation").drop_nulls().first())
        .join(names, left_on="left", right_on="party")
        .join(names, left_on="right", right_on="party", suffix="_right")
    )
    same = (pl.col("surname") == pl.col("surname_right")).fill_null(value=False)
    kinds = pl.col("kind").list.concat(pl.when(same).then(pl.lit(["surname"])).otherwise(pl.lit([])))
    points = pl.element().replace_strict({kind: int(content[kind]) for kind in rules.KINDS}, return_dtype=pl.Int64)
    pairs = pairs.select("left", "right", "relation", kinds.list.sort().alias("kinds")).with_columns(
        pl.col("kinds").list.eval(points).list.sum().alias("score")
    )
    home = belongs.select("party", "household").unique("party", keep="last", maintain_order=True)
    strong = (
        pairs.filter(pl.col("score") >= int(content["propose_from"]))
        .join(home, left_on="left", right_on="party", how="left")
        .join(home, left_on="right", right_on="party", how="left", suffix="_right")
        # Two of one household have nothing to be told; nobody is in two.
        .filter(pl.col("household").is_null() | pl.col("household_right").is_null())
        .select("left", "right", "kinds", "score")
    )
    members = _connected(strong, home)
    known = pl.col("household").drop_nulls()
    about = members.group_by("group").agg(
        pl.len().alias("size"), known.n_unique().alias("households"), known.first().alias("household"),
        _dashed("party").sort().str.join(",").alias("members"),
    )  # fmt: skip
    fits = (pl.col("size") <= int(content["largest"])) & (pl.col("households") <= 1)
    groups = about.filter(fits).select("group", "household", "members")
    texts = pl.concat_str(_dashed("household").fill_null(""), "members", separator=",")
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in groups.select(texts).to_series()]
    groups = groups.select("group", pl.Series("key", keys, dtype=pl.String), "household")
    members = members.join(groups.select("group"), on="group", how="semi").sort("group", "party")
    members = members.with_columns(pl.int_range(pl.len()).over("group").alias("place"))
    return Found(
        ties=len(pairs), too_large=len(about) - len(groups), groups=groups, members=members,
        strong=_within(strong, members), relations=_within(pairs.filter(pl.col("relation").is_not_null()), members),
    )  # fmt: skip


def _surname() -> pl.Expr:
    """As `rules.surname`; null for names in letters."""
    name = pl.col("name")
    two = name.str.slice(0, 2)
    return (
        pl.when(name.str.contains(r"^[\x00-\x7f]") | (name == ""))
        .then(None)
        .when(two.is_in(list(rules.COMPOUND)))
        .then(two)
        .otherwise(name.str.slice(0, 1))
    )


def _dashed(name: str) -> pl.Expr:
    """A key as it is usually written."""
    text = pl.col(name)
    return pl.concat_str(
        (text.str.slice(at, size) for at, size in ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))), separator="-"
    )


def _connected(strong: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """`party`, `household`, `group` of all who have a strong tie: connected by ties or by their household."""
    people = pl.concat([strong["left"], strong["right"]]).unique().sort().alias("party").to_frame()
    people = people.join(home, on="party", how="left", maintain_order="left")
    people = people.with_columns(pl.coalesce("household", "party").rank("dense").cast(pl.Int64).alias("node") - 1)
    nodes = people.select("party", "node")
    ends = strong.join(nodes, left_on="left", right_on="party").join(
        nodes, left_on="right", right_on="party", suffix="_right"
    )
    found = clusters.components(
        ends["node"].to_numpy(), ends["node_right"].to_numpy(), people["node"].n_unique()
    )  # fmt: skip
    return people.select("party", "household", pl.Series("group", found[people["node"].to_numpy()], dtype=pl.Int64))


def _within(pairs: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Pairs of two of one group, with `group` and the places `a`, `b`."""
    place = members.select("party", "group", "place")
    return (
        pairs.join(place.rename({"place": "a"}), left_on="left", right_on="party")
        .join(place.rename({"place": "b"}), left_on=["right", "group"], right_on=["party", "group"])
        .sort("group", "a", "b")
    )


def told(
    found: Found, keys: pl.Series, persons: pl.DataFrame, belongs: pl.DataFrame, *, today: date
) -> Iterator[Group]:
    """The groups with these keys in full: who is who, and what speaks for it. In the order of their keys."""
    wanted = found.groups.filter(pl.col("key").is_in(keys.implode())).sort("key")
    chosen = wanted.select("group")
    members = found.members.join(chosen, on="group", how="semi")
    about = {
        key: rules.Person(name=name, sex=sex, birth_date=born, policies=policies)
        for key, name, sex, born, policies in persons.join(members, on="party", how="semi").iter_rows()
    }
    heads = dict(belongs.filter("is_head").select("household", "party").iter_rows())
    rows = _lists(members, "party", "household")
    strong = _lists(found.strong.join(chosen, on="group", how="semi"), "a", "b", "kinds", "score")
    relations = _lists(found.relations.join(chosen, on="group", how="semi"), "left", "right", "relation")
    for group, key, household in wanted.iter_rows():
        parties: Sequence[str] = rows[group][0]
        said = {
            (UUID(left), UUID(right)): what
            for left, right, what in zip(*relations.get(group, ((), (), ())), strict=True)
        }
        head = UUID(heads[household]) if household in heads else None
        ids = [UUID(one) for one in parties]
        roles = rules.roles(ids, {one: about[one.hex] for one in ids if one.hex in about}, said, today=today, head=head)
        yield Group(
            key=key, household=household, members=list(parties), inside=[one is not None for one in rows[group][1]],
            ties=list(zip(*strong[group], strict=True)), roles=[roles.get(one, MemberRole.OTHER) for one in ids],
        )  # fmt: skip


def _lists(frame: pl.DataFrame, *names: str) -> dict[int, tuple[Any, ...]]:
    """Group → lists of these columns, in the order of the frame."""
    return {row[0]: row[1:] for row in frame.group_by("group", maintain_order=True).agg(*names).iter_rows()}
