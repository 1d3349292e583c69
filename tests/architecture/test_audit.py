"""S14: `make audit` tells weak dependencies, none, and not knowing apart."""

from __future__ import annotations

import json
import sys

import audit
import pytest

WEAK = {
    "dependencies": [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "leaky", "version": "0.9", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["0.9.1"]}]},
    ]
}


def answering(text: str, code: int = 0) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]


def test_a_weak_dependency_is_named_with_what_mends_it() -> None:
    assert audit.python_findings(json.dumps(WEAK)) == ["leaky 0.9: PYSEC-2026-1, mended in 0.9.1"]
    assert audit.npm_findings(json.dumps({"vulnerabilities": {"leaky": {"severity": "high"}}})) == ["leaky: high"]


def test_weak_clean_and_unknown_end_differently(capsys: pytest.CaptureFixture[str]) -> None:
    weak = audit._ask("Python", answering(json.dumps(WEAK), 1), audit.python_findings)
    clean = audit._ask("Python", answering('{"dependencies": []}'), audit.python_findings)
    unknown = audit._ask("Python", answering("no network", 1), audit.python_findings)
    assert (weak, clean, unknown) == (audit.WEAK, audit.CLEAN, audit.UNKNOWN)
    told = capsys.readouterr().out
    assert "leaky" in told and "no known weakness" in told and "Nothing is known" in told
