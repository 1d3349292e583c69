"""Users, roles, one's own settings and tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.accounts import forms, queries, services
from anxin.foundation.accounts.data import (
    Invitation,
    NotGrantable,
    RoleNotFound,
    TokenNotFound,
    UsernameTaken,
    UserNotFound,
)
from anxin.foundation.accounts.models import User
from anxin.kernel import clock, permissions
from anxin.kernel.masking import mask
from anxin.kernel.personal import Kind
from anxin.kernel.web.pages import SIGNED_IN, actor_of, page
from anxin.kernel.web.tables import Column, Listing, key

USERS = Listing(
    code="users",
    orders={"name": (key("display_name"), key("id")), "username": (key("username"), key("id"))},
    default="username",
    columns=(
        Column(code="username", label=_("User name"), sort="username"),
        Column(code="name", label=_("Name"), sort="name", flexible=True),
        Column(code="staff_no", label=_("Staff number")),
        Column(code="mobile", label=_("Mobile phone")),
        Column(code="factor", label=_("Second factor")),
        Column(code="seen", label=_("Last sign-in"), kind="date"),
        Column(code="state", label=_("Status")),
    ),
)


@page("accounts.view")
def users_page(request: HttpRequest) -> HttpResponse:
    words, state = request.GET.get("q", "").strip()[:60], request.GET.get("state", "")
    found = USERS.first_page_if_bad(
        queries.list_users(actor_of(request), words=words, state=state),
        sort=request.GET.get("sort"), cursor=request.GET.get("cursor", ""),
    )  # fmt: skip
    strong = queries.users_with_second_factor(user.id for user in found.rows)
    rows = [
        {"user": user, "mobile": mask(Kind.MOBILE, user.mobile), "strong": user.id in strong} for user in found.rows
    ]
    context = {"page": found, "rows": rows, "columns": USERS.columns, "words": words, "state": state}
    context["may_edit"] = actor_of(request).may("accounts.edit")
    return render(request, "accounts/users.html", context)


@page("accounts.edit", methods=("GET", "HEAD", "POST"))
def user_invite_page(request: HttpRequest) -> HttpResponse:
    form = forms.InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, invitation = services.invite_user(actor=actor_of(request), now=clock.now(), **form.cleaned_data)
        except UsernameTaken:
            form.add_error("username", gettext("Somebody has this user name or staff number already."))
        else:
            return _invited(request, user, invitation)
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200)


@page("accounts.edit", methods=("POST",))
def user_invitation_page(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = _user(request, user_id)
    return _invited(request, user, services.invite_again(actor=actor_of(request), now=clock.now(), user_id=user_id))


def _invited(request: HttpRequest, user: User, invitation: Invitation) -> HttpResponse:
    # Shown in this answer only: a redirect would have to keep the link somewhere.
    path = reverse("account_reset_password_from_key", args=[invitation.uid, invitation.key])
    return render(request, "accounts/invited.html", {"member": user, "link": request.build_absolute_uri(path)})


@page("accounts.view")
def user_page(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = _user(request, user_id)
    context = {
        "member": user,
        "mobile": mask(Kind.MOBILE, user.mobile),
        "email": mask(Kind.EMAIL, user.email),
        "strong": queries.has_second_factor(user.id),
        "sessions": queries.list_sessions(user.id) if actor_of(request).may("accounts.edit") else [],
        "tokens": queries.list_tokens(user.id),
        "may_edit": actor_of(request).may("accounts.edit"),
        "reason_form": forms.ReasonForm(),
        "now": clock.now(),
    }
    return render(request, "accounts/user.html", context)


@page("accounts.edit", methods=("GET", "HEAD", "POST"))
def user_edit_page(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = _user(request, user_id)
    fields = {name: getattr(user, name) for name in ("display_name", "staff_no", "email", "mobile")}
    form = forms.PersonForm(request.POST or None, initial=fields)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_user(actor=actor_of(request), now=clock.now(), user_id=user_id, fields=form.cleaned_data)
        except IntegrityError:
            form.add_error("staff_no", gettext("Somebody has this user name or staff number already."))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("accounts:user", user_id)
    context = {"form": form, "member": user}
    return render(request, "accounts/user_edit.html", context, status=422 if form.errors else 200)


@page("accounts.edit", methods=("POST",))
def user_state_page(request: HttpRequest, user_id: UUID) -> HttpResponse:
    is_active = request.POST.get("state") == "active"
    if user_id == actor_of(request).user_id and not is_active:
        messages.error(request, gettext("You cannot shut yourself out."))
        return redirect("accounts:user", user_id)
    _user(request, user_id)
    services.set_active(actor=actor_of(request), now=clock.now(), user_id=user_id, is_active=is_active)
    messages.success(request, gettext("The user may sign in again.") if is_active else gettext("The user is shut out."))
    return redirect("accounts:user", user_id)


@page("accounts.edit", methods=("POST",))
def second_factor_page(request: HttpRequest, user_id: UUID) -> HttpResponse:
    _user(request, user_id)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Give a reason: it is recorded."))
        return redirect("accounts:user", user_id)
    services.reset_second_factor(
        actor=actor_of(request), now=clock.now(), user_id=user_id, reason=form.cleaned_data["reason"]
    )
    messages.success(request, gettext("The second factor is removed; the user sets up a new one at the next sign-in."))
    return redirect("accounts:user", user_id)


@page(SIGNED_IN, methods=("POST",))
def session_end_page(request: HttpRequest, user_id: UUID, session_id: int) -> HttpResponse:
    try:
        services.end_session(actor=actor_of(request), now=clock.now(), user_id=user_id, session_id=session_id)
    except UserNotFound as error:
        raise Http404 from error
    messages.success(request, gettext("The session is ended."))
    if user_id == actor_of(request).user_id:
        return redirect("accounts:settings")
    return redirect("accounts:user", user_id)


@page("accounts.view")
def roles_page(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "accounts/roles.html",
        {"roles": queries.list_roles(), "may_edit": actor_of(request).may("accounts.edit")},
    )


@page("accounts.edit", methods=("GET", "HEAD", "POST"))
def role_new_page(request: HttpRequest) -> HttpResponse:
    form = forms.RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            role = services.create_role(actor=actor_of(request), now=clock.now(), **form.cleaned_data)
        except IntegrityError:
            form.add_error("code", gettext("There is a role with this code already."))
        else:
            return redirect("accounts:role", role.code)
    return render(request, "accounts/role_new.html", {"form": form}, status=422 if form.errors else 200)


@page("accounts.view")
def role_page(request: HttpRequest, code: str) -> HttpResponse:
    return _role_page(request, code)


@page("accounts.edit", methods=("POST",))
def role_grants_page(request: HttpRequest, code: str) -> HttpResponse:
    form = forms.GrantsForm(request.POST, held={})
    if not form.is_valid():
        return _role_page(request, code, status=422)
    try:
        changed = services.change_grants(
            actor=actor_of(request), now=clock.now(), role=code, wanted=form.wanted(),
            seen_version=form.cleaned_data["version"],
        )  # fmt: skip
    except RoleNotFound as error:
        raise Http404 from error
    except NotGrantable:
        return _role_page(request, code, status=422)
    except ValueError:
        messages.error(request, gettext("At least one role must be able to change users and roles."))
        return redirect("accounts:role", code)
    messages.success(request, gettext("Permissions changed: %(count)s") % {"count": changed})
    return redirect("accounts:role", code)


def _role_page(request: HttpRequest, code: str, status: int = 200) -> HttpResponse:
    try:
        role = queries.get_role(code)
    except RoleNotFound as error:
        raise Http404 from error
    held = queries.grants_of(code)
    form = forms.GrantsForm(initial={"version": role.version}, held=held)
    names = {config.label: str(config.verbose_name) for config in apps.get_app_configs()}
    rooms: dict[str, list[Any]] = {}
    for permission in permissions.registered():
        scope = forms.SCOPES[held[permission]] if permission in held else ""
        line = {"field": form[permission], "code": permission, "scope": scope}
        room = permission.partition(".")[0]
        rooms.setdefault(names.get(room, room), []).append(line)
    context = {"role": role, "form": form, "rooms": rooms, "may_edit": actor_of(request).may("accounts.edit")}
    return render(request, "accounts/role.html", context, status=status)


@page("accounts.tokens")
def tokens_page(request: HttpRequest) -> HttpResponse:
    user_id = actor_of(request).user_id
    assert user_id is not None
    return render(request, "accounts/tokens.html", {"tokens": queries.list_tokens(user_id), "now": clock.now()})


@page("accounts.tokens", methods=("GET", "HEAD", "POST"))
def token_new_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.user_id is not None
    form = forms.TokenForm(request.POST or None, grantable=sorted(actor.grants))
    if request.method == "POST" and form.is_valid():
        token, secret = services.create_token(
            actor=actor, now=clock.now(), user_id=actor.user_id, name=form.cleaned_data["name"],
            codes=form.cleaned_data["codes"], lifetime=form.lifetime,
        )  # fmt: skip
        return render(request, "accounts/token_made.html", {"token": token, "secret": secret})
    return render(request, "accounts/token_new.html", {"form": form}, status=422 if form.errors else 200)


@page("accounts.tokens", methods=("POST",))
def token_revoke_page(request: HttpRequest, token_id: UUID) -> HttpResponse:
    try:
        services.revoke_token(actor=actor_of(request), now=clock.now(), token_id=token_id)
    except TokenNotFound as error:
        raise Http404 from error
    messages.success(request, gettext("The token is void from now on."))
    return redirect("accounts:tokens")


@page(SIGNED_IN)
def settings_page(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    form = forms.LookForm(
        initial={name: getattr(user, name) for name in ("language", "theme", "density", "has_shortcuts")}
    )
    context = {
        "form": form,
        "member": user,
        "posts": getattr(request, "posts", ()),
        "strong": queries.has_second_factor(user.id),
        "sessions": queries.list_sessions(user.id),
        "here": request.session.session_key,
        "may_have_tokens": actor_of(request).may("accounts.tokens"),
    }
    return render(request, "accounts/settings.html", context)


@page(SIGNED_IN, methods=("POST",))
def look_page(request: HttpRequest) -> HttpResponse:
    form = forms.LookForm(request.POST)
    if form.is_valid():
        services.save_look(user_id=_me(request).id, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
    response = redirect("accounts:settings")
    # The cookies of the quick switches would outvote what was just chosen.
    for name in (settings.LANGUAGE_COOKIE_NAME, "anxin-theme", "anxin-density", "anxin-shortcuts"):
        response.delete_cookie(name)
    return response


def load_look(request: HttpRequest) -> dict[str, str]:
    """For the shell: how this user wants pages to look."""
    user = _me(request)
    return {
        "theme": user.theme, "density": user.density, "shortcuts": "on" if user.has_shortcuts else "off"
    }  # fmt: skip


def save_look(request: HttpRequest, name: str, value: str) -> None:
    """For the shell: keep one choice. The width of the rail belongs to the browser, not to the user."""
    if name == "shortcuts":
        services.save_look(user_id=_me(request).id, has_shortcuts=value == "on")
    elif name in {"theme", "density"}:
        services.save_look(user_id=_me(request).id, **{name: value})


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _user(request: HttpRequest, user_id: UUID) -> User:
    try:
        return queries.get_user(actor_of(request), user_id)
    except UserNotFound as error:
        raise Http404 from error
