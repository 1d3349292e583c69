"""A generated corpus of bad files: what source systems, spreadsheets and people have done to customer files.

Each case says what must come of it: a refusal of the whole file by code, or the rows that are refused with their codes.
Rows not named must be taken.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from dataclasses import dataclass, field

HEADER = "客户号,姓名,性别,出生日期,证件类型,证件号码,手机,电子邮件,住址,年收入,职工人数"
PROFILE = {
    "name": "bad-files",
    "source": "bad",
    "entity": [
        {
            "kind": "customer",
            "columns": {
                "source_key": "客户号",
                "name": "姓名",
                "sex": {"column": "性别", "optional": True},
                "birth_date": {"column": "出生日期", "optional": True},
                "id_type": {"default": "resident_id"},
                "id_number": {"column": "证件号码", "optional": True},
                "mobile": {"column": "手机", "optional": True},
                "email": {"column": "电子邮件", "optional": True},
                "home_address": {"column": "住址", "optional": True},
                "annual_income": {"column": "年收入", "optional": True},
                "headcount": {"column": "职工人数", "optional": True},
            },
        }
    ],
}
GOOD = "G{n},王小明{n},男,,,,,,,,"


@dataclass(frozen=True)
class Case:
    """`refused`: line → code that must be among its problems; `file`: code by which the whole file is refused."""

    name: str
    data: bytes
    file: str = ""
    refused: dict[int, str] = field(default_factory=dict)
    warned: dict[int, str] = field(default_factory=dict)
    rows: int | None = None
    ending: str = ".csv"


def _csv(*rows: str, header: str = HEADER) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


def _with(**values: str) -> str:
    names = HEADER.split(",")
    row = dict(zip(names, ["B1", "李雷", "男", "", "", "", "", "", "", "", ""], strict=True)) | values
    return ",".join(row[name] for name in names)


def _value(name: str, column: str, value: str, code: str = "", *, is_warning: bool = False) -> Case:
    """One good row, then one with this value."""
    lines = {3: code} if code else {}
    return Case(
        name,
        _csv(GOOD.format(n=1), _with(**{column: value})),
        refused={} if is_warning else lines,
        warned=lines if is_warning else {},
        rows=2,
    )


def _zip(parts: dict[str, bytes], *, compress: bool = True) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _workbook(rows: list[list[object]], extra: dict[str, bytes] | None = None) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(at, column, value)
    book.close()
    if not extra:
        return target.getvalue()
    with zipfile.ZipFile(target, "a") as archive:
        for name, content in extra.items():
            archive.writestr(name, content)
    return target.getvalue()


def _parquet() -> bytes:
    import polars as pl

    target = io.BytesIO()
    pl.DataFrame({"客户号": ["P1", "P2"], "姓名": ["王小明", None]}).write_parquet(target)
    return target.getvalue()


def _replaced_sheet(book: bytes, change: bytes) -> bytes:
    """The workbook with something in front of the content of its sheet."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                head, _, tail = content.partition(b"?>")
                content = head + b"?>" + change + tail
            parts[name] = content
    return _zip(parts)


