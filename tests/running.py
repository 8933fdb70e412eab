"""`python run_bot.py ...` as people run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "LANG", "TMPDIR")


def run_bot(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: str | bytes = b"",
    python: tuple[str, ...] = (),
    timeout: float = 120.0,
) -> subprocess.CompletedProcess[str]:
    """Runs it to its end. The settings are only those in `env`; warnings are errors, as in the tests themselves.

    `python` are options of the interpreter; `timeout` is in seconds.
    """
    inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    done = subprocess.run(
        [sys.executable, *python, str(ROOT / "run_bot.py"), *arguments],
        cwd=cwd,
        env={**inherited, "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-8", **(env or {})},
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )
