"""The customers list: filtered, in one of a closed set of orders, by pages, and counted without counting millions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from anxin.book.customers import access
from anxin.book.customers.models import Party, Standing
from anxin.book.customers.queries import keyset, terms
from anxin.book.customers.queries.conditions import (
    CustomerFilter,
    condition,
    fixed_condition,
    is_fixed,
    is_of_figures,
    of_figures,
    on_standing,
)
from anxin.book.customers.queries.rows import CustomerRow, rows_of
from anxin.kernel import statements
from anxin.kernel.actor import Actor
from anxin.kernel.paging import Page
from anxin.kernel.permissions import Scope
from anxin.kernel.statements import Statement

PAGE_SIZE: Final = 50
COUNTED_AT_MOST: Final = 1_000
# In units of the planner, of which a thousand take about 5 ms: what may be spent to tell how many rows there are.
DEAREST_COUNT: Final = 2_000
# So many that counting would only confirm that there are more than COUNTED_AT_MOST, however wrong the planner is.
SURELY_MANY: Final = 20_000
# Up to so many, for so much, rows are all taken and sorted, rather than walked to in an order where they may come last.
MOST_SORTED: Final = 18_000
DEAREST_SORT: Final = 25_000
# What costs so little is sorted without asking whether it need be.
CHEAPEST_SORT: Final = 1_000
# Of what taking and sorting them would cost, walking in the order of an index may cost this much at the worst: it is
# mostly done after a hundredth of it.
LONGEST_WALK: Final = 2.0
# And so much where rows are expected to lie evenly: by name, which has nothing to do with what files are asked for.
LIKELY_WALK: Final = 0.25
# Files that may be gone among the first that figures find.
SPARE: Final = 20
# Who is younger pays nothing, mostly, and holds nothing that ends: walked to from the other end, all others come first.
# All of them taken and sorted are no small set, but a tenth of that.
YOUNG: Final = 25
_LAST_OF_THE_YOUNG: Final = {
    ("standing__annual_premium_fen", True),
    ("standing__next_expiry_date", False),
    ("standing__next_expiry_date", True),
}
MOST_MEMBERS: Final = 60
BULK_AT_MOST: Final = 100_000


@dataclass(frozen=True, kw_only=True)
class CustomerPage(Page[CustomerRow]):
    """`total`: exact up to COUNTED_AT_MOST (`is_total_capped`: there are more), or (`is_total_estimate`) about."""

    total: int
    is_total_capped: bool = False


def _orders() -> dict[str, tuple[keyset.Run, ...]]:
    found: dict[str, tuple[keyset.Run, ...]] = {}
    for sign, is_descending in (("", False), ("-", True)):
        found[f"{sign}name"] = (keyset.Run(where=Q(), first="name_sort", is_descending=is_descending),)
        for code, first in (
            ("premium", "standing__annual_premium_fen"),
            ("next_expiry", "standing__next_expiry_date"),
            ("last_contact", "standing__last_contact_at"),
            ("customer_since", "customer_since"),
        ):
            found[f"{sign}{code}"] = (
                keyset.Run(where=Q(**{f"{first}__isnull": False}), first=first, is_descending=is_descending),
                # By name: every reach has an index that begins there, none has one by id.
                keyset.Run(where=Q(**{f"{first}__isnull": True}), first="name_sort"),
            )
    return found


# The only orders there are. Each begins at an index; parties without the value come last in either direction.
ORDERS: Final[Mapping[str, tuple[keyset.Run, ...]]] = _orders()
DEFAULT_ORDER: Final = "name"


def list_customers(
    actor: Actor,
    wanted: CustomerFilter | None = None,
    *,
    today: date,
    sort: str = DEFAULT_ORDER,
    cursor: str = "",
    size: int = PAGE_SIZE,
    extras: Collection[str] = (),
) -> CustomerPage:
    """One page of the customers `actor` may see. A cursor that is not ours shows the first page.

    At most ten queries whatever the number of rows; `extras` (see EXTRAS) add one each.
    """
    wanted = wanted or CustomerFilter()
    sort = sort if sort in ORDERS else DEFAULT_ORDER
    bounds = access.bounds(actor)
    within = partial(_within, actor, bounds, wanted, today)
    key = (actor.user_id, bounds, wanted, today)
    route = _route(sort, wanted, today)
    # By name everybody's reach has an index that holds it alone.
    if not route.stretches and not (wanted.is_empty and _is_by_name(sort)):
        route = route.of(statements.expect(within, key=key))
    if route.is_small and route.cost > CHEAPEST_SORT:
        route = _walked(route, partial(_within, actor, bounds, route.wanted, today), (*key, sort))
    part = _page(actor, bounds, route, today, sort, cursor, size)
    if part.start <= 1 and not part.next_cursor:
        total, is_estimate, is_capped = len(part.ids), False, False
    else:
        total, is_estimate, is_capped = _count(within, key)
    return CustomerPage(
        rows=rows_of(part.ids, extras=extras),
        next_cursor=part.next_cursor,
        previous_cursor=part.previous_cursor,
        start=part.start,
        sort=sort,
        total=total,
        is_total_estimate=is_estimate,
        is_total_capped=is_capped,
    )


def ids_in_order(
    actor: Actor, wanted: CustomerFilter, *, refs: Collection[str] = (), today: date, permission: str,
    sort: str = DEFAULT_ORDER, at_most: int,
) -> Iterator[tuple[UUID, ...]]:  # fmt: skip
    """Ids of the filtered set (or of `refs`) in one of the orders, in portions: what an export walks by."""
    sort = sort if sort in ORDERS else DEFAULT_ORDER
    route = _route(sort, wanted, today)
    rows = reached(actor, route.wanted, today).filter(access.reach(actor, permission))
    if refs:
        rows = rows.filter(ref__in=list(refs))
    cursor, done = "", 0
    while done < at_most:
        part = keyset.read(
            rows, route.runs, code=f"customers.{sort}", cursor=cursor, size=min(keyset.LARGEST_PAGE, at_most - done)
        )
        if part.ids:
            yield part.ids
        done += len(part.ids)
        cursor = part.next_cursor
        if not cursor:
            return


def get_row(actor: Actor, party_id: UUID, *, extras: Collection[str] = ("mobile",)) -> CustomerRow | None:
    """One customer as the list shows it; None when out of reach."""
    ids = list(access.visible_parties(actor).filter(pk=party_id).values_list("pk", flat=True))
    return next(iter(rows_of(ids, extras=extras)), None)


@dataclass(frozen=True, kw_only=True)
class _Route:
    """How the rows of a list are come by: filtered by `wanted`, in runs one after the other.

    `stretches`: of a list by name, the parts that its text finds. `says_text`: the runs do, and `wanted` does not.
    `is_small`: so few that all may be taken and sorted, which is expected to cost `cost`; each run says whether it is.
    """

    wanted: CustomerFilter
    runs: tuple[keyset.Run, ...]
    stretches: tuple[terms.Stretch, ...] = ()
    says_text: bool = False
    is_small: bool = False
    cost: float = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether statements stand ready for its first page."""
        return is_fixed(self.wanted) and (not self.says_text or bool(self.stretches))

    def of(self, expected: statements.Expected) -> _Route:
        """The same for the rows that are expected."""
        if expected.rows > MOST_SORTED or expected.cost > DEAREST_SORT:
            first = self.runs[0]
            young = self.wanted.age_to is not None and self.wanted.age_to < YOUNG
            if young and (first.first, first.is_descending) in _LAST_OF_THE_YOUNG:
                return replace(self, runs=(replace(first, is_small=True), *self.runs[1:]))
            return self
        runs = tuple(replace(run, is_small=True) for run in self.runs)
        return replace(self, runs=runs, is_small=True, cost=expected.cost)


