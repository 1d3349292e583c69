"""Files as they come: found out what they are, cut into rows with their lines, refused in plain words."""

from __future__ import annotations

import csv
import gzip
import io
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.foundation.intake.rules.detection import LINE
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import FileRule
from anxin.foundation.intake.services import reading
from anxin.foundation.intake.services.reading import PathSource, text


def rows_of(data: bytes, path: Path, chunk_rows: int = 10_000, **rule: object) -> list[tuple[object, ...]]:
    """(line, values …) of every row, in order."""
    path.write_bytes(data)
    source = PathSource(path)
    inspected = reading.inspect(source, FileRule(**rule), chunk_rows=chunk_rows)  # type: ignore[arg-type]
    return [row for chunk in reading.chunks(source, inspected.form) for row in chunk.rows.iter_rows()]


def test_line_numbers_are_those_of_the_file_even_after_quoted_line_ends(tmp_path: Path) -> None:
    data = b'a,b\n1,"x\ny\nz"\n2,y\n\n3,"q""q"\n'
    assert rows_of(data, tmp_path / "x.csv") == [(2, "1", "x\ny\nz"), (5, "2", "y"), (7, "3", 'q"q')]


VALUES = st.text(alphabet=st.sampled_from(list('ab1 ,;|"\n\t王𠮷，')), max_size=8).filter(
    lambda value: value.strip() == value and not value.startswith("\ufeff")
)


@given(
    st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=40), st.integers(1, 7), st.sampled_from(",;\t|")
)
@settings(max_examples=80, deadline=None)
def test_cutting_agrees_with_the_csv_module(rows: list[tuple[str, str, str]], chunk_rows: int, delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows(rows)
    data = out.getvalue().encode()
    form = text.TextForm(delimiter=delimiter, quote='"', header_line=1)
    stream = iter([b"a" + delimiter.encode() + b"b" + delimiter.encode() + b"c\n" + data])
    found = []
    for portion in text.portions(stream, form, chunk_rows):
        frame, refused, _ = text.parse(portion, form, ["a", "b", "c"])
        assert not refused.height
        assert frame.height <= chunk_rows
        found += frame.rows()
    wanted, line = [], 2
    for row in rows:
        if any(row):
            wanted.append((line, *row))
        line += 1 + sum(value.count("\n") for value in row)
    assert [(line, *(value or "" for value in row)) for line, *row in found] == wanted


def test_portions_do_not_depend_on_how_the_stream_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MOST_BYTES", 400)
    rng = random.Random(3)
    data = b"a,b\n" + b"".join(
        f'{number},"{"x" * rng.randrange(60)}{chr(10) * rng.randrange(2)}"\n'.encode() for number in range(300)
    )
    form = text.TextForm(delimiter=",", quote='"', header_line=1)
    whole = [portion.data for portion in text.portions(iter([data]), form, 7)]
    assert b"".join(whole) == data[4:]
    for size in (400, 1000):
        pieces = iter(data[at : at + size] for at in range(0, len(data), size))
        assert b"".join(portion.data for portion in text.portions(pieces, form, 7)) == data[4:]


def test_a_run_that_begins_later_sees_the_same_portions(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + "".join(f"{number},x\n" for number in range(1_000)))
    inspected = reading.inspect(PathSource(path), FileRule(), chunk_rows=64)
    whole = [chunk.rows.rows() for chunk in reading.chunks(PathSource(path), inspected.form)]
    assert len(whole) == 16
    for start in (0, 1, 9, 15):
        later = [chunk.rows.rows() for chunk in reading.chunks(PathSource(path), inspected.form, start=start)]
        assert later == whole[start:]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, line_end: str, tmp_path: Path) -> None:
    content = line_end.join(["姓名;地址", "王小明;上海市浦东新区", "李㐂𠮷;北京市朝阳区", ""])
    assert rows_of(content.encode(encoding), tmp_path / "x.csv") == [
        (2, "王小明", "上海市浦东新区"),
        (3, "李㐂𠮷", "北京市朝阳区"),
    ]


