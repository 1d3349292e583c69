"""Users, roles, tokens and one's own settings, through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from anxin.foundation.accounts import queries, services
from anxin.foundation.accounts.models import AccessToken, Grant, RoleDefinition, User
from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import NotPermitted
from anxin.kernel.permissions import Role, Scope
from anxin.kernel.states import StaleState
from tests import build
from tests.build import NOW, Cast


@pytest.fixture
def administrator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def last_entry(action: str) -> Entry:
    return Entry.objects.filter(action=action).latest("id")


@pytest.mark.parametrize(
    "path", ["", "new/", "roles/", "roles/new/", "roles/auditor/", "tokens/", "tokens/new/", "settings/"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(path: str, language: str, administrator: Client, cast: Cast) -> None:
    administrator.cookies["django_language"] = language
    answer = administrator.get(f"/people/{path}")
    assert answer.status_code == 200
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in answer.content.decode()


def test_an_invited_user_sets_a_password_once_and_signs_in(administrator: Client) -> None:
    answer = administrator.post(
        "/people/new/", {"username": "li.na", "display_name": "李娜", "mobile": "138 0013 8000"}
    )
    link = answer.context["link"]
    assert link in answer.content.decode()
    guest = Client()
    set_at = guest.get(link, follow=True).redirect_chain[-1][0]
    password = "a sentence nobody guesses"
    assert guest.post(set_at, {"password1": password, "password2": password}).status_code == 302
    assert guest.get("/people/settings/").status_code == 302, "setting a password does not sign in"
    assert guest.post("/accounts/login/", {"login": "li.na", "password": password}).status_code == 302
    assert guest.get("/people/settings/").status_code == 200
    assert User.objects.get(username="li.na").mobile == "13800138000"
    again = Client().get(link, follow=True)
    assert again.context["token_fail"]


def test_a_user_name_is_given_once_whatever_its_case(administrator: Client) -> None:
    for name in ("li.na", "Li.Na"):
        answer = administrator.post("/people/new/", {"username": name, "display_name": "李娜"})
    assert answer.status_code == 422
    assert User.objects.filter(username__iexact="li.na").count() == 1


def test_a_shut_out_user_is_out_with_the_next_request(administrator: Client, cast: Cast) -> None:
    hers = Client()
    hers.force_login(cast.manager)
    assert hers.get("/people/settings/").status_code == 200
    _token, secret = services.create_token(
        actor=build.actor(cast.administrator), now=NOW, user_id=cast.manager.id, name="x", codes=["org.view"],
        lifetime=timedelta(days=30),
    )  # fmt: skip
    administrator.post(f"/people/{cast.manager.id}/state/", {"state": "inactive"})
    assert hers.get("/people/settings/").status_code == 302
    assert queries.find_token(secret, now=NOW) is None
    assert last_entry("accounts.deactivate").object_ref == cast.manager.username


def test_nobody_shuts_themselves_out(administrator: Client, cast: Cast) -> None:
    administrator.post(f"/people/{cast.administrator.id}/state/", {"state": "inactive"})
    assert User.objects.get(pk=cast.administrator.pk).is_active


def test_a_branch_manager_sees_the_users_of_the_branch_only(client: Client, cast: Cast) -> None:
    client.force_login(cast.branch_manager)
    seen = {row["user"].username for row in client.get("/people/").context["rows"]}
    assert cast.manager.username in seen
    assert cast.outsider.username not in seen
    assert client.get(f"/people/{cast.outsider.id}/").status_code == 404
    assert client.get(f"/people/{cast.manager.id}/").status_code == 200


def test_a_changed_role_holds_from_the_next_request_and_is_recorded(administrator: Client, cast: Cast) -> None:
    hers = Client()
    hers.force_login(cast.manager)
    assert hers.get("/people/").status_code == 403
    version = RoleDefinition.objects.get(code=Role.CUSTOMER_MANAGER).version
    form = {"version": version, "accounts.view": "own"}
    assert administrator.post("/people/roles/customer_manager/grants/", form).status_code == 302
    assert hers.get("/people/").status_code == 200
    assert last_entry("accounts.change_grants").detail == {"changes": {"accounts.view": ["", "own"]}}
    assert administrator.post("/people/roles/customer_manager/grants/", form).status_code == 409


def test_a_role_never_changes_beyond_the_permissions_sent(cast: Cast) -> None:
    actor = build.actor(cast.administrator)
    before = queries.grants_of(Role.AUDITOR)
    services.change_grants(actor=actor, now=NOW, role=Role.AUDITOR, wanted={"org.view": None}, seen_version=1)
    assert queries.grants_of(Role.AUDITOR) == {code: scope for code, scope in before.items() if code != "org.view"}


def test_whoever_may_edit_users_of_a_branch_may_not_edit_roles(cast: Cast) -> None:
    Grant.objects.create(role_id=Role.BRANCH_MANAGER, permission="accounts.edit", scope=Scope.UNIT)
    with pytest.raises(NotPermitted):
        services.change_grants(
            actor=build.actor(cast.branch_manager), now=NOW, role=Role.BRANCH_MANAGER,
            wanted={"audit.view": Scope.ALL}, seen_version=1,
        )  # fmt: skip


def test_the_last_way_to_change_roles_stays(cast: Cast) -> None:
    with pytest.raises(ValueError, match="At least one role"):
        services.change_grants(
            actor=build.actor(cast.administrator), now=NOW, role=Role.ADMINISTRATOR, wanted={"accounts.edit": None},
            seen_version=1,
        )  # fmt: skip
    assert "accounts.edit" in queries.grants_of(Role.ADMINISTRATOR)


def test_two_editors_of_one_role_do_not_overwrite_each_other(cast: Cast) -> None:
    actor = build.actor(cast.administrator)
    services.change_grants(actor=actor, now=NOW, role=Role.AUDITOR, wanted={"org.edit": Scope.ALL}, seen_version=1)
    with pytest.raises(StaleState):
        services.change_grants(actor=actor, now=NOW, role=Role.AUDITOR, wanted={"org.edit": None}, seen_version=1)


def test_a_token_is_shown_once_and_kept_as_a_hash(administrator: Client, cast: Cast) -> None:
    form = {"name": "nightly feed", "days": "30", "codes": ["org.view"]}
    answer = administrator.post("/people/tokens/new/", form)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in administrator.get("/people/tokens/").content.decode()
    token = AccessToken.objects.get(user=cast.administrator)
    assert secret.encode() not in bytes(token.digest)
    assert queries.find_token(secret, now=NOW) == token
    administrator.post(f"/people/tokens/{token.id}/revoke/")
    assert queries.find_token(secret, now=NOW) is None


def test_a_token_cannot_ask_for_what_its_owner_may_not(administrator: Client) -> None:
    answer = administrator.post("/people/tokens/new/", {"name": "x", "days": "30", "codes": ["audit.export"]})
    assert answer.status_code == 422


def test_nobody_revokes_the_token_of_another(client: Client, cast: Cast) -> None:
    token, _secret = services.create_token(
        actor=build.actor(cast.administrator), now=NOW, user_id=cast.administrator.id, name="x", codes=["org.view"],
        lifetime=timedelta(days=30),
    )  # fmt: skip
    client.force_login(cast.head_office)
    assert client.post(f"/people/tokens/{token.id}/revoke/").status_code == 404


def test_own_settings_hold_on_every_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    client.post("/people/settings/look/", {"language": "en", "theme": "dark", "density": "compact"})
    page = client.get("/people/settings/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert 'data-shortcuts="off"' in page
    assert 'lang="en"' in page


def test_the_switch_of_languages_is_kept_for_the_user_and_not_for_the_computer(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    client.post("/i18n/setlang/", {"language": "en", "next": "/people/settings/"})
    assert "django_language" not in client.cookies
    client.cookies["django_language"] = "zh-hans"  # left behind by somebody else
    assert 'lang="en"' in client.get("/people/settings/").content.decode()
    client.post("/i18n/setlang/", {"language": "no such", "next": "/people/settings/"})
    assert 'lang="en"' in client.get("/people/settings/").content.decode()
    client.force_login(cast.colleague)
    assert 'lang="zh-Hans"' in client.get("/people/settings/").content.decode()


def test_a_session_of_another_user_cannot_be_ended(client: Client, cast: Cast) -> None:
    from allauth.usersessions.models import UserSession

    theirs = UserSession.objects.create(user=cast.colleague, ip="10.0.0.1", session_key="k", user_agent="x")
    client.force_login(cast.manager)
    assert client.post(f"/people/{cast.colleague.id}/sessions/{theirs.pk}/end/").status_code == 404
    assert client.post(f"/people/{cast.manager.id}/sessions/{theirs.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()
