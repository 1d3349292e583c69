"""`python -m benchmarks [name …]`: run the named benchmarks (default: all) and write `bench-report.json`."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

BENCHMARKS = ["import", "online", "linkage", "promises", "allocation", "desk", "load", "screenpop", "complaints"]
REPORT = Path("bench-report.json")


def main() -> int:
    names = [name for name in sys.argv[1:] if not name.startswith("-")] or BENCHMARKS
    report = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    is_kept = True
    for name in names:
        result = import_module(f"benchmarks.{name}_bench").main()
        report[name] = result
        REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False))
        for promise, figure in result.get("promises", {}).items():
            is_kept &= bool(figure["kept"])
            word = "kept  " if figure["kept"] else "BROKEN"
            print(f"{word}  {promise}: {figure['measured']} (promised {figure['promised']})")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