def test_text_in_another_encoding_deep_in_the_file_is_found(tmp_path: Path) -> None:
    # A sample of the beginning would say: ASCII, so anything goes.
    data = b"a,b\n" + b"1,x\n" * 300_000 + "2,王小明\n".encode("gb18030")
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    assert reading.inspect(PathSource(path), FileRule()).form.encoding == "gb18030"


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    assert rows_of(gzip.compress(b"a;b\n1;2\n"), tmp_path / "x.csv.gz") == [(2, "1", "2")]


def test_ragged_rows_are_refused_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1,2\n3\n4,5,6\n\n,\n ,,\n7,8\n")
    inspected = reading.inspect(PathSource(path), FileRule())
    (chunk,) = reading.chunks(PathSource(path), inspected.form)
    assert chunk.rows[LINE].to_list() == [2, 8]
    assert chunk.refused.select("line", "code").rows() == [(3, "ragged"), (4, "ragged")]
    assert chunk.rows_read == 4


def test_a_header_below_the_first_line(tmp_path: Path) -> None:
    data = b"report of 2026\n\na,b\n1,2\n"
    assert rows_of(data, tmp_path / "x.csv", header_line=3) == [(4, "1", "2")]


def test_quoting_can_be_switched_off(tmp_path: Path) -> None:
    data = b'a,b\n1,5" pipe\n2,"x\n'
    with pytest.raises(FileRefused):
        rows_of(data, tmp_path / "x.csv")
    assert rows_of(data, tmp_path / "x.csv", quote="") == [(2, "1", '5" pipe'), (3, "2", '"x')]


def test_parquet_with_dates_numbers_and_nested_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"n": [1.0, 2.5, None], "i": [1, 2, 3], "t": ["a", None, "c"], "l": [[1], [2], [3]]}).with_columns(
        pl.date(2026, 1, pl.col("i")).alias("d"), (pl.col("i") > 1).alias("b")
    ).write_parquet(path)
    inspected = reading.inspect(PathSource(path), FileRule())
    (chunk,) = reading.chunks(PathSource(path), inspected.form)
    assert chunk.rows.rows() == [
        (1, "1", "1", "a", None, "2026-01-01", "false"),
        (2, "2.5", "2", None, None, "2026-01-02", "true"),
        (3, None, "3", "c", None, "2026-01-03", "true"),
    ]


def workbook(path: Path, rows: list[list[object]], sheets: tuple[str, ...] = ("Sheet1",)) -> Path:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name in sheets:
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write_number(at, column, value[0], day)
                elif value is not None:
                    sheet.write(at, column, value)
    book.close()
    return path


def test_workbooks_keep_row_numbers_dates_and_the_doubt_about_long_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "x.xlsx",
        [
            ["编号", "身份证", "日期", "金额"],
            ["A1", "110101199003070011", (45231,), 12.5],
            [],
            ["A2", 110101199003070011, None, 100],
        ],
    )
    inspected = reading.inspect(PathSource(path), FileRule())
    (chunk,) = reading.chunks(PathSource(path), inspected.form)
    assert chunk.rows.rows() == [
        (2, "A1", "110101199003070011", "2023-11-01", "12.5"),
        (4, "A2", "1.10101199003070E+17", None, "100"),
    ]


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", [["a"], ["1"]], sheets=("一", "二"))
    assert reading.inspect(PathSource(path), FileRule(sheet="二")).form.headers == ("a",)
    with pytest.raises(FileRefused) as refusal:
        reading.inspect(PathSource(path), FileRule(sheet="三"))
    assert refusal.value.code == "sheet_missing" and "一, 二" in str(refusal.value)


def test_a_workbook_that_needs_too_much_memory_kills_only_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anxin.foundation.intake.services.reading import workbook as workbooks

    monkeypatch.setattr(workbooks, "MEMORY_MB", 64)
    rng = random.Random(1)
    path = workbook(tmp_path / "x.xlsx", [["a"], *[[rng.randbytes(15_000).hex()] for _ in range(1_500)]])
    with pytest.raises(FileRefused) as refusal:
        reading.inspect(PathSource(path), FileRule())
    assert refusal.value.code == "xlsx_too_large"
