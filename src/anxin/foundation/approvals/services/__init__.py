"""Asking for decisions and making them."""

from anxin.foundation.approvals.services.deciding import approve, ask, expire_old, register_kind, reject, withdraw

__all__ = ["approve", "ask", "expire_old", "register_kind", "reject", "withdraw"]
