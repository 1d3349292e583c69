"""A connection to the database that was lost between two requests."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import RequestFactory

from anxin.config.middleware import DatabaseOutage


def asked() -> int:
    def answer(_request: object) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return HttpResponse(str(cursor.fetchone()[0]))

    response = DatabaseOutage(answer)(RequestFactory().get("/"))
    assert response.status_code == 200
    return int(response.content)


@pytest.mark.django_db(transaction=True)
def test_a_request_after_the_server_hung_up_opens_another_connection() -> None:
    kept = asked()
    assert asked() == kept
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept])
    other.close()
    assert asked() != kept
