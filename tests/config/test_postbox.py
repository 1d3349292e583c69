"""How mail leaves an instance, and what a forgotten password finds where none does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from anxin.config import postbox
from tests import build


def test_one_address_says_server_account_and_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_MAIL_URL", "smtp+tls://crm%40example.com:a%2Fb@mail.example.com")
    box = postbox.from_environment(is_demo=False)
    assert (box.host, box.port, box.user, box.password) == ("mail.example.com", 587, "crm@example.com", "a/b")
    assert box.is_set and box.starts_tls and not box.is_tls
    monkeypatch.setenv("ANXIN_MAIL_URL", "imap://mail.example.com")
    with pytest.raises(ImproperlyConfigured):
        postbox.from_environment(is_demo=False)


def test_without_an_address_only_a_demo_shows_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANXIN_MAIL_URL", raising=False)
    monkeypatch.delenv("ANXIN_EMAIL_BACKEND", raising=False)
    assert postbox.from_environment(is_demo=True).backend.endswith("console.EmailBackend")
    silent = postbox.from_environment(is_demo=False)
    assert silent.backend.endswith("dummy.EmailBackend")
    assert not silent.is_set


@pytest.mark.django_db
def test_without_mail_a_forgotten_password_leads_to_the_administrator(client: Client, settings: Any) -> None:
    settings.HAS_MAIL = False
    build.user(email="li.na@example.com")
    for answer in (
        client.get("/accounts/password/reset/"),
        client.post("/accounts/password/reset/", {"email": "li.na@example.com"}),
    ):
        assert answer.status_code == 200
        assert "请联系管理员" in answer.content.decode()
        assert b'name="email"' not in answer.content
    assert mail.outbox == []
