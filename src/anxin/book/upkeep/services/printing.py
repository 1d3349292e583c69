"""Customer card and key-account card (A17, A18) as PDF: masked as on the page, recorded as an export."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.foundation.audit import services as audit
from anxin.kernel import pdf_font
from anxin.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of the card: pairs of label and value, or a table."""

    title: str
    pairs: Sequence[tuple[str, str]] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, kw_only=True)
class CardSheet:
    """What is printed. `marks` stand beside the name: number, class, grade."""

    title: str
    name: str
    marks: Sequence[str]
    blocks: Sequence[Block]
    foot: str


@transaction.atomic
def record_card(*, actor: Actor, now: datetime, ref: str, form: str, is_file: bool) -> None:
    """Printing or saving a card takes data out: recorded as an export. Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref, "upkeep.card")
    audit.record(
        actor=actor, now=now, action="upkeep.export_card", object_kind="party", object_id=party.pk,
        object_ref=party.ref, detail={"form": form, "as": "pdf" if is_file else "page"},
    )  # fmt: skip


def as_pdf(sheet: CardSheet) -> bytes:
    """The card on A4."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    font, line, grey = pdf_font.font_for(_all_of(sheet)), colors.HexColor("#d5dae5"), colors.HexColor("#5b6478")
    plain = ParagraphStyle("plain", fontName=font, fontSize=9, leading=12.5, wordWrap="CJK")
    small = ParagraphStyle("small", parent=plain, fontSize=8, leading=11, textColor=grey)
    heading = ParagraphStyle("heading", parent=plain, fontSize=10.5, leading=14, spaceBefore=7, spaceAfter=3)
    title = ParagraphStyle("title", parent=plain, fontSize=15, leading=20)
    whole = A4[0] - 30 * mm
    grid = TableStyle(
        [("GRID", (0, 0), (-1, -1), 0.4, line), ("VALIGN", (0, 0), (-1, -1), "TOP"),
         ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]
    )  # fmt: skip
    parts: list[Any] = [
        Paragraph(_safe(sheet.title), small), Paragraph(_safe(sheet.name), title),
        Paragraph(_safe("　".join(sheet.marks)), plain), Spacer(1, 2 * mm),
    ]  # fmt: skip
    for block in sheet.blocks:
        parts.append(Paragraph(_safe(block.title), heading))
        if block.pairs:
            cells = [
                (Paragraph(_safe(label), small), Paragraph(_safe(value) or "—", plain)) for label, value in block.pairs
            ]
            if len(cells) % 2:
                cells.append((Paragraph("", small), Paragraph("", plain)))
            rows: list[list[Any]] = [[*cells[at], *cells[at + 1]] for at in range(0, len(cells), 2)]
            parts.append(Table(rows, colWidths=[whole * share for share in (0.15, 0.35, 0.15, 0.35)], style=grid))
        elif block.rows:
            body: list[list[Any]] = [[Paragraph(_safe(head), small) for head in block.heads]]
            body += [[Paragraph(_safe(cell), plain) for cell in row] for row in block.rows]
            parts.append(Table(body, colWidths=[whole / len(block.heads)] * len(block.heads), style=grid, repeatRows=1))
        else:
            parts.append(Paragraph(_safe(_("None")), small))

    def foot(canvas: Any, _document: Any) -> None:
        canvas.setFont(font, 8)
        canvas.setFillColor(grey)
        canvas.drawString(15 * mm, 9 * mm, sheet.foot)
        canvas.drawRightString(A4[0] - 15 * mm, 9 * mm, str(canvas.getPageNumber()))

    target = io.BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=15 * mm, rightMargin=15 * mm, topMargin=13 * mm, bottomMargin=16 * mm,
        title=sheet.title, author="",
    )  # fmt: skip
    document.build(parts, onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()


def _all_of(sheet: CardSheet) -> str:
    """Every character of the card, and that of an empty cell."""
    said = [sheet.title, sheet.name, *sheet.marks, sheet.foot, _("None"), "—　"]
    for block in sheet.blocks:
        said += [block.title, *block.heads, *(word for pair in block.pairs for word in pair)]
        said += [cell for row in block.rows for cell in row]
    return "".join(said)


def _safe(text: str) -> str:
    """Paragraphs read markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
