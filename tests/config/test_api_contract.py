"""The API answers as its description says, whoever calls and whatever they send: schemathesis, once per role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings

from anxin.config.api import api
from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.kernel import clock, permissions
from tests import build
from tests.architecture.test_permission_table import ROLES, undone
from tests.build import Cast

QUICK, THOROUGH = 4, 60


def description() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return told


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def violations(user: User, examples: int) -> list[str]:
    """What any operation answers to `examples` calls against its description."""
    # Not at the top: every test process would load it to find the tests of this file.
    import schemathesis

    _row, secret = accounts.create_token(
        actor=build.actor(user), now=clock.now(), user_id=user.id, name="x", codes=sorted(permissions.registered()),
        lifetime=timedelta(days=1),
    )  # fmt: skip
    schema = schemathesis.openapi.from_dict(description())
    schema.app = get_wsgi_application()
    found: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        found += _of_operation(operation, {"Authorization": f"Bearer {secret}"}, examples)
    return found


def _of_operation(operation: Any, headers: dict[str, str], examples: int) -> list[str]:
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as openapi

    judged = [
        checks.not_a_server_error, openapi.status_code_conformance, openapi.content_type_conformance,
        openapi.response_schema_conformance,
    ]  # fmt: skip
    found: list[str] = []

    @seed(20261123)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        with undone():
            answer = case.call(headers=headers)
            try:
                case.validate_response(answer, checks=judged)
            # Several failures of one call come as a group, which is no Exception.
            except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - collected, with what was sent
                found.append(f"{operation.method} {operation.path}: {answer.status_code} {error}"[:600])

    call()
    return found[:3]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The server's end of a request must not close the connection that holds the test's transaction."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[] if role == "manager" else pytest.mark.slow) for role in ROLES]
)
def test_every_operation_answers_as_described(role: str, cast: Cast) -> None:
    build.person(name="王小明", manager=cast.manager, unit=cast.pudong, mobile="13812345678")
    assert "\n".join(violations(getattr(cast, role), QUICK if role == "manager" else THOROUGH)) == ""


def test_every_operation_says_what_it_does_and_shows_an_example() -> None:
    whole = description()

    def has_example(part: Any, seen: frozenset[str] = frozenset()) -> bool:
        if isinstance(part, list):
            return any(has_example(one, seen) for one in part)
        if not isinstance(part, dict):
            return False
        if "example" in part or "examples" in part:
            return True
        name = part.get("$ref", "")
        if name and name not in seen:
            return has_example(whole["components"]["schemas"][name.rpartition("/")[2]], seen | {name})
        return any(has_example(one, seen) for one in part.values())

    bad = []
    for name, operation in operations():
        if not operation.get("operationId") or not operation.get("summary"):
            bad.append(f"{name}: no name")
        good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        said = [operation.get("parameters", []), operation.get("requestBody", {}), *good]
        if not any(map(has_example, said)):
            bad.append(f"{name}: no example")
    assert bad == []
