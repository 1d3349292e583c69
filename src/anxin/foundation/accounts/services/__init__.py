"""Roles, users, sessions, personal tokens, idempotent calls."""

from anxin.foundation.accounts.services.calls import begin_call, drop_old_calls, finish_call, forget_call
from anxin.foundation.accounts.services.limits import take_call
from anxin.foundation.accounts.services.roles import change_grants, create_role, ensure_shipped_roles
from anxin.foundation.accounts.services.sessions import (
    begin_session,
    drop_expired,
    forget_second_factor,
    has_passed_second_factor,
    is_over,
    pass_second_factor,
)
from anxin.foundation.accounts.services.tokens import LONGEST_TOKEN, create_token, note_token_use, revoke_token
from anxin.foundation.accounts.services.users import (
    change_user,
    create_user,
    end_session,
    invite_again,
    invite_user,
    open_demo_log_in,
    reset_second_factor,
    save_look,
    set_active,
)

__all__ = [
    "LONGEST_TOKEN",
    "begin_call",
    "begin_session",
    "change_grants",
    "change_user",
    "create_role",
    "create_token",
    "create_user",
    "drop_expired",
    "drop_old_calls",
    "end_session",
    "ensure_shipped_roles",
    "finish_call",
    "forget_call",
    "forget_second_factor",
    "has_passed_second_factor",
    "invite_again",
    "invite_user",
    "is_over",
    "note_token_use",
    "open_demo_log_in",
    "pass_second_factor",
    "reset_second_factor",
    "revoke_token",
    "save_look",
    "set_active",
    "take_call",
]
