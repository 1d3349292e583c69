"""The dashboard of data quality, the list of files to correct, sources of information, answers to decide on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from anxin.book.customers.data import CHOICES
from anxin.book.customers.services import volume
from anxin.book.upkeep import data, queries, services, tasks
from anxin.book.upkeep.data import FileFilter
from anxin.book.upkeep.pages.edge import upkeep_page
from anxin.book.upkeep.pages.panels import word_of
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.kernel.web import answers as web
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column

POST = ("POST",)
POOR = 60
COLUMNS = (
    Column(code="customer", label=gettext_lazy("Customer")),
    Column(code="score", label=gettext_lazy("Score"), kind="number"),
    Column(code="completeness", label=gettext_lazy("Completeness"), kind="number"),
    Column(code="truth", label=gettext_lazy("Truth"), kind="number"),
    Column(code="findings", label=gettext_lazy("Findings"), flexible=True),
    Column(code="manager", label=gettext_lazy("Customer manager")),
    Column(code="unit", label=gettext_lazy("Unit")),
)
# A06: the four ways to get prospects; the others are the eight sources of A05.
WAYS = ("walk_in", "phone", "mail", "on_site")


@upkeep_page("upkeep.view")
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    board = queries.board(actor)
    context: dict[str, Any] = {
        "board": board, "poor": POOR, "may_judge": actor.may("upkeep.export"), "sees_all": actor.scope("upkeep.view"),
        "problems": [(code, word_of(code), count) for code, count in board.problems],
        "problem_chart": {
            "categories": [word_of(code) for code, _count in board.problems[:8]], "horizontal": True,
            "all_labels": True, "digits": 0,
            "series": [{"name": _("Customers"), "labels": True,
                        "data": [count for _code, count in board.problems[:8]]}],
        },
        "trend_chart": {
            "categories": [day.strftime("%m-%d") for day, _mean in board.trend], "min": 0, "max": 100, "digits": 1,
            "series": [{"name": _("Mean score"), "data": [mean for _day, mean in board.trend], "area": True}],
        },
        "change": round(board.whole.score - board.before.score, 1) if board.whole and board.before else None,
    }  # fmt: skip
    return render(request, "upkeep/board.html", context)


@upkeep_page("upkeep.view")
def files(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    wanted = _filter(request.GET)
    try:
        page = queries.list_files(actor, wanted, cursor=request.GET.get("cursor", ""))
    except queries.BadCursor:
        page = queries.list_files(actor, wanted)
    context: dict[str, Any] = {
        "page": page, "columns": COLUMNS, "wanted": wanted,
        "rows": [
            (row, [word_of(code) for code in row.problems], [word_of(item) for item in row.missing])
            for row in page.rows
        ],
        "problems": [
            {"value": code, "label": _(word), "checked": code == wanted.problem} for code, word in data.PROBLEMS.items()
        ],
        "items": [
            {"value": code, "label": _(word), "checked": code == wanted.missing} for code, word in data.ITEMS.items()
        ],
        "chosen_problem": word_of(wanted.problem) if wanted.problem else "",
        "chosen_missing": word_of(wanted.missing) if wanted.missing else "",
        "keep_problem": _keep(request, "problem"), "keep_missing": _keep(request, "missing"), "keep": _keep(request),
        "may_correct": actor.may("upkeep.correct"), "may_export": actor.may("upkeep.export"), "poor": POOR,
        "crumbs": [(reverse("upkeep:board"), _("Data quality")), ("", _("Files to correct"))],
    }  # fmt: skip
    is_part = request.headers.get("HX-Target") == "files"
    return render(request, "upkeep/files_body.html" if is_part else "upkeep/files.html", context)


@upkeep_page("upkeep.correct", methods=POST)
def correct_many(request: HttpRequest) -> HttpResponse:
    ids = _ids(request.POST.getlist("item"))
    if not ids:
        return web.toast(HttpResponse(status=422), _("Choose files first."), level="danger")
    made = services.open_many(actor=actor_of(request), now=clock.now(), parties=ids)
    text = ngettext("%(count)s correction asked for.", "%(count)s corrections asked for.", made) % {"count": made}
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true" if made else "false"
    return web.toast(response, text)


@upkeep_page("upkeep.export", methods=POST)
def export(request: HttpRequest) -> HttpResponse:
    try:
        services.start_export(
            actor=actor_of(request), now=clock.now(), wanted=_filter(request.POST),
            language=get_language() or "zh-hans", task=tasks.export,
        )  # fmt: skip
    except volume.TooMuch as error:
        messages.error(request, _(str(error)))
    return redirect("jobs:list")


@upkeep_page("upkeep.export", methods=POST)
def judge(request: HttpRequest) -> HttpResponse:
    """Judge all files now, as a job."""
    job = jobs.start(
        actor=actor_of(request), now=clock.now(), kind="upkeep.score", title=clock.today().isoformat(), arguments={},
        task=tasks.score, dedupe_key="all",
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "households/started.html", {"job": job})
    return redirect("jobs:list")


@upkeep_page("upkeep.view")
def sources(request: HttpRequest) -> HttpResponse:
    """A05 and A06: where customers were heard of, and what became of them."""
    words = CHOICES["information_source"]
    rows = [
        {"code": code, "label": _(words[code]) if code in words else code or _("Not recorded"), "customers": count,
         "with_policy": held, "premium_fen": premium, "rate": held / count if count else 0, "is_way": code in WAYS}
        for code, count, held, premium in queries.sources_report(actor_of(request))
    ]  # fmt: skip
    known = [row for row in rows if row["code"]]
    context: dict[str, Any] = {
        "rows": rows, "missing": next((row["customers"] for row in rows if not row["code"]), 0),
        "chart": {
            "categories": [row["label"] for row in known], "horizontal": True, "all_labels": True, "digits": 0,
            "series": [{"name": _("Customers"), "data": [row["customers"] for row in known]},
                       {"name": _("With a policy in force"), "data": [row["with_policy"] for row in known],
                        "color": "c2"}],
        },
        "crumbs": [(reverse("upkeep:board"), _("Data quality")), ("", _("Sources of information"))],
    }  # fmt: skip
    return render(request, "upkeep/sources.html", context)


@upkeep_page("upkeep.invite")
def answers(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": queries.list_answers(actor_of(request)),
        "crumbs": [(reverse("upkeep:board"), _("Data quality")), ("", _("Cards to decide on"))],
    }  # fmt: skip
    return render(request, "upkeep/answers.html", context)


def _filter(values: QueryDict) -> FileFilter:
    """Anything may stand in an address: what is not known is left out."""
    below = values.get("below", "")
    return FileFilter(
        problem=code if (code := values.get("problem", "")) in data.PROBLEMS else "",
        missing=item if (item := values.get("missing", "")) in data.ITEMS else "",
        source=values.get("source", "")[:40], unit=_key(values.get("unit", "")),
        manager=_key(values.get("manager", "")),
        below=min(int(below), 101) if below.isdigit() and len(below) < 4 else None,
    )  # fmt: skip


def _keep(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    return [
        (name, value) for name, values in request.GET.lists() if name not in (*without, "cursor") for value in values
    ]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ids(texts: list[str]) -> list[UUID]:
    return [key for text in texts[:500] if (key := _key(text)) is not None]
