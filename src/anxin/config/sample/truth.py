"""What is really so: the person behind each record, the flaws planted, and the totals a right import must reach."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from anxin.config.sample import dirt
from anxin.config.sample.customers import Export
from anxin.config.sample.dice import Ints, digits, join
from anxin.config.sample.people import Companies, People


def party_ids(people: People, companies: Companies) -> tuple[pl.Series, pl.Series]:
    """True party and household of the chunk's persons and companies."""
    persons = join("P", digits(people.first + np.arange(people.count), 9))
    firms = join("O", digits(companies.first + np.arange(companies.count), 9))
    homes = join("H", digits(people.household_first + people.household, 9))
    return pl.concat([persons, firms]), pl.concat([homes, pl.repeat("", companies.count, eager=True).alias(homes.name)])


@dataclass
class Totals:
    """Counts of one file, with sums over the rows that are certainly right and over those an importer may refuse."""

    rows: int = 0
    must_reject: int = 0
    may_normalise: int = 0
    dirt: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)

    def add(self, kind: pl.Series) -> None:
        self.rows += len(kind)
        planted = kind.filter(kind != "").value_counts().rows()
        for name, count in planted:
            self.dirt[name] = self.dirt.get(name, 0) + count
            if dirt.OUTCOMES[name] == dirt.MUST_REJECT:
                self.must_reject += count
            else:
                self.may_normalise += count

    def plus(self, name: str, amount: int) -> None:
        self.sums[name] = self.sums.get(name, 0) + amount


@dataclass
class Truth:
    files: dict[str, Totals] = field(default_factory=dict)
    customers: list[pl.DataFrame] = field(default_factory=list)
    rows: list[pl.DataFrame] = field(default_factory=list)
    parties: list[pl.DataFrame] = field(default_factory=list)

    def of(self, file: str) -> Totals:
        return self.files.setdefault(file, Totals())

    def add_customers(self, file: str, first_line: int, export: Export, party: pl.Series, household: pl.Series) -> None:
        kind = export.spoiled.kind
        self.of(file).add(kind)
        count = len(kind)
        self.customers.append(
            pl.DataFrame(
                {
                    "file": pl.repeat(file, count, eager=True),
                    "line": np.arange(first_line, first_line + count),
                    "source": pl.repeat(export.source, count, eager=True),
                    "customer_no": export.spoiled.true_key,
                    "party_id": party.gather(export.party),
                    "household_id": household.gather(export.party),
                    "link": export.link,
                    "dirt": kind,
                    "outcome": kind.replace(dirt.OUTCOMES),
                }
            ).with_columns(pl.col("file", "source", "link", "dirt", "outcome").cast(pl.Categorical))
        )

    def add_policies(self, file: str, first_line: int, spoiled: dirt.Spoiled, premium: Ints) -> None:
        totals = self.of(file)
        totals.add(spoiled.kind)
        outcome = spoiled.kind.replace(dirt.OUTCOMES)
        written = premium[spoiled.origin]
        in_place = spoiled.kind.is_in(list(dirt.IN_PLACE)).to_numpy()
        sure = (outcome == dirt.CLEAN).to_numpy() | in_place
        unsure = (outcome == dirt.MAY_NORMALISE).to_numpy() & ~in_place
        totals.plus("premium_fen", int(written[sure].sum()))
        totals.plus("premium_fen_if_normalised", int(written[unsure].sum()))
        flawed = np.flatnonzero((spoiled.kind != "").to_numpy())
        self.rows.append(
            pl.DataFrame(
                {
                    "file": pl.repeat(file, len(flawed), eager=True),
                    "line": first_line + flawed,
                    "key": spoiled.true_key.gather(flawed),
                    "dirt": spoiled.kind.gather(flawed),
                    "outcome": outcome.gather(flawed),
                }
            )
        )

    def add_parties(
        self, people: People, companies: Companies, party: pl.Series, household: pl.Series, systems: Ints, annual: Ints
    ) -> None:
        kinds = ["person"] * people.count + ["organisation"] * companies.count
        self.parties.append(
            pl.DataFrame(
                {
                    "party_id": party,
                    "kind": pl.Series(kinds).cast(pl.Categorical),
                    "household_id": household,
                    "systems": np.concatenate((systems, np.ones(companies.count, dtype=np.int64))).astype(np.int8),
                    "annual_premium_fen": annual,
                }
            )
        )

    def write(self, out: Path, parameters: dict[str, Any]) -> dict[str, Any]:
        """truth.json, truth_customers.parquet, truth_parties.parquet, truth_rows.parquet."""
        customers = pl.concat(self.customers)
        parties = pl.concat(self.parties)
        customers.write_parquet(out / "truth_customers.parquet")
        parties.write_parquet(out / "truth_parties.parquet")
        pl.concat(self.rows).write_parquet(out / "truth_rows.parquet")
        persons = parties.filter(pl.col("kind") == "person")
        near = customers.filter(pl.col("link").cast(pl.String).str.starts_with("near_"))
        premium = persons.get_column("annual_premium_fen").sort(descending=True).to_numpy()
        total = int(premium.sum())
        tiers = {f"{bound}": int((premium >= bound * 1_000_000).sum()) for bound in (5, 10, 15, 20)}
        summary = {
            **parameters,
            "persons": persons.height,
            "organisations": parties.height - persons.height,
            "households": persons.get_column("household_id").n_unique(),
            "persons_in_several_systems": persons.filter(pl.col("systems") > 1).height,
            # Same document, else same name, birth date and mobile: near matches stay apart.
            "parties_by_first_identity_rule": parties.height + near.height,
            # Same name and birth date, and neither number nor door to tell: these wait for a person.
            "records_only_a_person_can_judge": near.filter(
                (pl.col("link") == "near_moved") & (pl.col("outcome") != dirt.MUST_REJECT)
            ).height,
            "individual_annual_premium_fen": total,
            "top_fifth_premium_share": round(float(premium[: len(premium) // 5].sum()) / max(total, 1), 4),
            "individuals_at_or_above_wan": tiers,
            "files": {
                name: {
                    "rows": totals.rows,
                    "rejected_least": totals.must_reject,
                    "rejected_most": totals.must_reject
                    + sum(count for kind, count in totals.dirt.items()
                          if dirt.OUTCOMES[kind] == dirt.MAY_NORMALISE and kind not in dirt.IN_PLACE),
                    "may_normalise": totals.may_normalise,
                    "dirt": dict(sorted(totals.dirt.items())),
                    **totals.sums,
                }
                for name, totals in sorted(self.files.items())
            },
        }  # fmt: skip
        (out / "truth.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return summary
