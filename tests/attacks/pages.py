"""A real browser and an article full of script tags: browser.py, which comes with the rest of the pages' safety."""

import pathlib
import subprocess
import sys

from common import Row, tell

BROWSER = pathlib.Path(__file__).resolve().parent / "browser.py"


def run(trial):
    row = Row("chromium", "an article of scripts, in a page")
    tell("a browser")
    ran = subprocess.run([sys.executable, str(BROWSER), str(trial.binary)], capture_output=True, text=True, check=False, timeout=180,
                         cwd=trial.scratch)
    if ran.returncode != 0:
        row.findings.append(f"{BROWSER.name} ended with {ran.returncode}: {(ran.stdout + ran.stderr)[-600:]}")
    yield row
