"""Empty files to fill in: the columns of one kind of row, in the language of the page."""

from __future__ import annotations

import csv
import io
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from anxin.kernel.importing import FieldKind, Importer, registered_importers
from anxin.kernel.web.pages import page

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMS: Final = {
    FieldKind.TEXT: _("Text"),
    FieldKind.CODE: _("Code, kept as text"),
    FieldKind.DATE: _("Date, 2026-10-12"),
    FieldKind.MOMENT: _("Date and time, 2026-10-12 14:30:00"),
    FieldKind.MONEY: _("Amount in yuan, 1234.56"),
    FieldKind.INTEGER: _("Whole number"),
    FieldKind.YES_NO: _("是 or 否, yes or no"),
    FieldKind.CHOICE: _("One of the values listed"),
}


def kinds() -> list[tuple[str, str]]:
    """(kind, label) of all that can be imported. Labels are English and marked."""
    return [(kind, importer.label) for kind, importer in registered_importers().items()]


@page("intake.view")
def blank_page(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    importer = registered_importers().get(kind)
    if importer is None or form not in ("csv", "xlsx"):
        raise Http404
    content = _csv(importer) if form == "csv" else _xlsx(importer)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8" if form == "csv" else XLSX)
    name = gettext("Import template %(kind)s") % {"kind": gettext(importer.label)}
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}") or "attachment"
    return response


def headers(importer: Importer) -> list[str]:
    """Column names as people read them; * marks what is required. Two fields of one name get their code behind it."""
    labels = [gettext(spec.label) for spec in importer.fields]
    return [
        (f"{label} ({spec.name})" if labels.count(label) > 1 else label) + ("*" if spec.is_required else "")
        for label, spec in zip(labels, importer.fields, strict=True)
    ]


def _csv(importer: Importer) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(headers(importer))
    # The byte order mark: without it spreadsheets read Chinese as something else.
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(importer: Importer) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#EAF0FE", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(gettext("Data")[:31])
        names = headers(importer)
        for at, (name, spec) in enumerate(zip(names, importer.fields, strict=True)):
            sheet.write_string(0, at, name, bold)
            # Text format, or the spreadsheet rounds long numbers and drops leading zeros.
            sheet.set_column(at, at, max(12, 2 * len(name)), text if spec.kind is not FieldKind.MONEY else None)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet(gettext("Explanation")[:31])
        for at, head in enumerate(
            (pgettext("file", "Column"), gettext("Required"), gettext("Form"), gettext("Values"))
        ):
            notes.write_string(0, at, head, bold)
        for row, (name, spec) in enumerate(zip(names, importer.fields, strict=True), start=1):
            notes.write_string(row, 0, name)
            notes.write_string(row, 1, gettext("Yes") if spec.is_required else "")
            notes.write_string(row, 2, str(_FORMS[spec.kind]))
            notes.write_string(row, 3, ", ".join(spec.choices))
        notes.set_column(0, 3, 28)
    return out.getvalue()
