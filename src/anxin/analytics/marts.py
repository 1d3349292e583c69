"""What the nightly run takes from the database: one narrow file per table. Keys are 16 bytes, money is int64 fen."""

from __future__ import annotations

from typing import Final

STANDING: Final = {
    "parties": "SELECT uuid_send(id) AS party FROM customers_party WHERE state = 'active'",
    "policies": """
        SELECT uuid_send(holder_id) AS party, status, pay_mode, line, is_group_header, effective_date, expiry_date,
               annual_premium_fen, total_paid_fen
          FROM portfolio_policy""",
    "claims": """
        SELECT uuid_send(p.holder_id) AS party, c.state, c.paid_fen
          FROM portfolio_claim c JOIN portfolio_policy p ON p.id = c.policy_id""",
    "contacts": "SELECT uuid_send(party_id) AS party, at FROM desk_touchpoint",
    "before": "SELECT uuid_send(party_id) AS party, tier AS tier_before, abc AS abc_before FROM customers_standing",
}
