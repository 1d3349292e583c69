"""What can be wrong with a file or with a value, and how to mend it."""

from __future__ import annotations

from typing import Final

from anxin.kernel.words import mark as _

# Of a value. Importers add codes of their own with their own hints.
HINTS: Final[dict[str, str]] = {
    "ragged": _("The row has more or fewer columns than the header. Check for a separator inside an unquoted value."),
    "value_missing": _("A required value is missing. Fill in the column and import the row again."),
    "control_character": _("The value holds an invisible control character. Remove it or export the file again."),
    "too_long": _("The value is longer than this field can hold. Shorten it or map another column."),
    "rounded_number": _(
        "The spreadsheet rounded this number, its last digits are lost. Format the column as text, enter the numbers "
        "again and save."
    ),
    "code_was_number": _(
        "The code was stored as a number; the decimal part was dropped. Check for lost leading zeros."
    ),
    "not_a_date": _("This is not a date of the expected form. Use 2026-10-12, or set the date format of the column."),
    "impossible_date": _("This day does not exist in the calendar. Correct the date in the source system."),
    "two_digit_year": _("The year has two digits, so the century is unknown. Write the year with four digits."),
    "year_out_of_range": _(
        "The year cannot be right. Correct it, or list the value as “no date” in the profile (null_values)."
    ),
    "excel_serial": _(
        "The spreadsheet's number of a day was read as a date. Check the date, or format the cells as dates."
    ),
    "not_a_moment": _("This is not a date with time of the expected form. Use 2026-10-12 14:30:00."),
    "no_such_time": _("This local time was skipped by summer time. Correct it in the source system."),
    "not_an_amount": _(
        "This is not an amount. Write digits such as 1234.56; set the unit or the number format if needed."
    ),
    "finer_than_fen": _("The amount is finer than one fen. Round it to two decimals of a yuan."),
    "amount_too_large": _("The amount is too large. Check the unit of the column (yuan, fen or 万)."),
    "not_a_number": _("This is not a whole number. Write digits only."),
    "not_yes_no": _("This is neither yes nor no. Use 是 or 否, yes or no, 1 or 0, or map the value."),
    "not_a_choice": _("The value is not one of those this field knows. Map it in the column's value map."),
    "not_mapped": _("The value map of this column has no entry for this value. Add one."),
    "mojibake": _("The value holds replacement characters: it was damaged before it was exported. Check the text."),
    "refused_on_writing": _("The row could not be written. See the other problems of this row."),
}

# Of a whole file. Each is an English text with places for values.
FILE_HINTS: Final[dict[str, str]] = {
    "empty": _("The file is empty."),
    "header_only": _("The file has a header but no rows."),
    "no_header": _("The first line holds no column names."),
    "utf16_without_bom": _(
        "The file looks like UTF-16 without a byte order mark. Save it as “CSV UTF-8” and try again."
    ),
    "utf32": _("The file is encoded in UTF-32. Save it as “CSV UTF-8” and try again."),
    "big5": _("The file looks like Big5 (traditional Chinese). Save it as “CSV UTF-8” and try again."),
    "unknown_encoding": _(
        "The encoding is not recognised near line %(line)s. Supported: UTF-8, GB18030/GBK and UTF-16 with a byte order "
        "mark. Save the file as “CSV UTF-8” and try again."
    ),
    "cut_off": _("The file ends in the middle of a character. It was probably cut off; export it again."),
    "gzip_damaged": _("The compressed file is damaged or was cut off. Compress it again."),
    "too_large_unpacked": _("The file unpacks to more than %(limit)s MB. Split it and import the parts."),
    "quote": _(
        "Line %(line)s: a quotation mark opens here and is not closed properly. Close it, double the quotation marks "
        "inside of values, or switch quoting off in the profile."
    ),
    "row_too_long": _(
        "Line %(line)s: a single row is larger than %(limit)s MB. Check for a missing line end or quote."
    ),
    "too_many_columns": _("The file has %(count)s columns; at most %(limit)s can be read."),
    "duplicate_header": _("The column name “%(column)s” appears more than once. Rename one of them."),
    "column_missing": _(
        "The file lacks columns that the profile names: %(columns)s. Columns of the file: %(present)s."
    ),
    "field_unmapped": _("Required fields have no column: %(fields)s. Choose their columns."),
    "xls_old": _(
        "This is an old .xls workbook or one protected by a password. Save it as .xlsx without a password and try "
        "again."
    ),
    "xlsx_macros": _("The workbook contains macros. Save it as .xlsx without macros and try again."),
    "xlsx_entities": _("The workbook declares XML entities, which no spreadsheet writes. It is refused."),
    "xlsx_bomb": _("The workbook unpacks to far more than its size. It is refused; export it as CSV instead."),
    "xlsx_damaged": _("The workbook cannot be read. Open it in a spreadsheet program, save it again and try again."),
    "xlsx_too_large": _("The workbook needs too much memory. Save the sheet as “CSV UTF-8” and import that."),
    "sheet_missing": _("The workbook has no sheet “%(sheet)s”. Sheets: %(present)s."),
    "parquet_damaged": _("The Parquet file cannot be read. Export it again."),
    "parquet_too_large": _("A row group of the Parquet file is larger than %(limit)s MB. Write smaller row groups."),
    "markup": _("This is a web page (HTML or XML) under another name. Export the data as CSV or XLSX."),
    "unknown_format": _("This kind of file is not supported. Use CSV, XLSX or Parquet."),
    "nul": _("Line %(line)s holds NUL characters: the file was damaged or is no text. Export it again."),
    "not_allowed_name": _("The file name “%(name)s” does not match the profile's pattern “%(pattern)s”."),
    "changed": _("The file was changed after it was taken. Import it again."),
    "file_gone": _("The file is no longer there. Upload it again."),
    "has_errors": _("%(rows)s rows have errors and the import was set to refuse such files. Nothing was kept."),
    "profile": _("The profile cannot be used: %(reason)s"),
    "attempts": _("Given up: %(attempts)s workers in a row stopped without a word at the same place."),
    "unexpected": _("Stopped by an unexpected error (%(error)s). Nothing of the current portion was written."),
}


class FileRefused(Exception):
    """The file cannot be taken as a whole. `code` is a key of FILE_HINTS, `values` fills its places."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.code, self.values_of = code, values
        super().__init__(FILE_HINTS[code] % values if values else FILE_HINTS[code])
