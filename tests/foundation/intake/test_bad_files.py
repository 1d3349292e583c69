"""The corpus of bad files: every one is refused as a whole in plain words, or adds up row by row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anxin.book.customers.models import Party
from anxin.foundation.intake import queries, services
from anxin.foundation.intake.models import Batch, RowProblem
from anxin.foundation.intake.rules.problems import FILE_HINTS, FileRefused
from anxin.kernel.actor import Actor
from tests import build
from tests.build import bad_files
from tests.build.bad_files import Case

CASES = bad_files.corpus()
STEWARD = Actor.system("test", channel="cli")


def clock():
    return build.NOW


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_bad_file_is_refused_in_words_or_adds_up(case: Case, db: None, tmp_path: Path) -> None:
    path = tmp_path / f"customers{case.ending}"
    path.write_bytes(case.data)
    if case.file:
        # Nothing of a file that is refused as a whole may have been written.
        with pytest.raises(FileRefused) as refusal:
            _import(path)
        assert refusal.value.code == case.file
        assert str(refusal.value) and "%(" not in str(refusal.value)
        assert case.file in FILE_HINTS
        assert not Party.objects.exists()
        return
    batch = services.create_from_path(actor=STEWARD, now=build.NOW, path=path, profile=bad_files.PROFILE)
    services.begin_check(actor=STEWARD, now=build.NOW, ref=batch.ref, in_background=False)
    assert services.check_batch(batch.id, clock=clock)
    assert not Party.objects.exists(), "nothing is written before the import is confirmed"
    checked = problems_of(batch.id)
    services.confirm(actor=STEWARD, now=build.NOW, ref=batch.ref, in_background=False)
    assert services.run_batch(batch.id, clock=clock)
    done = queries.get_batch(STEWARD, batch.ref)
    assert done.state == "done", done.message
    assert done.rows_read == case.rows
    for count in done.counts:
        assert count.rows_read == count.created + count.updated + count.unchanged + count.rejected == case.rows
    found = problems_of(batch.id)
    assert found == checked, "the check says what the run will say"
    refused = {line: codes for line, codes, is_warning in found if not is_warning}
    assert set(refused) == set(case.refused)
    assert done.rows_rejected == len(case.refused) == done.counts[0].rejected
    for line, code in case.refused.items():
        assert code in refused[line] or code == "*", refused[line]
    warned = {line: codes for line, codes, is_warning in found if is_warning}
    for line, code in case.warned.items():
        assert code in warned[line]


def _import(path: Path) -> None:
    batch = services.create_from_path(actor=STEWARD, now=build.NOW, path=path, profile=bad_files.PROFILE)
    services.confirm(actor=STEWARD, now=build.NOW, ref=batch.ref, in_background=False)
    services.run_batch(batch.id, clock=clock)
    made = Batch.objects.get(pk=batch.id)
    if made.state == "failed":
        code = next(code for code, text in FILE_HINTS.items() if text == made.message)
        raise FileRefused(code, **made.message_values)


def problems_of(batch_id: object) -> list[tuple[int, tuple[str, ...], bool]]:
    rows = RowProblem.objects.filter(batch_id=batch_id).values_list("line", "is_warning", "code", "column", "kind")
    found: dict[tuple[int, bool], list[str]] = {}
    for line, is_warning, code, column, kind in rows:
        assert line > 0 and code and (column or not kind)
        found.setdefault((line, is_warning), []).append(code)
    return [(line, tuple(sorted(codes)), is_warning) for (line, is_warning), codes in sorted(found.items())]


def test_the_corpus_covers_every_refusal_a_file_can_meet(tmp_path: Path) -> None:
    """A new way of refusing a file needs its bad file."""
    not_of_a_file = {
        "profile", "attempts", "unexpected", "has_errors", "changed", "file_gone", "not_allowed_name", "field_unmapped",
        "too_large_unpacked", "xlsx_too_large", "sheet_missing", "parquet_too_large", "row_too_long",
    }  # fmt: skip
    assert {case.file for case in CASES if case.file} == set(FILE_HINTS) - not_of_a_file, json.dumps(
        sorted(set(FILE_HINTS) - not_of_a_file - {case.file for case in CASES})
    )
