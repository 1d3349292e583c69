"""How rows of other registers get into the tables: complaints, their matters, and what a complaint says of them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg import sql

from anxin.book.customers.queries import records as customers
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk, bulk_upsert, importing, promises, vault
from anxin.kernel.importing import Applied, BatchContext, Findings
from anxin.service.complaints.rules import numbering, taxonomy, terms

HEAD: Final = "complaints_complaint"
MATTER: Final = "complaints_matter"
HEAD_COLUMNS: Final = (
    "source_key", "received", "closed", "customer_key", "customer_source", "complainant", "complainant_kind",
    "contact", "capacity", "channel", "nature", "sales_channel", "request", "facts", "severity", "is_regulatory",
    "forwarded", "currency", "policy_no", "claim_no",
)  # fmt: skip
OF_MATTER: Final = (
    "respondent", "line_of_business", "product", "cause", "detail_cause", "words", "validity", "outcome",
    "outcome_words",
)  # fmt: skip
# Of several judgements of one complaint the gravest stands.
_GRAVEST: Final = ("valid", "partly", "unclear", "invalid", "")


def apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    """Write checked rows with their digests: complaints first, then what they are about."""
    unchanged, work = _without_unchanged(rows, context)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    party = customers.parties_of(work["customer_source"], work["customer_key"])
    found.warn(work["customer_key"].is_not_null() & party.is_null(), "customer_key", "unknown_customer",
               work["customer_key"])  # fmt: skip
    work = work.with_columns(party.alias("party_id"))
    ids, old = _write_heads(work, context)
    table = work.with_columns(ids.alias("complaint_id")).select(
        "complaint_id", "key", pl.col("line_of_business").alias("line"), pl.col("recovered").alias("recovered_fen"),
        *(name for name in OF_MATTER if name != "line_of_business"), "digest",
    )  # fmt: skip
    blank = [name for name in table.columns if name in (*OF_MATTER, "line")]
    table = table.with_columns(pl.col(name).fill_null("") for name in blank)
    done = bulk_upsert.upsert(MATTER, table, context, key=["complaint_id", "key"])
    _refresh(old)
    return Applied(done.created, done.updated, unchanged + done.unchanged, 0, found.table())


def _without_unchanged(rows: pl.DataFrame, context: BatchContext) -> tuple[int, pl.DataFrame]:
    query = (
        "SELECT k.at FROM {keys} LEFT JOIN LATERAL (SELECT m.digest FROM complaints_complaint c "
        "JOIN complaints_matter m ON m.complaint_id = c.id "
        "WHERE c.source_key = k.k1 AND c.source = %s AND m.key = k.k2 OFFSET 0) t ON true "
        "WHERE t.digest IS DISTINCT FROM decode(k.k3, 'hex')"
    )
    return bulk_upsert.without(query, ["source_key", "key"], rows, context.source)


def _write_heads(work: pl.DataFrame, context: BatchContext) -> tuple[pl.Series, pl.Series]:
    """(the id of the complaint of each row, the ids of those that were there before)."""
    heads = work.group_by("source_key", maintain_order=True).agg(
        *(pl.col(name).last() for name in (*HEAD_COLUMNS, "party_id") if name != "source_key"),
        *(pl.col(name).first() for name in ("line_of_business", "cause", "detail_cause", "product")),
        pl.col("respondent").drop_nulls().first(), pl.col("outcome").drop_nulls().first(), pl.col("validity"),
        pl.col("key").n_unique().alias("matter_count"),
    )  # fmt: skip
    recovered = (
        work.group_by("source_key", "respondent").agg(pl.col("recovered").max()).group_by("source_key")
        .agg(pl.col("recovered").sum().alias("recovered_fen"))
    )  # fmt: skip
    heads = heads.join(recovered, on="source_key", how="left", maintain_order="left")
    numbers = bulk.next_numbers(numbering.SEQUENCE, heads.height)
    received = pl.col("received").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Shanghai", ambiguous="earliest")
    graver = pl.coalesce(
        pl.when(pl.col("validity").list.contains(code)).then(pl.lit(code)) for code in _GRAVEST if code
    )
    is_over = pl.col("closed").is_not_null()
    pairs = pl.struct(pl.col("cause").fill_null(""), pl.col("detail_cause").fill_null(""))
    situation = pairs.map_batches(_situations, return_dtype=pl.String)
    situation = pl.when(pl.col("cause").is_null()).then(pl.lit("")).otherwise(situation)
    blank = (
        "complainant", "complainant_kind", "capacity", "channel", "nature", "sales_channel", "request", "facts",
        "policy_no", "claim_no", "cause", "detail_cause", "respondent", "outcome", "line", "validity",
    )  # fmt: skip
    fixed: dict[str, Any] = {
        "version": 1, "people_count": 1, "representatives": 1, "is_internal": True, "is_supervised": False,
        "is_escalated": False, "ticket_ref": "", "expectation": "", "mood": "", "mood_now": "", "bearing": "",
        "target": "{}", "pause": "", "findings": "", "root_cause": "", "rater": "", "representative_names": "",
        "forward_no": "",
    }  # fmt: skip
    table = heads.with_columns(
        pl.Series("number", numbers, dtype=pl.Int64), received.dt.convert_time_zone("UTC").alias("received_at"),
    ).select(
        "source_key", pl.lit(context.source).alias("source"), "party_id",
        pl.format("TS{}{}", pl.col("received").dt.strftime("%Y%m%d"), pl.col("number").cast(pl.String).str.zfill(6))
        .alias("ref"),
        pl.coalesce("product", "respondent", "source_key").str.slice(0, 80).alias("title"),
        pl.when(is_over).then(pl.lit("archived")).otherwise(pl.lit("registered")).alias("state"),
        is_over.alias("is_history"), pl.col("closed").alias("closed_date"), "received_at",
        pl.col("forwarded").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Shanghai", ambiguous="earliest")
        .dt.convert_time_zone("UTC").alias("forwarded_at"),
        pl.col("line_of_business").alias("line"), "cause", "detail_cause", "respondent", "outcome",
        graver.alias("validity"), "recovered_fen", "complainant", "complainant_kind", "capacity", "channel", "nature",
        "sales_channel", "request", "facts", "severity", "is_regulatory", "currency", "policy_no", "claim_no",
        situation.alias("situation"), pl.col("matter_count").cast(pl.Int32),
        *(pl.lit(value).alias(name) for name, value in fixed.items()),
    ).with_columns(pl.col(name).fill_null("") for name in blank)  # fmt: skip
    table = _with_clocks(table, context.now)
    contacts = heads.select("source_key", "contact").drop_nulls()
    file_level = (
        "party_id", "closed_date", "received_at", "forwarded_at", "complainant", "complainant_kind", "capacity",
        "channel", "nature", "sales_channel", "request", "facts", "severity", "is_regulatory", "currency", "policy_no",
        "claim_no",
    )  # fmt: skip
    table = table.with_columns(importing.digests(table, file_level, "complaint head 1"))
    ours = [name for name in table.columns if name not in (*file_level, "digest", "source", "source_key")]
    bulk_upsert.upsert(HEAD, table, context, key=["source_key", "source"], insert_only=ours)
    refs = table.select("source_key", "ref")
    known = _ids(refs["source_key"], context.source)
    _seal(contacts.join(known, on="source_key"))
    ids = work["source_key"].replace_strict(known["source_key"], known["id"], return_dtype=pl.String)
    # A complaint that was there before kept its own number.
    old = known.join(refs, on="source_key").filter(pl.col("ref") != pl.col("ref_right"))["id"]
    return ids, old


def _situations(pairs: pl.Series) -> pl.Series:
    """The group of disputes of each (cause, detailed cause); there are few of them in very many rows."""
    table = pairs.struct.unnest()
    known = table.unique()
    said = [taxonomy.situation_of(*pair) for pair in known.iter_rows()]
    joined = table.join(known.with_columns(pl.Series("said", said, pl.String)), on=table.columns, how="left",
                        maintain_order="left")  # fmt: skip
    return joined["said"]


def _seal(contacts: pl.DataFrame) -> None:
    """Telephone numbers, each sealed to the row it stands in."""
    if contacts.is_empty():
        return
    rows = [bytes.fromhex(key) for key in contacts["id"]]
    sealed = vault.ring().seal_many(contacts["contact"].to_list(), HEAD, "contact_sealed", rows)
    stage = bulk.stage(
        contacts.select("id", pl.Series("sealed", sealed, pl.Binary)), {"id": "uuid", "sealed": "bytea"}, key=("id",)
    )
    with bulk.by_index(), connection.cursor() as cursor:
        bulk.run(
            cursor, "UPDATE complaints_complaint c SET contact_sealed = s.sealed FROM {} s WHERE s.id = c.id",
            sql.Identifier(stage),
        )  # fmt: skip


def _ids(keys: pl.Series, source: str) -> pl.DataFrame:
    with bulk.by_index():
        found = bulk.lookup(
            "SELECT k.at, encode(uuid_send(c.id), 'hex'), c.ref FROM {keys} CROSS JOIN LATERAL "
            "(SELECT id, ref FROM complaints_complaint WHERE source_key = k.k1 AND source = %s OFFSET 0) c",
            [keys], {"at": pl.Int64(), "id": pl.String(), "ref": pl.String()}, source,
        )  # fmt: skip
    return found.with_columns(pl.Series("source_key", keys.gather(found["at"]), dtype=pl.String))


def _with_clocks(table: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The statutory clock of those that are still open; closed ones have none."""
    term = promises.Term(promises.Measure.NATURAL_DAYS, int(str(terms.TERM_DEFAULT["simple"])))
    if not table["closed_date"].null_count():
        blank = pl.lit(None, dtype=pl.Datetime("us", "UTC"))
        return table.with_columns(pl.lit("{}").alias("clock"), blank.alias("due_at"), blank.alias("amber_at"))
    content = schemes.active(terms.TERMS, on=numbering.day_of(now)).content
    term = promises.Term(promises.Measure.NATURAL_DAYS, terms.days(content, "simple"))
    calendar = org.working_calendar()
    made: list[tuple[str, datetime | None, datetime | None]] = []
    for received, closed in table.select("received_at", "closed_date").iter_rows():
        if closed is not None:
            made.append(("{}", None, None))
            continue
        clock = promises.Clock(term=term, started_at=received)
        due, amber = promises.schedule(clock, calendar, now, terms.AMBER)
        made.append((_json(promises.dump(clock)), due, amber))
    clocks, due_at, amber_at = zip(*made, strict=True)
    return table.with_columns(
        pl.Series("clock", clocks, dtype=pl.String), pl.Series("due_at", due_at, dtype=pl.Datetime("us", "UTC")),
        pl.Series("amber_at", amber_at, dtype=pl.Datetime("us", "UTC")),
    )  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refresh(old: pl.Series) -> None:
    """What a complaint says of its matters, for those that were there before: the gravest judgement, the first
    outcome, the recovery of each respondent once; and the end, where the file tells it and nobody works on it here."""
    if old.is_empty():
        return
    stage = bulk.stage(old.to_frame("id"), {"id": "uuid"}, key=("id",))
    with bulk.by_index(), connection.cursor() as cursor:
        bulk.run(
            cursor,
            "UPDATE complaints_complaint c SET validity = n.validity, outcome = n.outcome, "
            "recovered_fen = n.recovered, line = n.line, cause = n.cause, detail_cause = n.detail_cause, "
            "respondent = n.respondent, state = n.state, is_history = n.is_history, matter_count = n.count FROM ("
            "SELECT o.id, v.validity, v.count, coalesce(w.outcome, '') AS outcome, r.recovered, f.line, f.cause, "
            "f.detail_cause, coalesce(q.respondent, '') AS respondent, "
            "CASE WHEN o.is_over THEN 'archived' ELSE o.state END AS state, o.is_over OR o.is_history AS is_history "
            "FROM (SELECT x.*, x.closed_date IS NOT NULL AND x.state = 'registered' AND x.version = 1 AS is_over "
            "FROM {} s JOIN complaints_complaint x ON x.id = s.id) o "
            "CROSS JOIN LATERAL (SELECT (array_agg(m.validity ORDER BY array_position("
            "ARRAY['valid', 'partly', 'unclear', 'invalid', ''], m.validity::text)))[1] AS validity, count(*) "
            "FROM complaints_matter m WHERE m.complaint_id = o.id) v "
            "CROSS JOIN LATERAL (SELECT coalesce(sum(a.most), 0) AS recovered FROM "
            "(SELECT max(m.recovered_fen) AS most FROM complaints_matter m WHERE m.complaint_id = o.id "
            "GROUP BY m.respondent) a) r "
            "CROSS JOIN LATERAL (SELECT m.line, m.cause, m.detail_cause FROM complaints_matter m "
            "WHERE m.complaint_id = o.id ORDER BY m.id LIMIT 1) f "
            "LEFT JOIN LATERAL (SELECT m.outcome FROM complaints_matter m WHERE m.complaint_id = o.id "
            "AND m.outcome <> '' ORDER BY m.id LIMIT 1) w ON true "
            "LEFT JOIN LATERAL (SELECT m.respondent FROM complaints_matter m WHERE m.complaint_id = o.id "
            "AND m.respondent <> '' ORDER BY m.id LIMIT 1) q ON true) n "
            "WHERE n.id = c.id AND (c.validity, c.outcome, c.recovered_fen, c.line, c.cause, c.detail_cause, "
            "c.respondent, c.state, c.is_history, c.matter_count) IS DISTINCT FROM (n.validity, n.outcome, "
            "n.recovered, n.line, n.cause, n.detail_cause, n.respondent, n.state, n.is_history, n.count)",
            sql.Identifier(stage),
        )  # fmt: skip
