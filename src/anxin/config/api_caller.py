"""Who calls the API, and the same call only once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from anxin.config.signin import client_address
from anxin.foundation.accounts import queries as accounts_queries
from anxin.foundation.accounts import services as accounts
from anxin.foundation.org import queries as org
from anxin.kernel import clock

PREFIX = "/api/v1/"
LONGEST_KEY = 80
# A larger body is a file: imports recognise a repeated file by themselves.
LARGEST_BODY = 1024 * 1024


class ApiCaller:
    """Under the API prefix the session does not count: the actor is the token's owner, cut to its permissions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        request.actor = None  # type: ignore[attr-defined]
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        now = clock.now()
        token = accounts_queries.find_token(secret.strip(), now=now) if scheme.lower() == "bearer" else None
        if token is None:
            return self.get_response(request)
        wait = accounts.take_call(
            limits={token.id: settings.API_CALLS_OF_TOKEN, token.user_id: settings.API_CALLS_OF_USER}, now=now
        )
        if wait:
            response = _problem(429, "too_many_calls", f"This token or its owner called too often. Wait {wait} s.")
            response["Retry-After"] = str(wait)
            return response
        accounts.note_token_use(token_id=token.id, last_used_at=token.last_used_at, now=now)
        request.actor = org.actor_for(  # type: ignore[attr-defined]
            token.user,
            today=clock.today(),
            channel="api",
            address=client_address(request),
            request_ref=request.META.get("ANXIN_REQUEST_REF", ""),
            only=token.permissions,
        )
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        return self._once(request, token.user_id, key)

    def _once(self, request: HttpRequest, user_id: UUID, key: str) -> HttpResponse:
        if len(key) > LONGEST_KEY:
            return _problem(422, "invalid", f"An Idempotency-Key has at most {LONGEST_KEY} characters.")
        if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
            return self.get_response(request)
        fingerprint = hashlib.sha256(
            b"\0".join([(request.method or "").encode(), request.get_full_path().encode(), request.body])
        ).digest()
        call = accounts.begin_call(user_id=user_id, key=key, fingerprint=fingerprint, now=clock.now())
        if call.is_other:
            return _problem(422, "idempotency_key_reused", "This Idempotency-Key was used with another request.")
        if not call.is_mine:
            if call.status is None:
                response = _problem(409, "in_progress", "The first call with this Idempotency-Key is still at work.")
                response["Retry-After"] = "1"
                return response
            return HttpResponse(
                call.body, status=call.status, content_type="application/json", headers={"Idempotent-Replay": "true"}
            )
        try:
            response = self.get_response(request)
        except BaseException:
            accounts.forget_call(call_id=call.call_id)
            raise
        if response.status_code >= 500:
            accounts.forget_call(call_id=call.call_id)
        else:
            accounts.finish_call(call_id=call.call_id, status=response.status_code, body=response.content.decode())
        return response


def _problem(status: int, error: str, detail: str) -> HttpResponse:
    return JsonResponse({"error": error, "detail": detail}, status=status)
