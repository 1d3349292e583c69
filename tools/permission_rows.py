"""Give every new address its row in the permission table, as its view declares it; drop rows whose address is gone.

`.venv/bin/python tools/permission_rows.py`, then read the diff: a row is a decision. Addresses of libraries get `??`
and wait for one.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def main() -> None:
    import django

    django.setup()
    from tests.architecture.addresses import TABLE, addresses, rows

    known = {row.name: row for row in rows()} if TABLE.exists() else {}
    found: list[tuple[str, str, str]] = []
    for address in addresses():
        row = known.get(address.name)
        methods = address.methods or (row.methods if row else ("GET", "POST"))
        who = address.declared or (row.who if row else "??")
        found.append((address.name, " ".join(methods), who))
        if row is None:
            print("+", *found[-1])
    for name in sorted(set(known) - {name for name, _, _ in found}):
        print("-", name)
    with TABLE.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "methods", "who"])
        table.writerows(found)


if __name__ == "__main__":
    main()
