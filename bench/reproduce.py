"""Published values computed again and again: input rows shuffled, 1, 2 and 4 threads. Law: the same bytes.

    python bench/reproduce.py [FOLDER] [--periods 200] [--shuffles 3]

FOLDER is a project with files as its source; the made-up company's year by default. For every shuffle and number of
threads the project is loaded and measured in a folder of its own, from nothing; each value is compared as the bytes
that the record holds of it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from datetime import time as hour
from pathlib import Path

from shinro.demo.year import year
from shinro.entries import Draft, Entry, Key
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.record.content import written
from shinro.run.gathering import Moment, gathering
from shinro.run.opening import open_project
from shinro.run.origins import reports_of
from shinro.run.publishing import wanted
from shinro.warehouse.engine import Limits

THREADS = (1, 2, 4)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def figures(folder: Path, as_of: date) -> Mapping[Key, bytes]:
    """Every complete period that the project would publish, by month and by week, as the record's bytes."""
    opened = open_project(folder)
    with gathering(opened, Moment(datetime.combine(as_of, hour(), UTC), as_of, {})) as gathered:
        pairs = wanted(opened.project, weekly=True)
        measured = gathered.measure(Want(name, grain) for name, grain in pairs if name in gathered.meanings)
        drafts = [
            draft
            for found in measured.values()
            for series in found
            for draft in reports_of(gathered, series, series.complete)
        ]
    return {
        _key(draft): written(Entry(0, NOW, "", Draft(kind=draft.kind, subject=draft.subject, figure=draft.figure)))
        for draft in drafts
    }


def _key(draft: Draft) -> Key:
    return draft.subject, draft.grain or Grain.MONTH, draft.period or Period(date.min, date.max), draft.segment


def shuffled(folder: Path, target: Path, chance: random.Random) -> None:
    """A copy of a project whose CSV files have their rows in another order."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(".shinro", "*.html"))
    for file in sorted(target.rglob("*.csv")):
        header, *rows = file.read_text("utf-8").splitlines()
        chance.shuffle(rows)
        file.write_text("\n".join([header, *rows]) + "\n", "utf-8")


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Every engine that is opened inside has so many threads."""
    init = Limits.__init__
    before = init.__defaults__
    init.__defaults__ = ("2GB", count, 900.0)
    try:
        yield
    finally:
        init.__defaults__ = before


def compared(folder: Path, as_of: date, periods: int, shuffles: int, seed: int = 1) -> tuple[int, int, int]:
    """How many values were compared, how often each, and how many were not the same bytes."""
    with tempfile.TemporaryDirectory() as scratch:
        base, chance = Path(scratch) / "base", random.Random(seed)  # noqa: S311 - shuffles rows, keeps no secret
        shuffled(folder, base, chance)
        expected = figures(base, as_of)
        keys = chance.sample(sorted(expected, key=str), min(periods, len(expected)))
        other = rounds = 0
        for n in range(shuffles):
            for count in THREADS:
                again = Path(scratch) / f"{n}-{count}"
                shuffled(folder, again, chance)
                with threads(count):
                    found = figures(again, as_of)
                other += sum(found.get(key) != expected[key] for key in keys)
                rounds += 1
                shutil.rmtree(again)
        return len(keys), rounds, other


def main() -> None:
    """Prints what was compared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--periods", type=int, default=200)
    parser.add_argument("--shuffles", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or _the_year(Path(made))
        begun = time.perf_counter()
        values, rounds, other = compared(folder, year().last, asked.periods, asked.shuffles)
        seconds = time.perf_counter() - begun
    how = f"shuffled rows; {', '.join(map(str, THREADS))} threads"
    print(f"{values} metric-periods, each {rounds} times ({how}): {other} not the same bytes; {seconds:.0f} s")


def _the_year(folder: Path) -> Path:
    for name, text in year().files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


if __name__ == "__main__":
    main()
