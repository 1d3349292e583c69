"""The import contracts hold on the real tree, and each of them catches the violation it is there for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOT

ROOMS = [
    "faces/workspace",
    "engagement/renewals",
    "service/desk",
    "service/worklist",
    "book/segments",
    "book/portfolio",
    "book/customers",
    "foundation/intake",
    "foundation/notices",
    "foundation/jobs",
    "foundation/org",
    "foundation/accounts",
    "foundation/documents",
    "foundation/schemes",
    "foundation/privacy",
    "foundation/audit",
]
FILES = ["pages", "services", "queries", "access", "models", "events", "rules", "data", "apps"]
# file that gets the line, the line, beginning of the contract that must break
PLANTED = {
    "an upward import": ("foundation/org/services.py", "import anxin.book.customers.services", "1."),
    "a room above on the same floor": ("foundation/accounts/services.py", "import anxin.foundation.org.queries", "2f."),
    "a room beside": ("foundation/notices/services.py", "import anxin.foundation.jobs.services", "2f."),
    "an order inside the room": ("book/customers/rules.py", "import anxin.book.customers.models", "3."),
    "a file name that is not on the list": ("book/customers/utils.py", "", "3."),
    "a way in past the doors": ("book/portfolio/services.py", "import anxin.book.customers.models", "4."),
    "Django in rules": ("book/customers/rules.py", "import django.db", "5."),
    "HTTP in services": ("book/customers/services.py", "import anxin.kernel.web", "6."),
    "Django in analytics": ("analytics/marts.py", "import django.conf", "7."),
    "an engine outside analytics": ("book/segments/services.py", "import duckdb", "8."),
    "a room without a place": ("book/loans/__init__.py", "", "2e."),
    "a floor without a place": ("attic/__init__.py", "", "1."),
}


def broken_contracts(folder: Path, paths: list[Path]) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "COLUMNS": "240", "NO_COLOR": "1"}
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [program, "--config", "pyproject.toml", "--no-cache"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Contracts:" in result.stdout, result.stdout + result.stderr
    return [line for line in result.stdout.splitlines() if line.endswith(" BROKEN")]


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    anxin = folder / "src" / "anxin"
    modules = [f"{room}/{name}.py" for room in ROOMS for name in FILES]
    modules += [f"kernel/{name}.py" for name in ("clock", "money", "states", "worktime", "web/pages")]
    modules += ["config/urls.py", "analytics/engines.py", "oversight/__init__.py"]
    for module in modules:
        path = anxin / module
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for directory in {path.parent for path in anxin.rglob("*.py")} | {anxin / floor for floor in os.listdir(anxin)}:
        (directory / "__init__.py").touch()
    (anxin / "__init__.py").touch()
    return folder


def test_the_real_tree_keeps_every_contract() -> None:
    assert broken_contracts(ROOT, [ROOT / "src", ROOT / "tests"]) == []


def test_the_empty_house_keeps_every_contract(empty_house: Path) -> None:
    assert broken_contracts(empty_house, [empty_house / "src", ROOT / "tests"]) == []


def plant(house: Path, *stories: str) -> list[str]:
    """Put these violations into the house; returns the contracts that must break."""
    for story in stories:
        name, line, _contract = PLANTED[story]
        path = house / "src" / "anxin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{line}\n")
    return sorted(PLANTED[story][2] for story in stories)


def rounds() -> list[list[str]]:
    """All stories in as few houses as possible: no contract twice in one, so that each break has one cause."""
    houses: list[list[str]] = []
    for story, (name, _line, contract) in PLANTED.items():
        free = (
            house
            for house in houses
            if not any(PLANTED[other][2] == contract or PLANTED[other][0] == name for other in house)
        )
        home = next(free, None)
        if home is None:
            houses.append(home := [])
        home.append(story)
    return houses


@pytest.mark.parametrize("stories", rounds())
def test_planted_violations_break_their_contracts_and_no_other(
    stories: list[str], empty_house: Path, tmp_path: Path
) -> None:
    house = shutil.copytree(empty_house, tmp_path / "house")
    wanted = plant(house, *stories)
    broken = broken_contracts(house, [house / "src", ROOT / "tests"])
    assert sorted(text.split(" ")[0] for text in broken) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("story", PLANTED)
def test_a_planted_violation_alone_breaks_its_contract(story: str, empty_house: Path, tmp_path: Path) -> None:
    house = shutil.copytree(empty_house, tmp_path / "house")
    (contract,) = plant(house, story)
    broken = broken_contracts(house, [house / "src", ROOT / "tests"])
    assert any(text.startswith(contract) for text in broken), broken