def _id_number() -> str:
    """A number nobody has: sequence 001 of a county in Beijing, with its check digit."""
    body = "110101199003070"[:14] + "001"
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def corpus() -> list[Case]:
    good = _csv(GOOD.format(n=1), GOOD.format(n=2))
    text = good.decode()
    head = HEADER.split(",")
    book = _workbook([head, ["X1", "王小明"], ["X2", "李雷"]])
    truncated_gzip = gzip.compress(good)[:-9]
    number = _id_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    return [
        # --- encodings ---
        Case("utf-8", good, rows=2),
        Case("utf-8 with a mark", b"\xef\xbb\xbf" + good, rows=2),
        Case("gbk", good.decode().encode("gbk"), rows=2),
        Case("gb18030 with a Han of extension B", text.replace("王小明1", "𠮷小明").encode("gb18030"), rows=2),
        Case("utf-8 with a Han of extension B", text.replace("王小明1", "𠮷小明").encode(), rows=2),
        Case("utf-16 with a mark", text.encode("utf-16"), rows=2),
        Case("utf-16 big-endian with a mark", b"\xfe\xff" + text.encode("utf-16-be"), rows=2),
        Case("utf-16 little-endian without a mark", text.encode("utf-16-le"), file="utf16_without_bom"),
        Case("utf-16 big-endian without a mark", text.encode("utf-16-be"), file="utf16_without_bom"),
        Case("utf-32", text.encode("utf-32"), file="utf32"),
        Case(
            "big5",
            "客戶號,姓名,住址\nB1,陳大文,臺北市信義區市府路\nB2,林小華,高雄市前金區中正路\n".encode("big5"),
            file="big5",
        ),
        Case("latin-1", "客户号,姓名\n".encode() + "1,Pérez Muñoz\n".encode("latin-1"), file="unknown_encoding"),
        Case("cut inside a character", good[:-1] + "王".encode()[:2], file="cut_off"),
        Case("binary noise", bytes(range(1, 256)) * 40, file="unknown_encoding"),
        # --- text files ---
        Case("nothing", b"", file="empty"),
        Case("only a mark", b"\xef\xbb\xbf", file="empty"),
        Case("header only", _csv(), file="header_only"),
        Case("header and blank lines", _csv("", "", ",,,,,,,,,,"), file="header_only"),
        Case("blank header", b",,,\n1,2,3,4\n", file="no_header"),
        Case("no such columns", b"a,b\n1,2\n", file="column_missing"),
        Case("a mapped column twice", _csv("1,2,3,4", header="客户号,姓名,客户号,x"), file="duplicate_header"),
        Case("an unmapped column twice", _csv("1,王小明,3,4", header="客户号,姓名,备注,备注"), rows=1),
        Case("quote never closed", _csv(GOOD.format(n=1), 'B2,"李雷,男,,,,,,,,', GOOD.format(n=3)), file="quote"),
        Case("quote never closed, later quotes", _csv('B2,"李雷,男,,,,,,,,', 'B3,"韩梅",女,,,,,,,,'), file="quote"),
        Case("quote inside of a value", _csv('B2,李"雷,男,,,,,,,,'), file="quote"),
        Case("text after a closing quote", _csv('B2,"李"雷,男,,,,,,,,'), file="quote"),
        Case("quoted line ends", _csv('B2,李雷,男,,,,,,"上海\n浦东",,', GOOD.format(n=3)), rows=2),
        Case("doubled quotes", _csv('B2,"李""雷""",男,,,,,,,,'), rows=1),
        Case("nul", good.replace("小".encode(), b"\x00"), file="nul"),
        Case("bare cr", good.replace(b"\n", b"\r"), rows=2),
        Case("crlf", good.replace(b"\n", b"\r\n"), rows=2),
        Case("a cr inside of a line", _csv("B1,李\r雷,男,,,,,,,,"), rows=1),
        Case("too few columns", _csv(GOOD.format(n=1), "B2,李雷"), refused={3: "ragged"}, rows=2),
        Case("too many columns", _csv(GOOD.format(n=1), GOOD.format(n=2) + ",,x"), refused={3: "ragged"}, rows=2),
        Case("semicolons", good.replace(b",", b";"), rows=2),
        Case("tabs", good.replace(b",", b"\t"), rows=2),
        Case("bars", good.replace(b",", b"|"), rows=2),
        Case("no line end at the end", good[:-1], rows=2),
        Case(
            "a thousand columns",
            (
                ",".join(["客户号", "姓名", *(f"c{n}" for n in range(998))])
                + "\n"
                + ",".join(["K1", "王小明", *["1"] * 998])
                + "\n"
            ).encode(),
            rows=1,
        ),
        Case(
            "three thousand columns", (",".join(f"c{n}" for n in range(3000)) + "\n").encode(), file="too_many_columns"
        ),
        Case(
            "a cell of ten megabytes",
            _csv(_with(住址="路" * 3_500_000), GOOD.format(n=2)),
            refused={2: "too_long"},
            rows=2,
        ),
        Case("gzip", gzip.compress(good), rows=2, ending=".csv.gz"),
        Case("gzip cut off", truncated_gzip, file="gzip_damaged", ending=".csv.gz"),
        Case("gzip of a workbook", gzip.compress(book), file="unknown_format", ending=".csv.gz"),
        # --- other containers ---
        Case("workbook", book, rows=2, ending=".xlsx"),
        Case("workbook under the name of a csv", book, rows=2),
        Case("csv under the name of a workbook", good, rows=2, ending=".xlsx"),
        Case(
            "old workbook renamed", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), file="xls_old", ending=".xlsx"
        ),
        Case("binary workbook", _zip({"xl/workbook.bin": b"x"}), file="xls_old", ending=".xlsx"),
        Case(
            "workbook with macros",
            _workbook([head, ["X1", "王小明"]], {"xl/vbaProject.bin": b"x"}),
            file="xlsx_macros",
            ending=".xlsx",
        ),
        Case(
            "bomb",
            _zip({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(60_000_000)}),
            file="xlsx_bomb",
            ending=".xlsx",
        ),
        Case(
            "entities",
            _replaced_sheet(book, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
            file="xlsx_entities",
            ending=".xlsx",
        ),
        Case("zip of something else", _zip({"hello.txt": b"x"}), file="unknown_format", ending=".xlsx"),
        Case("workbook cut off", book[: len(book) // 2], file="xlsx_damaged", ending=".xlsx"),
        Case(
            "workbook whose sheet is no xml",
            _zip({"xl/workbook.xml": b"nonsense"}),
            file="xlsx_damaged",
            ending=".xlsx",
        ),
        Case("empty workbook", _workbook([]), file="empty", ending=".xlsx"),
        Case(
            "workbook with an ID number typed as a number",
            _workbook([head, ["X1", "王", None, None, None, int(number[:17] + "1")]]),
            refused={2: "rounded_number"},
            rows=1,
            ending=".xlsx",
        ),
        Case("parquet", _parquet(), refused={2: "name_missing"}, rows=2, ending=".parquet"),
        Case("parquet cut off", _parquet()[:-20], file="parquet_damaged", ending=".parquet"),
        Case("parquet head only", b"PAR1" + struct.pack("<I", 7) + b"PAR1", file="parquet_damaged", ending=".parquet"),
        Case("html", b"<html><table><tr><td>1</td></tr></table></html>", file="markup", ending=".xls"),
        Case("xml", b'<?xml version="1.0"?><rows/>', file="markup", ending=".csv"),
        Case("pdf", b"%PDF-1.7\n%" + bytes(100), file="unknown_format", ending=".csv"),
        Case("picture", b"\x89PNG\r\n\x1a\n" + bytes(100), file="unknown_format", ending=".csv"),
        # --- values ---
        _value("rounded ID number", "证件号码", "1.1010119900307E+17", "rounded_number"),
        _value("wrong check digit", "证件号码", wrong, "*"),
        _value("ID number of 17 digits", "证件号码", number[:17], "*"),
        _value("day that does not exist", "出生日期", "2026-02-30", "impossible_date"),
        _value("year of two digits", "出生日期", "85-03-04", "two_digit_year"),
        _value("day by its number in a spreadsheet", "出生日期", "31110", "excel_serial", is_warning=True),
        _value("born in the future", "出生日期", "2126-01-01", "*"),
        _value("full-width digits", "手机", "１３８００１３８０００"),
        _value("with the code of the country", "手机", "+86 138 0013 8000"),
        _value("amount in words", "年收入", "一万八", "not_an_amount"),
        _value("amount finer than a fen", "年收入", "0.001", "finer_than_fen"),
        _value("number with letters", "职工人数", "12x", "not_a_number"),
        _value("control character", "姓名", "王\x07明", "control_character"),
        _value("no name", "姓名", "", "name_missing"),
        _value("no key", "客户号", "", "value_missing"),
        _value("blank name", "姓名", "\u3000 ", "name_missing"),
        _value("a formula for a name", "姓名", "=HYPERLINK(1)"),
        _value("sql for a name", "姓名", "Robert'); DROP TABLE customers_party;--"),
        _value("markup for a name", "姓名", "<script>alert(1)</script>"),
        Case("the same key twice", _csv(_with(姓名="李雷"), _with(姓名="李雷"), _with(姓名="李蕾")), rows=3),
    ]
