"""The insurer's own tree of units and its staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import names
from anxin.config.sample.dice import Dice, Ints, digits, join
from anxin.config.sample.identifiers import mobiles
from anxin.config.sample.places import PROVINCES, City, District, Province

HEAD_OFFICE: Final = "00"
CUSTOMERS_PER_MANAGER: Final = 400
LEAST_MANAGERS: Final = 12
# Staff mobiles come from the far end of the serial range, customers' from its start.
_STAFF_SERIAL: Final = 90_000_000


@dataclass(frozen=True)
class Outlet:
    code: str
    province: Province
    city: City
    district: District


@dataclass(frozen=True)
class Organisation:
    """Units and staff, with what a customer needs of them: outlets, and which staff manage customers there."""

    units: pl.DataFrame
    staff: pl.DataFrame
    outlets: tuple[Outlet, ...]
    outlet_codes: pl.Series
    district_codes: pl.Series
    manager_numbers: pl.Series
    manager_mobiles: pl.Series
    first_manager: Ints
    managers_here: Ints
    service_numbers: pl.Series


def _shape(customers: int) -> tuple[int, int, int, int]:
    """How many provinces, cities per province, districts per city and outlets per district."""
    if customers < 10_000:
        return 3, 2, 2, 1
    if customers < 100_000:
        return 3, 2, 2, 2
    if customers < 500_000:
        return 4, 3, 2, 2
    return 6, 3, 3, 3


def _units(customers: int) -> tuple[pl.DataFrame, list[Outlet]]:
    provinces, cities, districts, outlets = _shape(customers)
    rows = [(HEAD_OFFICE, "安信保险总公司", "HQ", "", "")]
    found: list[Outlet] = []
    for province in PROVINCES[:provinces]:
        rows.append((province.code, f"{province.name[:-1]}分公司", "province", HEAD_OFFICE, province.code))
        for city in province.cities[:cities]:
            rows.append((city.code, f"{city.name[:-1]}中心支公司", "city", province.code, city.code))
            for district in city.districts[:districts]:
                name = f"{city.name[:-1]}{district.name}支公司"
                rows.append((district.code, name, "county", city.code, district.code))
                for number in range(1, outlets + 1):
                    code = f"{district.code}{number:02d}"
                    rows.append((code, f"{district.name}第{number}营业部", "outlet", district.code, district.code))
                    found.append(Outlet(code, province, city, district))
    return pl.DataFrame(rows, schema=["code", "name", "level", "parent_code", "division_code"], orient="row"), found


def build(customers: int, seed: int) -> Organisation:
    """The tree and staff for this many customers: about one customer manager per 400, at least twelve."""
    dice = Dice(seed, 1)
    units, outlets = _units(customers)
    managers = max(LEAST_MANAGERS, customers // CUSTOMERS_PER_MANAGER, len(outlets))
    managers_here = np.full(len(outlets), managers // len(outlets), dtype=np.int64)
    managers_here[: managers % len(outlets)] += 1
    by_level = {str(level): part.get_column("code").to_list() for (level,), part in units.group_by("level")}
    for codes in by_level.values():
        codes.sort()
    posts: list[tuple[str, str]] = [
        (outlet.code, "customer_manager")
        for outlet, here in zip(outlets, managers_here, strict=True)
        for _ in range(here)
    ]
    posts += [(outlet.code, "counter_staff") for outlet in outlets]
    # A lead sits with the team: whoever shares the unit.
    posts += [(f"{code}01", "team_lead") for code in by_level["county"]]
    posts += [
        (code, role) for code in by_level["city"] for role in ("lobby_manager", "complaint_handler", "branch_manager")
    ]
    posts += [(code, role) for code in by_level["province"] for role in ("complaint_reviewer", "branch_manager")]
    posts += [(HEAD_OFFICE, "call_agent")] * max(4, customers // 10_000)
    posts += [(HEAD_OFFICE, "head_office")] * 3
    posts += [(HEAD_OFFICE, role) for role in ("auditor", "administrator", "data_steward", "data_protection")]
    count = len(posts)
    male = dice.whole(count, 0, 2)
    born = dice.whole(count, 1970, 2001)
    numbers = join("E", digits(np.arange(1, count + 1), 6))
    staff = pl.DataFrame(
        {
            "staff_no": numbers,
            "name": join(names.surnames(dice, count), names.given(dice, male, born)),
            "unit_code": [unit for unit, _ in posts],
            "role": [role for _, role in posts],
            "mobile": mobiles(dice, _STAFF_SERIAL + np.arange(count)),
            "email": join(numbers.str.to_lowercase(), "@anxin.example.com"),
        }
    )
    starts = np.concatenate(([0], np.cumsum(managers_here)[:-1])).astype(np.int64)
    return Organisation(
        units=units,
        staff=staff,
        outlets=tuple(outlets),
        outlet_codes=pl.Series([outlet.code for outlet in outlets]),
        district_codes=pl.Series([outlet.district.code for outlet in outlets]),
        manager_numbers=numbers.head(managers),
        manager_mobiles=staff.get_column("mobile").head(managers),
        first_manager=starts,
        managers_here=managers_here,
        service_numbers=staff.filter(pl.col("role").is_in(["call_agent", "counter_staff"])).get_column("staff_no"),
    )