def _walked(route: _Route, rows: Callable[[], QuerySet[Party, Party]], key: Hashable) -> _Route:
    """The same, but for its first run walked if an index is nearly of that filter in that order, or quickly through.

    The rest follows in another order, and is asked for only when few have the figure.
    """
    first = replace(route.runs[0], is_small=False)
    walk = statements.expect_walk(lambda: keyset.start_of(rows(), first, PAGE_SIZE), key=key)
    is_even = first.first == "name_sort" and not route.says_text
    if walk.longest > LONGEST_WALK * route.cost and not (is_even and walk.likely <= LIKELY_WALK * route.cost):
        return route
    return replace(route, runs=(first, *route.runs[1:]))


def _route(sort: str, wanted: CustomerFilter, today: date) -> _Route:
    runs, stretches = _runs(sort, wanted, today), terms.stretches(wanted.text)
    if not stretches:
        return _Route(wanted=wanted, runs=runs)
    # A surname lies together in the order of names, and may lie at its end.
    parts: list[keyset.Run] = []
    for run in runs:
        texts = [one.where for one in stretches] if run.first == "name_sort" else [terms.matches(wanted.text)]
        parts += (replace(run, where=run.where & text) for text in texts)
    return _Route(
        wanted=replace(wanted, text=""), runs=tuple(parts), stretches=stretches if _is_by_name(sort) else (),
        says_text=True,
    )  # fmt: skip


