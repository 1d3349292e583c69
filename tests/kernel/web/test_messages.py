"""The tool that keeps catalogues complete, on a small house of its own; and the real catalogues."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import messages
import polib
import pytest

from anxin.kernel.web import catalogues

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package with one room: a module and a template, all of it translated."""
    room = tmp_path / "service/desk"
    (room / "templates/desk").mkdir(parents=True)
    (room / "pages.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        'A = _("Open tickets")\n'
        'B = ngettext("%(n)s ticket", "%(n)s tickets", 2)\n'
        'C = pgettext("action", "Open")\n',
        encoding="utf-8",
    )
    (room / "templates/desk/list.html").write_text(
        '{% translate "Due" %}{% blocktranslate with who=x trimmed %}\n  Owner {{ who }}\n{% endblocktranslate %}'
        "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
        encoding="utf-8",
    )
    extract(tmp_path)
    translate(
        room,
        {
            "Open tickets": "在办工单",
            "%(n)s ticket": "%(n)s 件工单",
            "Open": "打开",
            "Due": "到期",
            "Owner %(who)s": "负责人 %(who)s",
            "%(n)s row": "%(n)s 行",
        },
    )
    return tmp_path


def extract(house: Path) -> None:
    for room, found in messages.collect(house).items():
        messages.merge(room, found)


def catalogue(room: Path) -> polib.POFile:
    return polib.pofile(str(messages.catalogue_of(room)), encoding="utf-8")


def translate(room: Path, texts: dict[str, str]) -> None:
    entries = catalogue(room)
    for entry in entries:
        if entry.msgid in texts:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: texts[entry.msgid]}
            else:
                entry.msgstr = texts[entry.msgid]
    entries.save(str(messages.catalogue_of(room)))


def test_every_text_of_code_and_templates_is_found_and_complete(house: Path) -> None:
    assert messages.check(house) == []
    assert len(catalogue(house / "service/desk")) == 6
    assert catalogue(house / "service/desk").metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_a_planted_missing_translation_is_reported(house: Path) -> None:
    translate(house / "service/desk", {"Due": ""})
    assert messages.check(house) == ["service/desk: “Due” is not translated."]


def test_a_planted_missing_plural_is_reported(house: Path) -> None:
    translate(house / "service/desk", {"%(n)s row": ""})
    assert messages.check(house) == ["service/desk: “%(n)s row” is not translated."]


def test_a_text_that_was_never_extracted_is_reported(house: Path) -> None:
    (house / "service/desk/forms.py").write_text('from x import gettext_lazy as _\nL = _("Reason")\n', encoding="utf-8")
    assert messages.check(house) == ["service/desk: “Reason” is not in the catalogue; run extract and translate it."]


def test_a_text_that_went_away_is_reported_until_extracted(house: Path) -> None:
    (house / "service/desk/pages.py").write_text("", encoding="utf-8")
    assert len([fault for fault in messages.check(house) if "no longer used" in fault]) == 3
    extract(house)
    assert messages.check(house) == []


def test_a_placeholder_that_differs_is_reported(house: Path) -> None:
    translate(house / "service/desk", {"Owner %(who)s": "负责人 %(whom)s"})
    (fault,) = messages.check(house)
    assert "%(whom)s" in fault


def test_a_fuzzy_translation_is_reported_and_not_compiled(house: Path) -> None:
    entries = catalogue(house / "service/desk")
    entry = entries.find("Due")
    assert entry is not None
    entry.flags.append("fuzzy")
    entries.save(str(messages.catalogue_of(house / "service/desk")))
    assert ["fuzzy" in fault for fault in messages.check(house)] == [True]
    catalogues.compile_stale(house)
    compiled = polib.mofile(str(messages.catalogue_of(house / "service/desk").with_suffix(".mo")))
    assert compiled.find("Due") is None
    assert compiled.find("Open tickets") is not None


def test_one_text_with_two_translations_is_reported(house: Path) -> None:
    other = house / "service/surveys"
    other.mkdir()
    (other / "pages.py").write_text('from x import gettext as _\nA = _("Due")\n', encoding="utf-8")
    extract(house)
    translate(other, {"Due": "应缴"})
    (fault,) = messages.check(house)
    assert "“到期” in service/desk" in fault and "“应缴” in service/surveys" in fault


def test_extracting_twice_changes_nothing_and_keeps_translations(house: Path) -> None:
    path = messages.catalogue_of(house / "service/desk")
    extract(house)
    before = path.read_bytes()
    extract(house)
    assert path.read_bytes() == before
    assert messages.check(house) == []


def test_compiling_writes_only_what_is_stale(house: Path) -> None:
    assert catalogues.compile_stale(house) == 1
    assert catalogues.compile_stale(house) == 0


def test_files_outside_the_rooms_share_one_catalogue(tmp_path: Path) -> None:
    assert messages.room_of(tmp_path / "config/settings.py", tmp_path) == tmp_path / "kernel/web"
    assert messages.room_of(tmp_path / "kernel/money.py", tmp_path) == tmp_path / "kernel/web"
    assert messages.room_of(tmp_path / "book/customers/pages/list.py", tmp_path) == tmp_path / "book/customers"


def test_compiling_needs_no_tool_of_development() -> None:
    code = (
        "import sys; sys.modules['babel'] = None; sys.path.insert(0, 'tools')\n"
        "import messages; sys.exit(messages.main(['compile']))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# `make check` asks the same of `tools/messages.py`.
@pytest.mark.slow
def test_all_catalogues_of_the_product_are_complete() -> None:
    assert messages.check() == []
