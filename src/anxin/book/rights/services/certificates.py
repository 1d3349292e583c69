"""The certificate of an erasure, as PDF: what was erased, what was kept and why. It says nothing of the person."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext, override

from anxin.book.rights import rules
from anxin.book.rights.models import Certificate
from anxin.kernel import pdf_font


def make_certificate(row: Certificate, _grounds: Mapping[str, str]) -> bytes:
    """In Chinese: the person and the regulator read it."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    with override("zh-hans"):
        title = gettext("Certificate of erasure of personal data")
        facts = (
            (gettext("Certificate no."), row.ref),
            (gettext("Customer number"), row.customer_ref),
            (gettext("Erased on"), f"{rules.day_of(row.erased_at):%Y-%m-%d}"),
            (gettext("Asked by"), row.asked_by),
            (gettext("Approved by"), row.approved_by),
            (gettext("Retention rules, version"), str(row.scheme_version or gettext("as shipped"))),
        )
        lines = [[gettext("Data"), gettext("Removed"), gettext("Blanked"), gettext("Kept, and why")], *_by_room(row)]
        closing = gettext(
            "Backups made before this day still hold the sealed data until they are overwritten in their "
            "rotation; they are not used otherwise, and a restore is followed by this erasure again."
        )
    font = pdf_font.font_for("".join([title, closing, *(word for one in (*facts, *lines) for word in one)]))
    body = ParagraphStyle("body", fontName=font, fontSize=10, leading=15, wordWrap="CJK")
    small = ParagraphStyle("small", parent=body, fontSize=8.5, leading=12)
    head = ParagraphStyle("head", parent=body, fontSize=18, leading=26, alignment=1, spaceAfter=6 * mm)
    told: list[Any] = [
        Paragraph(title, head),
        _table([[Paragraph(label, body), Paragraph(value, body)] for label, value in facts], [45, 125]),
        Spacer(1, 5 * mm),
        _table([[Paragraph(text, small) for text in cells] for cells in lines], [58, 18, 18, 76]),
        Spacer(1, 5 * mm),
        Paragraph(closing, body),
    ]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
        title=row.ref, author="Anxin",
    )  # fmt: skip
    document.build(told)
    return out.getvalue()


def _by_room(row: Certificate) -> list[list[str]]:
    """A line for each part of the product that held something, by the name people know it by."""
    found: dict[str, tuple[int, int, list[str]]] = {}
    for line in row.lines:
        removed, blanked, reasons = found.get(line["room"], (0, 0, []))
        if line["why"] and line["why"] not in reasons:
            reasons = [*reasons, line["why"]]
        found[line["room"]] = removed + int(line["removed"]), blanked + int(line["blanked"]), reasons
    return [
        [_name(room), str(removed), str(blanked), " ".join(gettext(reason) for reason in reasons) or "—"]
        for room, (removed, blanked, reasons) in found.items()
        if removed or blanked or reasons
    ]


def _name(room: str) -> str:
    """What the room is called; a room that is gone keeps its code."""
    try:
        return str(apps.get_app_config(room).verbose_name)
    except LookupError:
        return room


def _table(rows: list[list[Any]], widths: list[int]) -> Any:
    from reportlab.lib import colors
    from reportlab.lib.units import mm
    from reportlab.platypus import Table, TableStyle

    table = Table(rows, colWidths=[width * mm for width in widths], repeatRows=1)
    table.setStyle(
        TableStyle([
            ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#D2D9E3")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ])
    )  # fmt: skip
    return table
