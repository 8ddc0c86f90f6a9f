"""Where did it break, on cases with known answers: writes {case: ["dim=value&dim2=value2", ...]} for a scorer.

    python bench/root_cause.py CASES predictions.json     # a folder of CSV files, one a case, or one file with `case`
    python bench/root_cause.py --cells 100000             # made-up cells of five dimensions, timed

A row is a cell: its dimensions, and `real` and `predict`, or of a ratio `real_a`, `real_b`, `predict_a`, `predict_b`.
Predictions are forecasts, each case is known to be one, and an answer is a combination: so the search is told.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from shinro.analysis.breaks import Rules, breaks
from shinro.analysis.mix import Cut, ratio_cell
from shinro.analysis.strains import Kind
from shinro.findings.segments import Breaks, Side
from shinro.series import Segment

NUMBERS = ("real", "predict", "real_a", "real_b", "predict_a", "predict_b")
FORECAST = Rules(sampled=False, everywhere=False)
AMOUNTS = Rules(sampled=False, everywhere=False, one_way=False, material=0)
Row = Mapping[str, str]


def cases(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """Every case with its rows."""
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")]):
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
        rows: list[Row] = list(csv.DictReader(text.splitlines()))
        if rows and "case" in rows[0]:
            by_case: dict[str, list[Row]] = defaultdict(list)
            for row in rows:
                by_case[row["case"]].append(row)
            yield from by_case.items()
        else:
            yield path.stem, rows


def cut(rows: Sequence[Row]) -> Cut:
    """The cells of a case: what was expected, what was seen."""
    dimensions = [name for name in rows[0] if name not in ("case", *NUMBERS)]
    made: dict[Segment, tuple[Side, Side]] = {}
    for row in rows:
        segment = tuple((name, row[name]) for name in dimensions)
        number = {name: Fraction(row[name]) for name in NUMBERS if name in row}
        if "real" in number:
            made[segment] = Side(number["predict"]), Side(number["real"])
        else:
            before = ratio_cell(number["predict_a"], number["predict_b"])
            made[segment] = before, ratio_cell(number["real_a"], number["real_b"])
    return made


def answer(cells: Cut) -> Breaks | None:
    """Where it broke."""
    of_ratio = next(iter(cells.values()))[1].is_ratio
    return breaks(cells, Kind.ODDS, FORECAST) if of_ratio else breaks(cells, Kind.AMOUNTS, AMOUNTS)


def told(found: Breaks | None) -> list[str]:
    """The combinations as a scorer reads them; the best one where none passes, since something broke."""
    if found is None:
        return []
    return ["&".join(f"{name}={value}" for name, value in one.segment) for one in found.breaks or found.others[:1]]


def made_up(cells: int) -> Cut:
    """Cells of five dimensions, two combinations of which break."""
    chance = random.Random(7)  # noqa: S311 - seeded
    sizes = [10, 10, 10, 10, max(cells // 10_000, 1)]
    made: dict[Segment, tuple[Side, Side]] = {}
    for number in range(cells):
        left, values = number, list[int]()
        for size in sizes:
            left, value = divmod(left, size)
            values.append(value)
        broken = (values[0], values[1]) == (3, 4) or values[2:3] == [7]
        expected = chance.lognormvariate(3, 1)
        seen = expected * chance.lognormvariate(0, 0.2) * (0.5 if broken else 1)
        segment = tuple((f"d{axis}", str(value)) for axis, value in enumerate(values))
        made[segment] = Side(Fraction(round(expected))), Side(Fraction(round(seen)))
    return made


def main() -> None:
    """Predictions of a folder, or the time that many cells take."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cases", nargs="?", type=Path)
    options.add_argument("predictions", nargs="?", type=Path)
    options.add_argument("--cells", type=int, default=0)
    asked = options.parse_args()
    if asked.cells:
        cells = made_up(asked.cells)
        for kind in (Kind.COUNTS, Kind.AMOUNTS):
            began = time.process_time()
            found = breaks(cells, kind)
            seconds = time.process_time() - began
            print(f"{len(cells):,} cells, {kind.value}: {seconds:.2f} s of CPU, {told(found)}")
        return
    predictions, seconds = dict[str, list[str]](), list[float]()
    for name, rows in cases(asked.cases):
        cells = cut(rows)
        began = time.process_time()
        predictions[name] = told(answer(cells))
        seconds.append(time.process_time() - began)
    asked.predictions.write_text(json.dumps(predictions, ensure_ascii=False, indent=1))
    print(f"{len(seconds)} cases, {statistics.median(seconds):.3f} s of CPU at the median, {max(seconds):.3f} at most")


if __name__ == "__main__":
    main()
