"""Fetching the files of other projects, without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
import vendor_assets


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"package-lock.json": "{}", "icons.txt": "clock\n", "tools/vendor_assets.py": "#"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(vendor_assets, "ROOT", tmp_path)
    monkeypatch.setattr(vendor_assets, "OUT", tmp_path / "out")
    return tmp_path


def place(root: Path) -> None:
    icons = root / "node_modules/@tabler/icons/icons/outline"
    icons.mkdir(parents=True)
    (icons / "clock.svg").write_text(
        '<svg xmlns="x">\n<path stroke="none" d="M0 0h24v24H0z" fill="none" />\n <path d="M1 1" /></svg>',
        encoding="utf-8",
    )
    for source in vendor_assets.COPIES:
        (root / "node_modules" / source).parent.mkdir(parents=True, exist_ok=True)
        (root / "node_modules" / source).write_text("x", encoding="utf-8")


def test_without_npm_it_says_so_in_one_line_and_succeeds(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vendor_assets, "npm", lambda: None)
    assert vendor_assets.main() == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1 and "npm is not installed" in printed


def test_it_builds_the_sprite_and_then_leaves_it_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(vendor_assets, "install", lambda: asked.append("npm") or "")
    place(root)
    assert vendor_assets.main() == 0 and vendor_assets.main() == 0
    assert (root / "out/icons.svg").read_text(encoding="utf-8") == (
        '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="i-clock" viewBox="0 0 24 24">'
        '<path d="M1 1" /></symbol></svg>\n'
    )
    assert asked == ["npm"]


def test_a_new_icon_is_built_without_asking_npm_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(vendor_assets, "install", lambda: asked.append("npm") or "")
    place(root)
    vendor_assets.main()
    (root / "node_modules/@tabler/icons/icons/outline/bell.svg").write_text("<svg><path/></svg>", encoding="utf-8")
    (root / "icons.txt").write_text("bell\nclock\n", encoding="utf-8")
    vendor_assets.main()
    assert 'id="i-bell"' in (root / "out/icons.svg").read_text(encoding="utf-8")
    assert asked == ["npm"]


def test_an_icon_the_set_does_not_have_stops_the_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor_assets, "install", lambda: "")
    place(root)
    (root / "icons.txt").write_text("no-such-icon\n", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        vendor_assets.main()
