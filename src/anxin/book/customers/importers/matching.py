"""Which file each row belongs to: the first identity rule.

A known source record keeps its file. Else the same identity document; else the same name, date of birth and mobile,
when exactly one file has them and no other document of the same kind speaks against it. Rows are taken in their order,
so that a file cut into chunks in any way ends in the same state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from anxin.book.customers.importers.files import File, Row
from anxin.kernel import bulk
from anxin.kernel.importing import BatchContext

# LATERAL with OFFSET 0 is the planner's word of honour: one index probe per key, whatever it believes about the tables.
_HOLDERS_OF_DOCUMENTS: Final = """
SELECT k.at, encode(uuid_send(d.party_id), 'hex')
FROM {keys} CROSS JOIN LATERAL (
    SELECT coalesce(p.replaced_by_id, p.id) AS party_id
    FROM customers_identitydocument d JOIN customers_party p ON p.id = d.party_id
    WHERE d.number_blind = decode(k.k1, 'hex') AND d.kind = k.k2 AND NOT d.is_disputed OFFSET 0
) d
"""
_RESTRICTED: Final = """
SELECT k.at FROM {keys} CROSS JOIN LATERAL (
    SELECT p.state FROM customers_identitydocument d JOIN customers_party p ON p.id = d.party_id
    WHERE d.number_blind = decode(k.k1, 'hex') AND d.kind = k.k2 AND NOT d.is_disputed OFFSET 0
) d WHERE d.state = 'restricted'
"""
_FORGOTTEN: Final = """
SELECT k.at FROM {keys} CROSS JOIN LATERAL (
    SELECT 1 FROM customers_forgottendocument d
    WHERE d.number_blind = decode(k.k1, 'hex') AND d.kind = k.k2 OFFSET 0
) d
"""
# IS NOT DISTINCT FROM cannot use the index on names, which without statistics looks better than it is.
_HOLDERS_OF_MOBILES: Final = """
SELECT k.at, encode(uuid_send(c.id), 'hex')
FROM {keys} CROSS JOIN LATERAL (
    SELECT p.id FROM customers_contactpoint c JOIN customers_party p ON p.id = c.party_id
    WHERE c.value_blind = decode(k.k1, 'hex') AND c.kind = 'mobile' AND p.name IS NOT DISTINCT FROM k.k2
    AND p.birth_date IS NOT DISTINCT FROM k.k3::date AND p.state IS NOT DISTINCT FROM 'active' OFFSET 0
) c
"""
_HOLDER: Final = {"at": pl.Int64(), "party": pl.String()}

Holder = int | File
Triple = tuple[str, date, str]


def holders_of_documents(work: pl.DataFrame) -> pl.DataFrame:
    """at → party for rows of `work` whose document is on file."""
    with_document = work.filter(pl.col("document_blind").is_not_null())
    with bulk.by_index():
        found = bulk.lookup(
            _HOLDERS_OF_DOCUMENTS, [with_document["document_blind"], with_document["document_kind"]], _HOLDER
        )
    return found.with_columns(with_document["at"].gather(found["at"]).alias("at"))


def restricted(work: pl.DataFrame) -> pl.Series:
    """Rows (0-based) whose document is that of a restricted file: it is kept and guarded, nothing is added to it."""
    rows = work.with_row_index("at").filter(pl.col("document_blind").is_not_null())
    with bulk.by_index():
        found = bulk.lookup(
            _RESTRICTED, [rows["document_blind"], rows["document_kind"]], {"at": pl.Int64()},
        )  # fmt: skip
    return rows["at"].gather(found["at"]).cast(pl.Int64)


def forgotten(work: pl.DataFrame) -> pl.Series:
    """Rows (0-based) with the document of somebody who was erased."""
    rows = work.with_row_index("at").filter(pl.col("document_blind").is_not_null())
    with bulk.by_index():
        found = bulk.lookup(_FORGOTTEN, [rows["document_blind"], rows["document_kind"]], {"at": pl.Int64()})
    return rows["at"].gather(found["at"]).cast(pl.Int64)


def holders_of_mobiles(work: pl.DataFrame) -> pl.DataFrame:
    """at → party for rows of `work` whose name, birth date and mobile are those of a file (several are possible)."""
    asked = work.filter(
        pl.col("mobile_blind").is_not_null() & pl.col("birth_date").is_not_null() & pl.col("name").is_not_null()
    )
    with bulk.by_index():
        found = bulk.lookup(
            _HOLDERS_OF_MOBILES, [asked["mobile_blind"], asked["name"], asked["birth_date"].cast(pl.String)], _HOLDER
        )
    return found.with_columns(asked["at"].gather(found["at"]).alias("at"))


@dataclass
class Outcome:
    """What became of the rows: `fresh` stand alone as new files, `files` were merged into; counts of rows."""

    fresh: list[int] = field(default_factory=list)
    disputed: set[int] = field(default_factory=set)
    files: list[File] = field(default_factory=list)
    # Source key → the last row that bears it and the file, for rows that were merged.
    records: dict[str, tuple[int, File]] = field(default_factory=dict)
    created: int = 0
    updated: int = 0
    unchanged: int = 0


class Matcher:
    """Takes the changed rows of a chunk one after the other. `work` has a row per position `at`."""

    def __init__(
        self, work: pl.DataFrame, ids: list[str], files: dict[str, File], record_of: dict[str, tuple[str, str]],
        documents: dict[tuple[str, str], str], triples: dict[Triple, list[str]], context: BatchContext,
        today: date,
    ) -> None:  # fmt: skip
        """record_of: source key → (party, digest) of known source records; documents, triples: files on record."""
        self._work, self._ids, self._context, self._today = work, ids, context, today
        self._files = files
        self._promoted: dict[int, File] = {}
        self._digest_of = {key: digest for key, (_party, digest) in record_of.items()}
        self._holder_of_key: dict[str, Holder] = {key: files[party] for key, (party, _d) in record_of.items()}
        self._documents: dict[tuple[str, str], Holder] = {key: files[party] for key, party in documents.items()}
        self._triples: dict[Triple, list[Holder]] = {
            key: [files[party] for party in parties] for key, parties in triples.items()
        }
        self._columns: dict[str, list[Any]] = {
            name: work[name].to_list()
            for name in (
                "source_key", "digest", "document_kind", "document_blind", "mobile_blind", "name", "birth_date", "sex",
            )
        }  # fmt: skip

    def run(self) -> Outcome:
        outcome = Outcome()
        fresh: dict[int, None] = {}
        column = self._columns
        for at, (key, digest) in enumerate(zip(column["source_key"], column["digest"], strict=True)):
            if self._digest_of.get(key) == digest:
                outcome.unchanged += 1
                continue
            self._digest_of[key] = digest
            holder = self._holder_of_key.get(key)
            is_disputed = False
            if holder is None:
                holder, is_disputed = self._match(at)
            else:
                on_document = self._on_document(at)
                is_disputed = on_document is not None and self._resolve(on_document) is not self._resolve(holder)
            if is_disputed:
                outcome.disputed.add(at)
            if holder is None:
                self._holder_of_key[key] = at
                fresh[at] = None
                self._register(at)
                outcome.created += 1
                continue
            file = self._file(holder, fresh, outcome)
            self._holder_of_key[key] = file
            file.merge(self._row(at), self._context.source, self._today, is_disputed=is_disputed)
            outcome.records[key] = at, file
            self._register_file(at, file, is_disputed=is_disputed)
            outcome.updated += 1
        outcome.fresh = list(fresh)
        outcome.files = [*self._files.values(), *self._promoted.values()]
        return outcome

    def _resolve(self, holder: Holder) -> Holder:
        return self._promoted.get(holder, holder) if isinstance(holder, int) else holder

    def _on_document(self, at: int) -> Holder | None:
        blind = self._columns["document_blind"][at]
        return None if blind is None else self._documents.get((self._columns["document_kind"][at], blind))

    def _match(self, at: int) -> tuple[Holder | None, bool]:
        holder = self._on_document(at)
        if holder is not None:
            holder = self._resolve(holder)
            if self._contradicts(at, holder):
                return None, True
            return holder, False
        triple = self._triple(at)
        if triple is None:
            return None, False
        found: list[Holder] = []
        for other in self._triples.get(triple, ()):
            other = self._resolve(other)
            if other not in found and self._still_has(other, triple) and not self._other_document(at, other):
                found.append(other)
        return (found[0], False) if len(found) == 1 else (None, False)

    def _triple(self, at: int) -> Triple | None:
        column = self._columns
        name, birth, mobile = column["name"][at], column["birth_date"][at], column["mobile_blind"][at]
        return None if birth is None or mobile is None else (name, birth, mobile)

    def _contradicts(self, at: int, holder: Holder) -> bool:
        sex, birth = self._columns["sex"][at], self._columns["birth_date"][at]
        if isinstance(holder, File):
            known_sex, known_birth = holder.values["sex"], holder.values["birth_date"]
        else:
            known_sex, known_birth = self._columns["sex"][holder], self._columns["birth_date"][holder]
        return bool(sex and known_sex and sex != known_sex) or bool(birth and known_birth and birth != known_birth)

    def _still_has(self, holder: Holder, triple: Triple) -> bool:
        if isinstance(holder, int):
            return True
        return bool(holder.values["name"] == triple[0] and holder.values["birth_date"] == triple[1])

    def _other_document(self, at: int, holder: Holder) -> bool:
        kind, blind = self._columns["document_kind"][at], self._columns["document_blind"][at]
        if blind is None:
            return False
        if isinstance(holder, File):
            held = holder.documents.get(kind, set())
            return bool(held) and blind not in held
        columns = self._columns
        return bool(columns["document_kind"][holder] == kind and columns["document_blind"][holder] != blind)

    def _register(self, at: int) -> None:
        blind = self._columns["document_blind"][at]
        if blind is not None:
            self._documents.setdefault((self._columns["document_kind"][at], blind), at)
        triple = self._triple(at)
        if triple is not None:
            self._triples.setdefault(triple, []).append(at)

    def _register_file(self, at: int, file: File, *, is_disputed: bool) -> None:
        blind = self._columns["document_blind"][at]
        if blind is not None and not is_disputed:
            self._documents.setdefault((self._columns["document_kind"][at], blind), file)
        name, birth = file.values["name"], file.values["birth_date"]
        if birth is not None:
            for mobile in file.mobiles():
                self._triples.setdefault((name, birth, mobile), []).append(file)

    def _file(self, holder: Holder, fresh: dict[int, None], outcome: Outcome) -> File:
        """The file of a holder; a row that stood alone so far becomes one that others are merged into."""
        if isinstance(holder, File):
            return holder
        present = self._promoted.get(holder)
        if present is not None:
            return present
        row = self._row(holder)
        file = File(id=self._ids[holder], kind=row["kind"], source=self._context.source, is_new=True)
        file.merge(row, self._context.source, self._today, is_disputed=holder in outcome.disputed)
        self._promoted[holder] = file
        del fresh[holder]
        key = self._columns["source_key"][holder]
        self._holder_of_key[key] = file
        outcome.records[key] = holder, file
        return file

    def _row(self, at: int) -> Row:
        return self._work.row(at, named=True)
