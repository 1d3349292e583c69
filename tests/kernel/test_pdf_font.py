"""The font inside a PDF: it is there, it has the characters of the document, and it travels with its licence."""

from __future__ import annotations

import io

import pytest

from anxin.kernel import pdf_font

NAME = "王䶮燊𬀩因保险合同纠纷投诉"  # 䶮, 燊, 𬀩: rare characters of names, the last beyond 16 bits


@pytest.fixture(scope="module")
def font() -> bytes:
    source = pdf_font.font_file()
    assert source is not None
    return pdf_font.cut(source, NAME)


def test_the_font_cut_for_a_document_has_its_characters_and_little_else(font: bytes) -> None:
    from fontTools.ttLib import TTFont

    cut = TTFont(io.BytesIO(font))
    assert {ord(one) for one in NAME} <= set(cut.getBestCmap())
    assert len(cut.getGlyphOrder()) < 200 and len(font) < 60_000
    assert all(cut["glyf"][cut.getBestCmap()[ord(one)]].numberOfContours > 0 for one in NAME)
    assert "Open Font License" in str(cut["name"].getDebugName(13))


def test_what_was_drawn_for_one_document_does_not_travel_with_the_next(font: bytes) -> None:
    from fontTools.ttLib import TTFont

    source = pdf_font.font_file()
    assert source is not None
    known = set(TTFont(io.BytesIO(pdf_font.cut(source, "䶮已\ue000"))).getBestCmap())
    assert {ord("䶮"), ord("已")} <= known and not {ord("燊"), 0xE000} & known
    assert pdf_font.cut(source, NAME) == font


def test_a_document_carries_the_font_and_falls_back_to_a_named_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportlab.pdfgen.canvas import Canvas

    def made() -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pageCompression=0)
        canvas.setFont(pdf_font.font_for(NAME), 12)
        canvas.drawString(20, 20, NAME)
        canvas.save()
        return out.getvalue()

    assert b"/FontFile2" in made() and b"NotoSansSC-Regular" in made()
    monkeypatch.setattr(pdf_font, "_PACKAGE", "no_such_font_package")
    assert b"/FontFile2" not in made() and b"STSong-Light" in made()
