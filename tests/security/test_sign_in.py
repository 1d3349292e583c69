"""S3, S4, S5: passwords, second factor, locks, sessions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.signals import user_login_failed
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client

from anxin.foundation.accounts.models import User
from anxin.foundation.audit.models import Entry
from anxin.kernel import clock
from anxin.kernel.permissions import Role
from tests import another, build
from tests.build import Cast
from tests.build.people import PASSWORD

LOG_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _cheap_hashes(settings: Any) -> None:
    # Hundreds of sign-ins: the cost of argon2 is not what is tried here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def failures() -> Iterator[list[str]]:
    """User names whose password was really compared, and was wrong."""
    seen: list[str] = []

    def note(*, credentials: dict[str, str], **_: object) -> None:
        seen.append(credentials.get("username", ""))

    user_login_failed.connect(note)
    yield seen
    user_login_failed.disconnect(note)


def log_in(client: Client, user: User, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    answer: Any = client.post(LOG_IN, {"login": user.username, "password": password}, **extra)
    return answer


def is_in(client: Client) -> bool:
    return client.get("/people/settings/").status_code == 200


# --- S3 ---


@pytest.mark.parametrize(
    "weak", ["elevenchars", "password1234", "123456789012", "qwertyuiop12345", "aaaabbbbcccc", "adminadmin.li"]
)
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, User(username="adminadmin.li", display_name="x"))


def test_a_long_sentence_is_a_password() -> None:
    validate_password("秋天的柿子挂在树上很好看", User(username="li"))


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_name_answer_alike(client: Client) -> None:
    user = build.user(password=PASSWORD)
    wrong = log_in(client, user, "not the password").content.decode()
    unknown = log_in(client, User(username="nobody-at-all")).content.decode()

    def told(page: str) -> str:
        return page[page.index("<main") : page.index("</main")].replace(user.username, "").replace("nobody-at-all", "")

    assert told(wrong).split("csrfmiddlewaretoken")[1][80:] == told(unknown).split("csrfmiddlewaretoken")[1][80:]


def code_now(secret: str) -> str:
    # Not in the last seconds of a period: the code would be old before it is compared.
    if time.time() % 30 > 26:
        time.sleep(30.2 - time.time() % 30)
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def enrol(client: Client) -> str:
    """Walk through the enrolment that a first sign-in leads to; returns the secret."""
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/totp/activate/"
    secret: str = page.context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)}).status_code == 302
    return secret


@pytest.mark.django_db(transaction=True)  # allauth tells of a new factor after the commit
def test_staff_cannot_work_without_a_second_factor(client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = build.user(role=Role.CUSTOMER_MANAGER, unit=build.unit(), password=PASSWORD)
    log_in(client, user)
    for path in ("/org/", "/people/settings/", "/customers/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/"), path
    enrol(client)
    assert is_in(client)


def is_accepted(code: str) -> bool:
    """On another process, whatever this one remembers."""
    return bool(Authenticator.objects.get(type="totp").wrap().validate_code(code))


@pytest.mark.django_db(transaction=True)
def test_a_code_works_once_even_on_another_process(client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = build.user(password=PASSWORD)
    log_in(client, user)
    secret = enrol(client)
    assert secret not in str(Authenticator.objects.get(user=user, type="totp").data), "secrets are kept sealed"
    second = Client()
    assert log_in(second, user)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(second), "the password alone opens nothing"
    code = code_now(secret)
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert is_in(second)
    assert another.answer(is_accepted, code) is False


@pytest.mark.django_db
def test_a_session_from_before_the_second_factor_does_not_inherit_it(client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = build.user(password=PASSWORD)
    thief = Client()
    log_in(thief, user)
    log_in(client, user)
    enrol(client)
    answer = thief.get("/people/settings/")
    assert (answer.status_code, answer["Location"]) == (302, LOG_IN)
    assert thief.get("/accounts/2fa/").status_code == 302, "signed out altogether"


@pytest.mark.django_db
def test_removing_the_last_factor_leads_back_to_enrolment(client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = build.user(password=PASSWORD)
    log_in(client, user)
    enrol(client)
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert client.get("/people/settings/")["Location"] == "/accounts/2fa/totp/activate/"


@pytest.mark.django_db
def test_a_reset_password_does_not_skip_the_second_factor(client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = build.user(password=PASSWORD, email="li.na@example.com")
    log_in(client, user)
    enrol(client)
    guest = Client()
    guest.post("/accounts/password/reset/", {"email": "li.na@example.com"})
    link = next(word for word in str(mail.outbox[0].body).split() if word.startswith("http"))
    page = guest.get(link, follow=True)
    new = "another long sentence"
    guest.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert not is_in(guest)
    assert log_in(guest, user, new)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(guest)
    assert not is_in(client), "sessions from before the reset have ended"


@pytest.mark.django_db
def test_nothing_is_mailed_to_addresses_nobody_has(client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert mail.outbox == []


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client: Client) -> None:
    form = {"username": "me", "password1": PASSWORD, "password2": PASSWORD, "email": "me@example.com"}
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/login/code/confirm/"):
        assert client.post(path, form).status_code == 404
    assert not User.objects.exists()


# --- S4 ---


@pytest.mark.django_db
def test_guessing_locks_the_account_after_ten_tries_however_it_is_done(client: Client, failures: list[str]) -> None:
    user = build.user(username="song", password=PASSWORD)
    names = ["song", "SONG", "Song", " song ", "ſong"]
    for number in range(60):
        client.post(
            LOG_IN, {"login": names[number % len(names)], "password": f"guess number {number}"},
            REMOTE_ADDR=f"10.0.{number // 250}.{number % 250 + 1}", HTTP_X_FORWARDED_FOR=f"192.0.2.{number + 1}",
            HTTP_HOST=f"localhost:{8000 + number}",
        )  # fmt: skip
    assert len(failures) <= 10
    log_in(client, user)
    assert not is_in(client), "locked: even the right password waits"
    assert Entry.objects.filter(action="accounts.sign_in_failed", object_id=str(user.id)).count() <= 10


@pytest.mark.django_db
@pytest.mark.parametrize("size", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_the_typos_of_a_call_centre_lock_nobody(size: int) -> None:
    users = [build.user(password=PASSWORD) for _ in range(size)]
    for number, user in enumerate(users):
        client = Client(REMOTE_ADDR="10.1.1.1")
        if number % 20 == 0:
            log_in(client, user, "a typo in the password")
        assert log_in(client, user).status_code == 302, f"user {number} was locked out"


@pytest.mark.django_db
def test_a_forwarded_address_is_not_believed(client: Client, cast: Cast) -> None:
    cast.manager.set_password(PASSWORD)
    cast.manager.save()
    log_in(client, cast.manager, REMOTE_ADDR="10.2.3.4", HTTP_X_FORWARDED_FOR="6.6.6.6")
    assert Entry.objects.get(action="accounts.sign_in").address == "10.2.3.4"


@pytest.mark.django_db
def test_a_code_cannot_be_guessed_either(client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = build.user(password=PASSWORD)
    log_in(client, user)
    secret = enrol(client)
    thief = Client()
    log_in(thief, user)
    for number in range(30):
        thief.post("/accounts/2fa/authenticate/", {"code": f"{number:06d}"})
    thief.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert not is_in(thief)


# --- S5 ---


@pytest.mark.django_db
def test_signing_in_changes_the_session_id(client: Client) -> None:
    user = build.user(password=PASSWORD)
    session = client.session
    session["planted"] = "by whoever set the cookie"
    session.save()
    before = session.session_key
    log_in(client, user)
    after = client.session.session_key
    assert after != before
    thief = Client()
    for name in list(client.cookies):
        thief.cookies[name] = before
    assert not is_in(thief)


@pytest.mark.django_db
def test_a_disabled_user_is_out_with_the_next_request(client: Client) -> None:
    user = build.user(password=PASSWORD)
    log_in(client, user)
    assert is_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)
    assert log_in(Client(), user).status_code in {200, 302}
    assert not is_in(client)


@pytest.mark.django_db
def test_an_idle_session_ends_after_half_an_hour(client: Client) -> None:
    client.force_login(build.user())
    start = clock.now()
    for minutes in (0, 29, 58):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert is_in(client)
    with clock.frozen(start + timedelta(minutes=58 + 31)):
        assert not is_in(client)
    with clock.frozen(start + timedelta(minutes=58 + 32)):
        assert not is_in(client), "over is over"


@pytest.mark.django_db
def test_no_session_lives_longer_than_twelve_hours(client: Client) -> None:
    client.force_login(build.user())
    start = clock.now()
    for minutes in range(0, 12 * 60, 25):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert is_in(client)
    with clock.frozen(start + timedelta(hours=12, minutes=1)):
        assert not is_in(client)


@pytest.mark.django_db
def test_a_changed_password_ends_the_other_sessions(client: Client) -> None:
    user = build.user(password=PASSWORD)
    other = Client()
    log_in(other, user)
    log_in(client, user)
    new = "another long sentence"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert is_in(client)
    assert not is_in(other)


@pytest.mark.django_db
def test_knowing_who_acts_costs_three_queries(client: Client, cast: Cast, django_assert_num_queries: Any) -> None:
    client.force_login(cast.manager)
    is_in(client)
    with django_assert_num_queries(3):  # session, user, posts with their grants
        assert client.get("/people/settings/look/").status_code == 405, "an answer without a page"


@pytest.mark.django_db
def test_sign_in_pages_speak_both_languages(client: Client) -> None:
    for language, word in (("zh-hans", "登录"), ("en", "Sign in")):
        client.cookies["django_language"] = language
        assert word in client.get(LOG_IN).content.decode()


@pytest.mark.django_db
def test_a_way_back_leads_nowhere_else(client: Client) -> None:
    user = build.user(password=PASSWORD)
    answer = client.post(f"{LOG_IN}?next=https://evil.example/", {"login": user.username, "password": PASSWORD})
    assert not answer["Location"].startswith("http")