def _runs(sort: str, wanted: CustomerFilter, today: date, is_small: bool = False) -> tuple[keyset.Run, ...]:
    """The runs of an order. Who has the figure of a run has figures: more can be said of them."""
    return tuple(
        replace(run, where=run.where & of_figures(wanted, run.first, today=today), is_small=is_small)
        if "__" in run.first
        else replace(run, is_small=is_small)
        for run in ORDERS[sort]
    )


def _is_by_name(sort: str) -> bool:
    return sort.removeprefix("-") == "name"


def _within(actor: Actor, bounds: access.Bounds, wanted: CustomerFilter, today: date) -> QuerySet[Party, Party]:
    """`reached`, where the bounds are known already."""
    mine = access.within(bounds.way, user=actor.user_id, ids=list(bounds.ids), helped=list(bounds.helped))
    return Party.objects.filter(mine, condition(actor, wanted, today=today), state=Party.State.ACTIVE)


def reached(
    actor: Actor, wanted: CustomerFilter, today: date, permission: str = "customers.view"
) -> QuerySet[Party, Party]:
    """The rows a filter means within the actor's reach. Stays in this room."""
    return access.visible_parties(actor, permission).filter(condition(actor, wanted, today=today))


def _page(
    actor: Actor, bounds: access.Bounds, route: _Route, today: date, sort: str, cursor: str, size: int
) -> keyset.Slice:
    code = f"customers.{sort}"
    rows = partial(_within, actor, bounds, route.wanted, today)
    if not cursor and size == PAGE_SIZE and route.is_ready:
        # What everybody opens. A filter that means the same for all has a statement of its own.
        beginning = partial(_beginning, actor, bounds, route, today, sort)
        return keyset.first_page(beginning, len(route.runs), code=code, size=size)
    try:
        return keyset.read(rows(), route.runs, code=code, cursor=cursor, size=size)
    except keyset.BadCursor:
        return keyset.read(rows(), route.runs, code=code, cursor="", size=size)


def _beginning(
    actor: Actor, bounds: access.Bounds, route: _Route, today: date, sort: str, number: int
) -> Sequence[tuple[Any, UUID]]:
    """The first rows of one run of the route."""
    shape, found = (bounds.way, route.wanted, today, sort), list[tuple[Any, UUID]]()
    mine = {"user": actor.user_id or _NOBODY, "ids": list(bounds.ids), "helped": list(bounds.helped)}
    if not route.stretches:
        if route.runs[number].is_small and (few := _few(bounds, route, today, sort, number)) is not None:
            found = few
        elif _is_by_member(bounds, route.wanted, sort):
            found = _FIRST_OF_MEMBERS.all(*shape, number, member=list(bounds.ids))
        else:
            found = _FIRST.all(*shape, number, route.runs[number].is_small, **mine)
    elif between := route.stretches[number].between:
        found = _FIRST_BETWEEN.all(*shape, low=between[0], high=between[1], **mine)
    else:
        rows = _within(actor, bounds, route.wanted, today)
        found = list(keyset.start_of(rows, route.runs[number], PAGE_SIZE))
    return found


def _few(
    bounds: access.Bounds, route: _Route, today: date, sort: str, number: int
) -> list[tuple[Any, UUID]] | None:  # fmt: skip
    """The first rows where figures decide all: who has them, then which of the first are living files.

    The database would look at each of ten thousand files before it sorts; four fifths of the work. None for other
    lists, and where so many of the first are gone that the page is not full.
    """
    first = route.runs[number].first
    if bounds.scope is not Scope.ALL or not first.startswith("standing__") or not is_of_figures(route.wanted):
        return None
    size = PAGE_SIZE + SPARE
    rows = _FIRST_OF_FIGURES.all(route.wanted, today, sort, number, size)
    living = {key for (key,) in _LIVING.all(ids=[key for _, key in rows])}
    found = [row for row in rows if row[1] in living]
    return found[: PAGE_SIZE + 1] if len(found) > PAGE_SIZE or len(rows) < size else None


