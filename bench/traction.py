"""What a traction report costs, in each form, from the made-up company's year: CPU, wall time, peak memory, size.

    python bench/traction.py [RUNS]

Each run is a cold process; the first one of all measures what no cache has. Figures are medians.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORMS = ("md", "html", "xlsx", "pptx", "pdf")
SHINRO = Path(sys.executable).parent / "shinro"


def timed(*args: str) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak megabytes of one process."""
    begun = time.perf_counter()
    process = subprocess.Popen([SHINRO, *args], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{args} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024


def main(runs: int = 5) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "year")
        os.environ["SHINRO_CONFIG"] = str(Path(home, "keys"))
        subprocess.run([SHINRO, "demo", "--year", folder], check=True, stdout=subprocess.DEVNULL)
        told = ("tell", "traction", "-p", str(folder), "--force", "-o")
        cpu, wall, memory = timed(*told, str(Path(home, "first.md")))
        print(f"first look (md)  {cpu:5.2f} s CPU  {wall:5.2f} s  {memory:4.0f} MB")
        print("form   lang  CPU s  wall s  MB   file KB")
        for form in FORMS:
            for lang in ("ja", "en"):
                file = Path(home, f"{lang}.{form}")
                found = [timed(*told, str(file), "--lang", lang) for _ in range(runs)]
                cpu, wall, memory = (statistics.median(each) for each in zip(*found, strict=True))
                size = file.stat().st_size / 1000
                print(f"{form:6} {lang:4}  {cpu:5.2f}  {wall:6.2f}  {memory:4.0f}  {size:6.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
