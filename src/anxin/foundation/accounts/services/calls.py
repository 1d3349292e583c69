"""The same API call only once: idempotency keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from anxin.foundation.accounts.data import Call
from anxin.foundation.accounts.models import IdempotentCall
from anxin.kernel import vault
from anxin.kernel.identifiers.uuid7 import uuid7

# A call whose process died without an answer may be made again after this long.
ABANDONED_CALL = timedelta(minutes=5)
CALLS_KEPT = timedelta(hours=48)


def begin_call(*, user_id: UUID, key: str, fingerprint: bytes, now: datetime) -> Call:
    """Claim an idempotency key. The unique index decides between callers at the same moment."""
    call_id = uuid7()
    made = IdempotentCall.objects.bulk_create(
        [IdempotentCall(id=call_id, user_id=user_id, key=key, fingerprint=fingerprint, created_at=now)],
        ignore_conflicts=True,
    )
    found = IdempotentCall.objects.get(user_id=user_id, key=key)
    if found.id == made[0].id:
        return Call(call_id, is_mine=True, is_other=False)
    if bytes(found.fingerprint) != fingerprint:
        return Call(found.id, is_mine=False, is_other=True)
    if found.status is None and now - found.created_at > ABANDONED_CALL:
        taken = IdempotentCall.objects.filter(pk=found.id, status=None, created_at=found.created_at).update(
            created_at=now
        )
        return Call(found.id, is_mine=bool(taken), is_other=False)
    body = ""
    if found.body_sealed is not None:
        body = vault.ring().open(
            bytes(found.body_sealed), table="accounts_idempotentcall", column="body_sealed", row=found.id
        )
    return Call(found.id, is_mine=False, is_other=False, status=found.status, body=body)


def finish_call(*, call_id: UUID, status: int, body: str) -> None:
    """Keep the answer for whoever asks again with the same key."""
    sealed = vault.ring().seal(body, table="accounts_idempotentcall", column="body_sealed", row=call_id)
    IdempotentCall.objects.filter(pk=call_id).update(status=status, body_sealed=sealed)


def forget_call(*, call_id: UUID) -> None:
    """The call failed without effect: the key may be used again."""
    IdempotentCall.objects.filter(pk=call_id, status=None).delete()


def drop_old_calls(*, now: datetime) -> int:
    """Remove answers older than `CALLS_KEPT`; returns how many."""
    return IdempotentCall.objects.filter(created_at__lt=now - CALLS_KEPT).delete()[0]
