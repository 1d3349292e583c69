"""Find Chromium for the browser tests, or install it with apt where that is allowed; else say they are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def find() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    return None


def main() -> int:
    if find() is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment, **quiet)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"], check=False, env=environment, **quiet
        )
    if find() is None:
        print(
            "No Chromium on this machine: the browser tests are skipped (install the package `chromium` to run them)."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
