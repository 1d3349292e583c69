"""Ask PyPI and npm whether a locked dependency has a known weakness: `make audit`.

Exit code 0: none known. 1: at least one, listed. 2: the registries could not be asked, so nothing is known.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLEAN, WEAK, UNKNOWN = 0, 1, 2


def python_findings(answer: str) -> list[str]:
    """One line per weakness in the JSON of pip-audit."""
    return [
        f"{package['name']} {package['version']}: {weakness['id']}"
        + (f", mended in {', '.join(weakness['fix_versions'])}" if weakness.get("fix_versions") else ", not mended yet")
        for package in json.loads(answer)["dependencies"]
        for weakness in package.get("vulns", [])
    ]


def npm_findings(answer: str) -> list[str]:
    """One line per weakness in the JSON of `npm audit`."""
    told: dict[str, Any] = json.loads(answer)
    return [f"{name}: {found['severity']}" for name, found in told.get("vulnerabilities", {}).items()]


def _ask(name: str, command: list[str], read: Any) -> int:
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        found = read(result.stdout)
        if not found and result.returncode != 0:
            raise ValueError(result.stderr)
    except (ValueError, KeyError, TypeError):
        reason = (result.stderr or result.stdout).strip().splitlines() or ["no answer"]
        print(f"{name}: the registry could not be asked ({reason[0][:160]}). Nothing is known.")
        return UNKNOWN
    for line in found:
        print(f"{name}: {line}")
    if not found:
        print(f"{name}: no known weakness.")
    return WEAK if found else CLEAN


def main() -> int:
    pip_audit = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format", "json",
                 "--progress-spinner", "off", "-r", "requirements/run.lock"]  # fmt: skip
    answers = [_ask("Python", pip_audit, python_findings)]
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        print("JavaScript: npm is not installed. Nothing is known.")
        answers.append(UNKNOWN)
    else:
        answers.append(_ask("JavaScript", [npm, "audit", "--omit=dev", "--json"], npm_findings))
    return WEAK if WEAK in answers else max(answers)


if __name__ == "__main__":
    sys.exit(main())
