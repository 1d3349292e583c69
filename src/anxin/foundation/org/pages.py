"""The tree of units, posts, staff, working calendars."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.accounts import queries as accounts
from anxin.foundation.org import forms, queries, rules, services
from anxin.foundation.org.data import (
    CalendarNotFound,
    CodeTaken,
    IllegalMove,
    PostNotFound,
    RoleTooWide,
    UnitNotFound,
)
from anxin.foundation.org.models import Unit, WorkingCalendar
from anxin.kernel import clock, holidays
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.shell import Person
from anxin.kernel.web.tables import Column, Listing, key

WRITE = ("GET", "HEAD", "POST")
STAFF = Listing(
    code="staff",
    orders={
        "name": (key("user__display_name"), key("id")),
        "unit": (key("unit__path"), key("user__display_name"), key("id")),
    },
    default="unit",
    columns=(
        Column(code="name", label=_("Name"), sort="name"),
        Column(code="staff_no", label=_("Staff number")),
        Column(code="unit", label=_("Unit"), sort="unit", flexible=True),
        Column(code="role", label=_("Role")),
        Column(code="from", label=_("Since"), kind="date"),
    ),
)


def person(request: HttpRequest) -> Person | None:
    """For the shell: who is signed in, with their first post."""
    user = request.user
    if not user.is_authenticated:
        return None
    posts = getattr(request, "posts", ())
    line = ""
    if posts:
        is_english = (get_language() or "").startswith("en")
        line = f"{posts[0].unit} · {posts[0].role_en if is_english else posts[0].role_zh}"
    return Person(name=str(user), post=line)


@page("org.view")
def units_page(request: HttpRequest) -> HttpResponse:
    actor, words = actor_of(request), request.GET.get("q", "").strip()[:60]
    context = {
        "words": words,
        "found": queries.search_units(actor, words) if words else None,
        "units": [] if words else queries.list_roots(actor),
        "levels": dict(forms.LEVELS),
        "may_edit": actor.may("org.edit"),
        "is_open": True,
    }
    return render(request, "org/units.html", context)


@page("org.view")
def children_page(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    unit = _unit(request, unit_id)
    context = {"units": queries.list_children(actor_of(request), unit.id), "levels": dict(forms.LEVELS)}
    return render(request, "org/branch.html", context)


@page("org.view")
def unit_page(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    unit, actor = _unit(request, unit_id), actor_of(request)
    calendar = queries.working_calendar(unit.id)
    context = {
        "unit": unit,
        "level": dict(forms.LEVELS).get(unit.level, unit.level),
        "above": queries.ancestors_of(unit),
        "children": queries.list_children(actor, unit.id),
        "levels": dict(forms.LEVELS),
        "posts": [
            {"post": post, "role": accounts.role_names().get(post.role_id, post.role_id)}
            for post in queries.posts_in(unit.id, today=clock.today())
        ],
        "history": queries.history_of(unit.id),
        "is_working_day": calendar.is_working_day(clock.today()),
        "may_edit": actor.may("org.edit"),
    }
    return render(request, "org/unit.html", context)


@page("org.edit", methods=WRITE)
def unit_new_page(request: HttpRequest) -> HttpResponse:
    parent = _unit(request, _uuid(request.GET["under"])) if request.GET.get("under") else None
    form = forms.NewUnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            unit = services.create_unit(
                actor=actor_of(request), now=clock.now(), parent_id=parent.id if parent else None, **form.cleaned_data
            )
        except CodeTaken:
            form.add_error("code", gettext("There is a unit with this code already."))
        except UnitNotFound as error:
            raise Http404 from error
        else:
            return redirect("org:unit", unit.id)
    context = {"form": form, "parent": parent}
    return render(request, "org/unit_new.html", context, status=422 if form.errors else 200)


@page("org.edit", methods=WRITE)
def unit_edit_page(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    unit = _unit(request, unit_id)
    fields = ("name", "level", "division_code", "is_active")
    form = forms.EditUnitForm(request.POST or None, initial={name: getattr(unit, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_unit(actor=actor_of(request), now=clock.now(), unit_id=unit_id, **form.cleaned_data)
        except UnitNotFound as error:
            raise Http404 from error
        messages.success(request, gettext("Saved."))
        return redirect("org:unit", unit_id)
    return render(request, "org/unit_edit.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


@page("org.edit", methods=WRITE)
def unit_move_page(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    unit = _unit(request, unit_id)
    form = forms.MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        parent = Unit.objects.filter(code=form.cleaned_data["parent"]).first()
        try:
            if parent is None:
                raise UnitNotFound(form.cleaned_data["parent"])
            moved = services.move_unit(actor=actor_of(request), now=clock.now(), unit_id=unit_id, parent_id=parent.id)
        except UnitNotFound:
            form.add_error("parent", gettext("There is no unit with this code."))
        except IllegalMove:
            form.add_error("parent", gettext("A unit cannot lie under itself."))
        else:
            messages.success(request, gettext("Units moved: %(count)s") % {"count": moved})
            return redirect("org:unit", unit_id)
    return render(request, "org/unit_move.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


@page("org.edit", methods=WRITE)
def post_new_page(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    unit = _unit(request, unit_id)
    form = forms.PostForm(
        request.POST or None, roles=accounts.role_names(),
        initial={"from_date": clock.today(), "username": request.GET.get("user", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = accounts.find_user(data.pop("username"))
        try:
            if user is None:
                form.add_error("username", gettext("There is no user with this name."))
            else:
                services.give_post(actor=actor_of(request), now=clock.now(), user_id=user.id, unit_id=unit_id, **data)
        except RoleTooWide:
            form.add_error("role", gettext("This role may more than you may hand out."))
        except UnitNotFound as error:
            raise Http404 from error
        if not form.errors:
            return redirect("org:unit", unit_id)
    return render(request, "org/post_new.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


@page("org.edit", methods=("POST",))
def post_end_page(request: HttpRequest, post_id: UUID) -> HttpResponse:
    try:
        services.end_post(actor=actor_of(request), now=clock.now(), post_id=post_id, until_date=clock.today())
    except PostNotFound as error:
        raise Http404 from error
    messages.success(request, gettext("The post is ended."))
    return redirect(request.POST["next"] if request.POST.get("next", "").startswith("/org/") else "org:staff")


@page("org.view")
def staff_page(request: HttpRequest) -> HttpResponse:
    words, role = request.GET.get("q", "").strip()[:60], request.GET.get("role", "")
    roles = accounts.role_names()
    found = STAFF.first_page_if_bad(
        queries.list_staff(actor_of(request), today=clock.today(), words=words, role=role if role in roles else ""),
        sort=request.GET.get("sort"), cursor=request.GET.get("cursor", ""),
    )  # fmt: skip
    context = {
        "page": found,
        "rows": [{"post": post, "role": roles.get(post.role_id, post.role_id)} for post in found.rows],
        "columns": STAFF.columns,
        "words": words,
        "role": role,
        "roles": roles,
    }
    return render(request, "org/staff.html", context)


@page("org.view")
def calendars_page(request: HttpRequest) -> HttpResponse:
    context = {"calendars": queries.list_calendars(), "may_edit": actor_of(request).may("org.edit")}
    return render(request, "org/calendars.html", context)


@page("org.edit", methods=WRITE)
def calendar_new_page(request: HttpRequest) -> HttpResponse:
    week = {f"day_{number}": rules.write_spans(spans) for number, spans in rules.weekly().items()}
    form = forms.NewCalendarForm(request.POST or None, initial=week)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["unit"]
        unit = Unit.objects.filter(code=code).first() if code else None
        try:
            if code and unit is None:
                raise UnitNotFound(code)
            calendar = services.create_calendar(
                actor=actor_of(request), now=clock.now(), code=form.cleaned_data["code"],
                name=form.cleaned_data["name"], unit_id=unit.id if unit else None, weekly_hours=form.weekly_hours(),
            )  # fmt: skip
        except UnitNotFound:
            form.add_error("unit", gettext("There is no unit with this code."))
        except CodeTaken:
            form.add_error("code", gettext("There is a calendar with this code already."))
        else:
            return redirect("org:calendar", calendar.id)
    return render(request, "org/calendar_new.html", {"form": form}, status=422 if form.errors else 200)


@page("org.view")
def calendar_page(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    calendar = _calendar(calendar_id)
    return _calendar_page(request, calendar, _week_form(calendar), forms.DayForm())


@page("org.edit", methods=("POST",))
def calendar_hours_page(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    calendar = _calendar(calendar_id)
    form = forms.CalendarForm(request.POST)
    if not form.is_valid():
        return _calendar_page(request, calendar, form, forms.DayForm(), status=422)
    services.change_hours(
        actor=actor_of(request), now=clock.now(), calendar_id=calendar_id, name=form.cleaned_data["name"],
        weekly_hours=form.weekly_hours(),
    )  # fmt: skip
    messages.success(request, gettext("Saved."))
    return redirect("org:calendar", calendar_id)


@page("org.edit", methods=("POST",))
def calendar_day_page(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    calendar = _calendar(calendar_id)
    form = forms.DayForm(request.POST)
    if not form.is_valid():
        return _calendar_page(request, calendar, _week_form(calendar), form, status=422)
    data = form.cleaned_data
    services.set_day(
        actor=actor_of(request), now=clock.now(), calendar_id=calendar_id, day=data["day"],
        is_working=data["kind"] == "work", hours=data["hours"], name=data["name"],
    )  # fmt: skip
    return _back(calendar_id, data["day"].year)


@page("org.edit", methods=("POST",))
def calendar_day_remove_page(request: HttpRequest, calendar_id: UUID, day_id: UUID) -> HttpResponse:
    try:
        services.remove_day(actor=actor_of(request), now=clock.now(), calendar_id=calendar_id, day_id=day_id)
    except CalendarNotFound as error:
        raise Http404 from error
    return redirect("org:calendar", calendar_id)


@page("org.edit", methods=("POST",))
def calendar_fill_page(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    _calendar(calendar_id)
    form = forms.YearForm(request.POST)
    if not form.is_valid():
        return redirect("org:calendar", calendar_id)
    year = form.cleaned_data["year"]
    if year not in holidays.published_years():
        messages.warning(request, gettext("The public holidays of %(year)s are not published yet.") % {"year": year})
    else:
        added = services.fill_year(actor=actor_of(request), now=clock.now(), calendar_id=calendar_id, year=year)
        messages.success(request, gettext("Days added: %(count)s") % {"count": added})
    return _back(calendar_id, year)


def _calendar_page(
    request: HttpRequest,
    calendar: WorkingCalendar,
    form: forms.CalendarForm,
    day_form: forms.DayForm,
    status: int = 200,
) -> HttpResponse:
    this_year = clock.today().year
    year = (
        int(request.GET["year"])
        if request.GET.get("year", "").isascii() and request.GET.get("year", "").isdigit()
        else this_year
    )
    year = min(max(year, 2004), 2100)
    days = list(queries.days_of(calendar.id, year))
    context = {
        "calendar": calendar,
        "form": form,
        "day_form": day_form,
        "year": year,
        "years": range(this_year - 1, this_year + 3),
        "days": [{"day": day, "hours": rules.write_spans(day.hours)} for day in days],
        "is_published": any(day.is_published for day in days),
        "can_fill": year in holidays.published_years(),
        "may_edit": actor_of(request).may("org.edit"),
    }
    return render(request, "org/calendar.html", context, status=status)


def _week_form(calendar: WorkingCalendar) -> forms.CalendarForm:
    week = {f"day_{number}": rules.write_spans(calendar.weekly_hours.get(str(number), [])) for number in range(1, 8)}
    return forms.CalendarForm(initial={"name": calendar.name, **week})


def _back(calendar_id: UUID, year: int) -> HttpResponse:
    response = redirect("org:calendar", calendar_id)
    response["Location"] += f"?year={year}"
    return response


def _calendar(calendar_id: UUID) -> WorkingCalendar:
    calendar = queries.find_calendar(calendar_id)
    if calendar is None:
        raise Http404
    return calendar


def _unit(request: HttpRequest, unit_id: UUID) -> Unit:
    try:
        return queries.get_unit(actor_of(request), unit_id)
    except UnitNotFound as error:
        raise Http404 from error


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
