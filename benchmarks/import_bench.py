"""Import of customers and policies through the whole pipeline against a bare COPY of the same final rows.

For each size an instance of its own under `var/bench-import` gets the sample insurer's organisation and products, then,
timed, the files of customers and policies; the same files once more; and at last the rows it holds by then are copied
out, the tables emptied, and the same rows copied in with all indexes and foreign keys in place. On the one side files
are read, checked, sealed, made searchable and counted; on the other bytes go into tables. Both on the same server.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
HOME = Path(os.environ.get("BENCH_IMPORT_HOME", "var/bench-import")).resolve()
BASE = ("org-units", "staff", "products")
TIMED = (
    "life-core-customers", "life-core-companies", "motor-core-customers", "old-crm-customers", "life-policies",
    "group-policies", "motor-policies",
)  # fmt: skip
# In the order in which foreign keys let them be filled.
TABLES = (
    "customers_party", "customers_sourcerecord", "customers_identitydocument", "customers_contactpoint",
    "customers_address", "customers_bankaccount", "customers_fact", "customers_custody", "portfolio_policy",
    "portfolio_policyrole", "portfolio_vehicle",
)  # fmt: skip
FLAT = 1.1  # exponent of time over size that still counts as flat


def main() -> dict[str, Any]:
    """Sizes: a tenth and the whole of BENCH_CUSTOMERS (a million unless told otherwise)."""
    sizes = [CUSTOMERS // 10, CUSTOMERS]
    runs = [_in_own_process(size) for size in sizes]
    large = runs[-1]
    exponent = math.log(large["import_seconds"] / runs[0]["import_seconds"]) / math.log(large["rows"] / runs[0]["rows"])
    return {
        "runs": runs,
        "promises": {
            "import ÷ bare COPY of the same rows": _figure(large["of_copy"], 0.4, is_least=True),
            "unchanged again, times faster": _figure(large["unchanged_faster"], 4, is_least=True),
            "memory of the importing process, MB": _figure(large["rss_mb"], 400, is_least=False),
            "exponent of time over size": _figure(exponent, FLAT, is_least=False),
        },
    }


def _figure(measured: float, promised: float, *, is_least: bool) -> dict[str, Any]:
    kept = measured >= promised if is_least else measured <= promised
    return {"measured": round(measured, 3), "promised": f"{'≥' if is_least else '≤'} {promised}", "kept": kept}


def _in_own_process(size: int) -> dict[str, Any]:
    home = HOME / f"{size}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    environment = os.environ | {
        "ANXIN_HOME": str(home), "ANXIN_DEMO": "1", "DJANGO_SETTINGS_MODULE": "anxin.config.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_bench", str(size), str(home)],
        check=True, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    shutil.rmtree(home, ignore_errors=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(size: int, home: Path) -> dict[str, Any]:
    """One size, in this process."""
    import django

    django.setup()
    from anxin.config import embedded
    from anxin.kernel import clock

    with embedded.server_if_needed():
        # Done elsewhere: the memory of making tables and of the generator is not the importer's.
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], check=True)
        exports = home / "exports"
        day = clock.today()
        code = (
            "import sys; from pathlib import Path; from datetime import date\n"
            "from anxin.config.sample import write_sample\n"
            "write_sample(Path(sys.argv[1]), customers=int(sys.argv[2]), seed=7, as_of=date.fromisoformat(sys.argv[3]))"
        )
        subprocess.run([sys.executable, "-c", code, str(exports), str(size), day.isoformat()], check=True)
        _import(exports, BASE)
        first = _import(exports, TIMED)
        again = _import(exports, TIMED)
        assert not sum(kind["created"] + kind["updated"] for kind in again["kinds"])
        rss = _peak_rss_mb()
        copied, seconds = _bare_copy(home / "rows")
    return {
        "customers": size,
        "rows": first["rows"],
        "final_rows": copied,
        "import_seconds": round(first["seconds"], 2),
        "copy_seconds": round(seconds, 2),
        "again_seconds": round(again["seconds"], 2),
        "rows_per_second": round(first["rows"] / first["seconds"]),
        "of_copy": round(seconds / first["seconds"], 3),
        "unchanged_faster": round(first["seconds"] / again["seconds"], 2),
        "rss_mb": round(rss),
        "by_file": {name: [f["seconds"], a["seconds"]] for (name, f), a in zip(
            first["files"].items(), again["files"].values(), strict=True)},
    }  # fmt: skip


def _import(exports: Path, names: tuple[str, ...]) -> dict[str, Any]:
    from anxin.foundation.intake import services as intake
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor

    actor = Actor.system("benchmark", channel="cli")
    rows, kinds, files, total = 0, [], {}, 0.0
    for name in names:
        (profile,) = (exports / "profiles").glob(f"*-{name}.toml")
        pattern = tomllib.loads(profile.read_text(encoding="utf-8"))["file"]["pattern"]
        for file in sorted(exports.glob(pattern)):
            began = time.perf_counter()
            report = intake.import_file(actor=actor, path=file, profile=profile, clock=clock.now)
            seconds = time.perf_counter() - began
            total += seconds
            rows += report["rows_read"]
            kinds += list(report["entities"].values())
            files[file.name] = {"rows": report["rows_read"], "seconds": round(seconds, 2)}
    return {"rows": rows, "kinds": kinds, "files": files, "seconds": total}


def _peak_rss_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _bare_copy(folder: Path) -> tuple[int, float]:
    """The rows of TABLES out, the tables emptied, the rows in again: rows and the seconds of the way in."""
    from django.db import connection, transaction
    from psycopg import sql

    folder.mkdir()
    rows = 0
    with connection.cursor() as cursor:
        for table in TABLES:
            with (
                (folder / table).open("wb") as file,
                cursor.copy(sql.SQL("COPY {} TO STDOUT (FORMAT csv)").format(sql.Identifier(table))) as stream,
            ):
                for block in stream:
                    file.write(block)
        cursor.execute("SELECT set_config('session_replication_role', 'replica', false)")
        names = sql.SQL(", ").join(map(sql.Identifier, TABLES))
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names).as_string(connection.connection))
        cursor.execute("SELECT set_config('session_replication_role', 'origin', false)")
        cursor.execute("CHECKPOINT")
        began = time.perf_counter()
        for table in TABLES:
            with transaction.atomic(), (folder / table).open("rb") as file:
                with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(sql.Identifier(table))) as stream:
                    while block := file.read(1 << 20):
                        stream.write(block)
                rows += cursor.rowcount
        seconds = time.perf_counter() - began
    return rows, seconds


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), Path(sys.argv[2]))))
