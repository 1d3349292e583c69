"""Every filter of the customers list in every order, for every reach: what a first page costs the database.

A list that is quick for most and takes seconds for one filter in one order is found by nobody but its user: so all of
them are walked. Counted is the processor time of the connection's own database process, which a busy machine leaves as
it is, the second time: of pages that are in memory. `BENCH_LISTS` names parts of queries to walk only those.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from benchmarks import instance, processor

MOST_MS: Final = 50
PATIENCE_MS: Final = 5_000
SHOWN: Final = 25


def main() -> dict[str, Any]:
    with instance.filled() as facts:
        import django

        django.setup()
        costs = _walk()
    costs.sort(reverse=True)
    over = [cost for cost in costs if cost[0] > MOST_MS]
    return {
        "customers": facts["customers"],
        "lists": len(costs),
        "dearest_ms": [f"{ms:.1f} {reach} {query}" for ms, reach, query in costs[:SHOWN]],
        "median_ms": round(costs[len(costs) // 2][0], 2),
        "promises": {
            f"Every filter in every order ≤ {MOST_MS} ms in the database": {
                "measured": f"at most {costs[0][0]:.0f} ms, {len(over)} of {len(costs)} above",
                "promised": f"≤ {MOST_MS} ms",
                "kept": not over,
            }
        },
    }


def _walk() -> list[tuple[float, str, str]]:
    from django.db import OperationalError, connection
    from django.http import QueryDict

    from anxin.book.customers import queries as customers
    from anxin.faces.workspace.pages import filters
    from anxin.kernel import clock, statements

    today = clock.today()
    queries = [
        "&".join(filter(None, (asked, f"sort={order}")))
        for asked in _asked()
        for order in customers.ORDERS
        if not (only := os.environ.get("BENCH_LISTS")) or only in f"{asked}&sort={order}"
    ]
    found = []
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {PATIENCE_MS}")
        cursor.execute("SELECT pg_backend_pid()")
        ((process,),) = cursor.fetchall()
    for reach, actor in _reaches(today):
        for query in queries:
            params = QueryDict(query)
            wanted = filters.read(actor, params)
            spent = 0.0
            for _ in range(2):  # the first time makes the statement and fetches its pages
                statements.forget_expectations()
                before = processor.exact(process)
                try:
                    customers.list_customers(actor, wanted, today=today, sort=params["sort"])
                except OperationalError:
                    spent = PATIENCE_MS
                    break
                spent = (processor.exact(process) - before) * 1000
            found.append((spent, reach, query))
            if spent > MOST_MS:
                print(f"{spent:8.1f} ms  {reach}  {query}", flush=True)
    return found


def _asked() -> list[str]:
    """What the filters of the list offer, and what may be typed into them."""
    from anxin.book.customers.models import Address, Party
    from anxin.faces.workspace import forms

    choices = {
        "tier": forms.TIERS, "abc": forms.ABC, "kind": forms.KINDS, "sex": forms.SEXES, "holds": forms.HOLDS,
        "line": forms.LINES, "expiring": forms.EXPIRIES, "birthday": forms.BIRTHDAYS, "silent": forms.SILENCES,
    }  # fmt: skip
    found = ["", *(f"{name}={value}" for name, values in choices.items() for value, _label in values)]
    found += ["age_from=60", "age_from=90", "age_to=17", "age_from=30&age_to=31", "manager=none", "claim=1"]
    found += ["attention=1", "premium_from=100000", "premium_from=5000000", "premium_from=10000&premium_to=20000"]
    found += ["premium_to=1"]
    place = Address.objects.exclude(division_code="").values_list("division_code", flat=True)[500]
    found += [f"division={place[:digits]}" for digits in (2, 4, 6)]
    party = Party.objects.exclude(manager=None).filter(kind="person")[1_000]
    found += [f"manager={party.manager_id}", f"unit={party.unit_id}"]
    found += [f"q={text}" for text in (party.name[0], party.name[1], party.name, "赵", "明", "王明", "wang", "wxm")]
    found += ["q=w", "q=5678", "abc=A&tier=gold", "abc=C&tier=standard", "holds=active&line=motor", "holds=none&abc=C"]
    found += ["tier=gold&expiring=30", "silent=180&abc=A", "q=赵&abc=A", "q=赵&holds=none", "kind=organisation&claim=1"]
    return found


def _reaches(today: date) -> Iterator[tuple[str, Any]]:
    """One who reaches all, a wide unit, a narrow one, a team, their own."""
    from anxin.foundation.org import queries as org
    from anxin.foundation.org.models import Post
    from anxin.kernel.permissions import Scope

    seen: dict[tuple[Scope, int], Any] = {}
    for post in Post.objects.select_related("user").order_by("role_id", "id"):
        actor = org.actor_for(post.user, today=today)
        scope = actor.scope("customers.view")
        if scope is not None:
            depth = min(map(len, actor.unit_paths)) if scope is Scope.UNIT else 0
            seen.setdefault((scope, depth), actor)
    depths = sorted(depth for scope, depth in seen if scope is Scope.UNIT)
    for (scope, depth), actor in seen.items():
        if scope is not Scope.UNIT:
            yield str(scope), actor
        elif depth in (depths[0], depths[-1]):
            yield f"{scope} {actor.unit_paths[0]}", actor


if __name__ == "__main__":
    print(json.dumps(main(), indent=1, ensure_ascii=False))