def _first_of_figures(wanted: CustomerFilter, today: date, sort: str, number: int, size: int) -> QuerySet[Any, Any]:
    run = _runs(sort, wanted, today)[number]
    figure, sign = run.first.removeprefix("standing__"), "-" if run.is_descending else ""
    rows = Standing.objects.filter(on_standing(wanted, today=today), **{f"{figure}__isnull": False})
    # No index is in the order of an expression.
    ordered: Any = Coalesce(figure, figure)
    rows = rows.order_by(ordered.desc() if run.is_descending else ordered.asc(), f"{sign}party_id")
    return rows.values_list(figure, "party_id")[:size]


def _living(ids: Any) -> QuerySet[Any, Any]:
    return Party.objects.filter(pk__any_of=ids, state=Party.State.ACTIVE).values_list("pk")


def _first(
    way: access.Way, wanted: CustomerFilter, today: date, sort: str, number: int, is_small: bool, *, user: Any,
    ids: Any, helped: Any,
) -> QuerySet[Any, Any]:  # fmt: skip
    rows = Party.objects.filter(access.within(way, user=user, ids=ids, helped=helped), state=Party.State.ACTIVE)
    rows = rows.filter(fixed_condition(wanted, today=today))
    return keyset.start_of(rows, _runs(sort, wanted, today, is_small)[number], PAGE_SIZE)


def _first_between(
    way: access.Way, wanted: CustomerFilter, today: date, sort: str, *, low: Any, high: Any, user: Any, ids: Any,
    helped: Any,
) -> QuerySet[Any, Any]:  # fmt: skip
    rows = Party.objects.filter(access.within(way, user=user, ids=ids, helped=helped), state=Party.State.ACTIVE)
    rows = rows.filter(fixed_condition(wanted, today=today), name_sort__gte=low, name_sort__lt=high)
    return keyset.start_of(rows, ORDERS[sort][0], PAGE_SIZE)


def _first_of_members(
    way: access.Way, wanted: CustomerFilter, today: date, sort: str, number: int, *, member: Any
) -> QuerySet[Any, Any]:
    mine = Q(manager=member) if way.scope is Scope.TEAM else Q(unit=member)
    rows = Party.objects.filter(mine, fixed_condition(wanted, today=today), state=Party.State.ACTIVE)
    return keyset.start_of(rows, _runs(sort, wanted, today)[number], PAGE_SIZE)


def _is_by_member(bounds: access.Bounds, wanted: CustomerFilter, sort: str) -> bool:
    """Whether to look at each member of the team, or each unit, by itself.

    Always for a team, which is small and may have hardly any customers: the planner, who expects every part to be like
    the whole, would walk through all customers to find them. For units, which are not small, in the order they are
    indexed by.
    """
    if bounds.helped:
        return False
    if bounds.scope is Scope.TEAM:
        return len(bounds.ids) <= MOST_MEMBERS
    return bounds.scope is Scope.UNIT and len(bounds.ids) <= MOST_MEMBERS and wanted.is_empty and _is_by_name(sort)


_FIRST: Final = Statement(_first, user=UUID, ids=list, helped=list)
_FIRST_OF_FIGURES: Final = Statement(_first_of_figures)
_LIVING: Final = Statement(_living, ids=list)
_FIRST_BETWEEN: Final = Statement(_first_between, low=str, high=str, user=UUID, ids=list, helped=list)
_FIRST_OF_MEMBERS: Final = Statement(_first_of_members, each="member", member=UUID)
_NOBODY: Final = UUID(int=0)


def _count(rows: Callable[[], QuerySet[Party, Party]], key: Hashable) -> tuple[int, bool, bool]:
    """Counted where that is cheap, else what the planner expects, to two digits. `key`: what the number depends on."""
    number, is_estimate = statements.count(
        rows, at_most=COUNTED_AT_MOST + 1, dearest=DEAREST_COUNT, sure=SURELY_MANY, key=key
    )
    if is_estimate:
        return _about(number), True, False
    return min(number, COUNTED_AT_MOST), False, number > COUNTED_AT_MOST


def _about(number: int) -> int:
    step = int(10 ** max(0, len(str(number)) - 2))
    return max(1, number // step) * step
