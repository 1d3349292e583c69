"""A Chinese font inside every PDF: a notice to a customer must look the same on any reader.

ReportLab embeds TrueType outlines only and the free Chinese fonts have cubic ones, so the characters of one document
are cut out of Noto Sans SC (SIL Open Font License) and turned into TrueType when the document is made, some 80 kB. The
first document of a process takes a third of a second; what it has drawn is kept for the next ones, which take a tenth
of that. Without the font package the document names a font that readers bring along.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

# Every Adobe reader has it; others may show boxes.
NAMED_ONLY: Final = "STSong-Light"
_PACKAGE: Final = "pylopdf_fonts_zh_cn"
# The last one stands beyond 16 bits: only with such a one a font gets the table for others of its kind.
_ALWAYS: Final = "".join(map(chr, range(32, 127))) + "，。；：、？！（）“”‘’《》【】—…·￥¥%％〇𬀩"
_KEPT: Final = 8_000  # characters drawn, some 10 MB; twice what papers in Chinese use
# Error of the curves in font units (a thousandth of the height of a character): not to be seen.
_ERROR: Final = 1.0
_DROPPED: Final = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
_FONT_NAMES: Final = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # copyright, names and licence travel with the font


def font_for(text: str) -> str:
    """The name of a font, ready for use in this thread, that has every character of `text` the font package knows.

    To be asked for once per document, with all of its text: the next call in the same thread replaces the font.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    source = font_file()
    if source is None:
        pdfmetrics.registerFont(UnicodeCIDFont(NAMED_ONLY))
        return NAMED_ONLY
    # One name per thread: a name per document would fill the registry of a process that runs for weeks.
    name = f"NotoSansSC-{threading.get_ident()}"
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(cut(source, text))))
    return name


def font_file() -> Path | None:
    """Where the font lies; None when its package is not installed."""
    try:
        package = import_module(_PACKAGE)
    except ImportError:
        return None
    return Path(package.sans_path())


def cut(source: Path, text: str) -> bytes:
    """A TrueType font with the characters of `text`, out of an OpenType font with cubic outlines."""
    from fontTools.ttLib import TTFont

    font: Any = TTFont(io.BytesIO(_frame(source)), recalcTimestamp=False)
    order, shapes, widths = font.getGlyphOrder(), font["glyf"], font["hmtx"].metrics
    wanted = sorted(set(text) - set(map(chr, font.getBestCmap())))
    for character, shape in zip(wanted, _shapes(source, wanted), strict=True):
        if shape is None:
            continue
        name = f"u{ord(character):05X}"
        order.append(name)
        shapes.glyphs[name], widths[name] = shape.glyph, (shape.width, shape.left)
        for table in font["cmap"].tables:
            if table.format == 12 or ord(character) <= 0xFFFF:
                table.cmap[ord(character)] = name
    font.setGlyphOrder(order)
    shapes.setGlyphOrder(order)
    font["OS/2"].recalcUnicodeRanges(font)
    out = io.BytesIO()
    font.save(out)
    font.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Shape:
    """One character as TrueType draws it; `width` and `left` are its advance and left bearing in font units."""

    glyph: Any
    width: int
    left: int


_drawn: dict[str, _Shape | None] = {}
_drawing = threading.Lock()


def _shapes(source: Path, characters: Sequence[str]) -> list[_Shape | None]:
    """None for what the font does not know. Opening it and finding its way takes longer than drawing a page."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    with _drawing:
        if len(_drawn) > _KEPT:
            _drawn.clear()
        if missing := [one for one in characters if one not in _drawn]:
            font: Any = TTFont(source, lazy=True)
            names, shapes = font.getBestCmap(), font.getGlyphSet()
            for one in missing:
                name = names.get(ord(one))
                if name is None:
                    _drawn[one] = None
                    continue
                pen = TTGlyphPen(None)
                shapes[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
                _drawn[one] = _Shape(pen.glyph(), *font["hmtx"][name])
            font.close()
        return [_drawn[one] for one in characters]


@cache
def _frame(source: Path) -> bytes:
    """The font with what every document may need: names, measures, letters and punctuation."""
    from fontTools import subset
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, desubroutinize=True, name_IDs=_FONT_NAMES
    )
    options.drop_tables += _DROPPED
    font: Any = subset.load_font(str(source), options, lazy=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=_ALWAYS)
    cutter.subset(font)
    order, shapes = font.getGlyphOrder(), font.getGlyphSet()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(None)
        shapes[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    del font["CFF "]
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for name in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
        "maxCompositeContours", "maxComponentDepth",
    ):  # fmt: skip
        setattr(limits, name, 0)
    font["post"].formatType, font["head"].glyphDataFormat = 3.0, 0
    font.sfntVersion, font.recalcBBoxes = "\0\1\0\0", True
    out = io.BytesIO()
    font.save(out)
    font.close()
    return out.getvalue()
