"""The least physics allows for "one customer with related records": one hand-written SQL statement that returns JSON.

It runs through the same server, middleware, authentication by token and audit entry as the product's own address. It
leaves out what the product must also do: row scope by role, unsealing, masking.
"""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from anxin.book.customers.services import viewing
from anxin.config.urls import handler400, handler403, handler404, handler500
from anxin.config.urls import urlpatterns as product
from anxin.kernel import clock
from anxin.kernel.web.api import actor_of

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

SQL = """
SELECT p.id, (to_jsonb(p) - 'name_chars' || jsonb_build_object(
    'standing', (SELECT to_jsonb(s) FROM customers_standing s WHERE s.party_id = p.id),
    'unit', (SELECT u.name FROM org_unit u WHERE u.id = p.unit_id),
    'manager', (SELECT m.display_name FROM accounts_user m WHERE m.id = p.manager_id),
    'contacts', (SELECT jsonb_agg(jsonb_build_object('kind', c.kind, 'label', c.label, 'value', c.value_sealed))
                 FROM customers_contactpoint c WHERE c.party_id = p.id),
    'documents', (SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'number', d.number_sealed))
                  FROM customers_identitydocument d WHERE d.party_id = p.id),
    'addresses', (SELECT jsonb_agg(jsonb_build_object('kind', a.kind, 'text', a.text))
                  FROM customers_address a WHERE a.party_id = p.id),
    'bank_accounts', (SELECT jsonb_agg(jsonb_build_object('bank', b.bank, 'number', b.number_sealed))
                      FROM customers_bankaccount b WHERE b.party_id = p.id),
    'tags', (SELECT jsonb_agg(t.name) FROM customers_partytag g JOIN customers_tag t ON t.id = g.tag_id
             WHERE g.party_id = p.id),
    'policies', (SELECT jsonb_agg(one) FROM (
        SELECT x.policy_no, x.product_name, x.line, x.status, x.effective_date, x.expiry_date, x.premium_fen,
               x.annual_premium_fen, x.sum_insured_fen, x.plate, due.due_date, due.amount_fen
        FROM (SELECT * FROM portfolio_policy WHERE holder_id = p.id
              UNION SELECT o.* FROM portfolio_policy o JOIN portfolio_policyrole r ON r.policy_id = o.id
              WHERE r.party_id = p.id) x
        LEFT JOIN LATERAL (SELECT i.due_date, i.amount_fen FROM portfolio_instalment i
                           WHERE i.policy_id = x.id AND i.status NOT IN ('paid', 'waived')
                           ORDER BY i.due_date LIMIT 1) due ON true) one),
    'claims', (SELECT jsonb_agg(jsonb_build_object('claim_no', c.claim_no, 'state', c.state, 'paid_fen', c.paid_fen,
                                                   'reported_at', c.reported_at, 'policy_no', o.policy_no))
               FROM portfolio_policy o JOIN portfolio_claim c ON c.policy_id = o.id WHERE o.holder_id = p.id),
    'touchpoints', (SELECT jsonb_agg(one) FROM (
        SELECT t.channel, t.direction, t.at, t.topic, t.summary, t.result FROM desk_touchpoint t
        WHERE t.party_id = p.id ORDER BY t.at DESC LIMIT 20) one),
    'endorsements', (SELECT jsonb_agg(jsonb_build_object('kind', e.kind, 'at', e.applied_date))
                     FROM portfolio_policy o JOIN portfolio_endorsement e ON e.policy_id = o.id
                     WHERE o.holder_id = p.id),
    'notes', (SELECT jsonb_agg(n.text) FROM customers_note n WHERE n.party_id = p.id),
    'custody', (SELECT jsonb_agg(jsonb_build_object('from', k.from_at, 'manager', k.manager_id))
                FROM customers_custody k WHERE k.party_id = p.id),
    'edits', (SELECT jsonb_agg(v.pgh_created_at) FROM customers_partyevent v WHERE v.pgh_obj_id = p.id)
))::text
FROM customers_party p WHERE p.ref = %s AND p.state = 'active'
"""


def one_sql(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    with connection.cursor() as cursor:
        cursor.execute(SQL, [ref])
        party_id, text = cursor.fetchone()
    viewing.record_view(actor=actor, now=clock.now(), party_id=party_id, ref=ref)
    return HttpResponse(text, content_type="application/json")


urlpatterns = [path("api/v1/bench/customers/<str:ref>", one_sql), *product]
