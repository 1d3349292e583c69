"""The whole export of one insurer, chunk by chunk."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from anxin.config.sample import (
    callcentre,
    life,
    membership,
    motor,
    organisation,
    parties,
    people,
    products,
    profiles,
    service,
)
from anxin.config.sample import customers as records
from anxin.config.sample.files import CsvFile, XlsxFile
from anxin.config.sample.truth import Truth, party_ids

Progress = Callable[[str, int, int], None]

COMPANY_SHARE: Final = 0.015
DIRT_RATE: Final = 0.005
# Small enough to keep memory flat, large enough that the fixed cost of an array operation does not count.
_CHUNK: Final = 50_000
# Resident IDs share the 500 sequence numbers of a day among the chunks; five each is room for the crowd of one day.
_MOST_CHUNKS: Final = 100

LIFE_CUSTOMERS: Final = "life_core_customers.csv"
COMPANY_CUSTOMERS: Final = "life_core_companies.csv"
MOTOR_CUSTOMERS: Final = "motor_core_customers.csv"
CRM_CUSTOMERS: Final = "old_crm_customers.xlsx"
LIFE_POLICIES: Final = "life_policies.csv"
GROUP_POLICIES: Final = "group_policies.csv"
MOTOR_POLICIES: Final = "motor_policies.csv"


@dataclass(frozen=True)
class SampleReport:
    """What was written; `truth` is the content of truth.json."""

    out: Path
    rows: dict[str, int]
    persons: int
    organisations: int
    seconds: float
    truth: dict[str, Any]

    @property
    def total_rows(self) -> int:
        return sum(self.rows.values())


class _Files:
    def __init__(self, out: Path, stack: ExitStack, as_of: date) -> None:
        def csv(name: str, encoding: str = "utf-8", line_end: str = "\n") -> CsvFile:
            return stack.enter_context(CsvFile(out / name, encoding=encoding, line_end=line_end))

        created = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
        self.life = csv(LIFE_CUSTOMERS, "utf-8-sig")
        self.companies = csv(COMPANY_CUSTOMERS, "utf-8-sig")
        self.motor = csv(MOTOR_CUSTOMERS, "gb18030", "\r\n")
        self.crm = stack.enter_context(XlsxFile(out / CRM_CUSTOMERS, sheet="客户资料", created=created))
        self.life_policies = csv(LIFE_POLICIES)
        self.group_policies = csv(GROUP_POLICIES)
        self.motor_policies = csv(MOTOR_POLICIES, "gb18030", "\r\n")
        self.roles = csv("policy_roles.csv")
        self.coverages = csv("coverages.csv")
        self.instalments = csv("instalments.csv")
        self.endorsements = csv("endorsements.csv")
        self.claims = csv("claims.csv")
        self.touchpoints = csv("touchpoints.csv")
        self.tickets = csv("tickets.csv")
        self.relations = csv("relations.csv")
        self.calls = csv("call_history.csv")
        self.agent_states = csv("agent_states.csv")
        self.units = csv("org_units.csv")
        self.staff = csv("staff.csv")
        self.products = csv("products.csv")

    def all(self) -> dict[str, int]:
        return {file.path.name: file.rows for file in vars(self).values()}


@dataclass(frozen=True)
class _Plan:
    seed: int
    as_of: date
    customers: int
    dirt: float
    chunks: int


def _split(total: int, chunks: int) -> list[int]:
    return [total // chunks + (1 if at < total % chunks else 0) for at in range(chunks)]


def _write_chunk(
    plan: _Plan,
    chunk: int,
    persons: int,
    firms: int,
    households: int,
    first_person: int,
    first_firm: int,
    org: organisation.Organisation,
    counters: membership.Counters,
    files: _Files,
    truth: Truth,
    callers: callcentre.Callers,
) -> int:
    """One chunk into all files; returns its number of households."""
    seed, as_of, rate = plan.seed, plan.as_of, plan.dirt
    companies = people.companies(org, seed=seed, chunk=chunk, count=firms, first=first_firm)
    crowd = people.people(
        org, seed=seed, chunk=chunk, chunks=plan.chunks, count=persons, first=first_person,
        household_first=households, companies=companies, as_of=as_of,
    )  # fmt: skip
    members = membership.membership(crowd, counters, seed=seed, chunk=chunk, customers=plan.customers)
    firm_numbers = membership.company_number(counters.reserve("company", firms) + np.arange(firms))
    fleet = motor.fleet_numbers(companies, counters, seed=seed, chunk=chunk)
    everyone = parties.gather(crowd, companies, members, firm_numbers)
    party, household = party_ids(crowd, companies)

    for name, file, export in (
        (LIFE_CUSTOMERS, files.life, records.life_customers(
            org, crowd, companies, members, counters, seed=seed, chunk=chunk, rate=rate, as_of=as_of)),
        (MOTOR_CUSTOMERS, files.motor, records.motor_customers(
            org, crowd, companies, members, fleet, counters, seed=seed, chunk=chunk, rate=rate, as_of=as_of)),
        (CRM_CUSTOMERS, files.crm, records.crm_customers(
            org, crowd, members, counters, seed=seed, chunk=chunk, rate=rate, as_of=as_of)),
        (COMPANY_CUSTOMERS, files.companies, records.company_customers(
            org, companies, firm_numbers, counters, people_count=persons, seed=seed, chunk=chunk, rate=rate)),
    ):  # fmt: skip
        truth.add_customers(name, file.write(export.spoiled.frame), export, party, household)

    lives = life.write(
        org, crowd, companies, members, firm_numbers, counters, seed=seed, chunk=chunk, rate=rate, as_of=as_of
    )
    line = files.life_policies.write(lives.policies.frame)
    truth.add_policies(LIFE_POLICIES, line, lives.policies, lives.premium_fen)
    files.group_policies.write(lives.groups)
    truth.of(GROUP_POLICIES).plus("premium_fen", int(lives.group_premium_fen.sum()))
    files.roles.write(lives.roles)
    files.instalments.write(lives.instalments)
    for name, amount in lives.instalment_totals.items():
        truth.of("instalments.csv").plus(name, amount)
    cars = motor.write(
        org, crowd, companies, members, everyone, fleet, counters, seed=seed, chunk=chunk, rate=rate, as_of=as_of
    )
    line = files.motor_policies.write(cars.policies.frame)
    truth.add_policies(MOTOR_POLICIES, line, cars.policies, cars.premium_fen)
    truth.of(MOTOR_POLICIES).plus("vehicles", cars.vehicles)
    files.coverages.write(lives.coverages)
    files.coverages.write(cars.coverages)

    for book in (lives.book, cars.book):
        done = service.claims(org, everyone, book, counters, seed=seed, chunk=chunk, as_of=as_of)
        files.claims.write(done.frame)
        truth.of("claims.csv").plus("paid_fen", done.paid_fen)
        for state, count in done.by_state.items():
            truth.of("claims.csv").plus(state, count)
        files.endorsements.write(
            service.endorsements(everyone, org, book, counters, seed=seed, chunk=chunk, as_of=as_of)
        )
    files.touchpoints.write(service.touchpoints(org, everyone, counters, seed=seed, chunk=chunk, as_of=as_of))
    files.tickets.write(service.tickets(org, everyone, counters, seed=seed, chunk=chunk, as_of=as_of))
    files.relations.write(service.relations(everyone, crowd, seed=seed, chunk=chunk))
    callers.gather(everyone, seed=seed, chunk=chunk)
    truth.add_parties(crowd, companies, party, household, members.systems, lives.annual_fen + cars.annual_fen)
    return crowd.households


def write_sample(
    out: Path, *, customers: int, seed: int, as_of: date, progress: Progress | None = None, dirt: float = DIRT_RATE
) -> SampleReport:
    """Write the exports of an insurer with `customers` true customers (persons and companies) into the folder `out`.

    `as_of` is the day of the export: no event is later, and expiries are spread around it. `dirt` is the share of rows
    that bear each kind of flaw. The same arguments give the same bytes. `progress(stage, done, total)` is told the
    customers done. Files, columns and totals: see README.md. Raises ValueError for fewer than 100 customers.
    """
    if customers < 100:
        raise ValueError("a sample needs at least 100 customers")
    began = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    firms = max(8, round(customers * COMPANY_SHARE))
    persons = customers - firms
    chunks = min(max(1, -(-customers // _CHUNK)), _MOST_CHUNKS)
    plan = _Plan(seed, as_of, customers, dirt, chunks)
    org = organisation.build(customers, seed)
    counters, truth, callers = membership.Counters(), Truth(), callcentre.Callers()
    with ExitStack() as stack:
        files = _Files(out, stack, as_of)
        files.units.write(org.units)
        files.staff.write(org.staff)
        files.products.write(products.table())
        households = done_persons = done_firms = 0
        for chunk, (some, few) in enumerate(zip(_split(persons, chunks), _split(firms, chunks), strict=True)):
            households += _write_chunk(
                plan, chunk, some, few, households, done_persons, done_firms, org, counters, files, truth, callers
            )
            done_persons, done_firms = done_persons + some, done_firms + few
            if progress:
                progress("customers", done_persons + done_firms, customers)
        calls, states = callcentre.month(org, callers, seed=seed, customers=customers, as_of=as_of)
        files.calls.write(calls)
        files.agent_states.write(states)
    rows = files.all()
    for name, count in rows.items():
        truth.of(name).rows = count
    summary = truth.write(out, {"customers": customers, "seed": seed, "as_of": as_of.isoformat(), "dirt_rate": dirt})
    profiles.write(out / "profiles")
    return SampleReport(out, rows, persons, firms, time.perf_counter() - began, summary)
