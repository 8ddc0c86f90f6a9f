"""Inside sales through a project file: calls, replies, appointments, distinct qualified leads by week, channel, rep.

An adapter for a harness: `setup(data_dir)` once, `run(metric)` timed; `crm.parquet` in, a list of rows out.
"""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, date, datetime
from itertools import repeat
from operator import attrgetter
from pathlib import Path

from shinro.cli import COLLECT
from shinro.periods import Grain
from shinro.queries.scans import Want, scans
from shinro.run.gathering import Moment, gathering
from shinro.run.opening import open_project
from shinro.warehouse.measure import Measured

VALUE = attrgetter("value")
NAMES = ("activities", "calls", "replies", "appointments", "qualified")  # the first says which rows there are
BY = ("channel", "rep_id")
PROJECT = """\
company: bench
timezone: UTC
sources: {{bench: {{type: files, path: "{folder}/*.parquet"}}}}
tables: {{activities: {{from: bench.crm, time: ts, dimensions: [channel, rep_id]}}}}
metrics:
  activities: {{count: activities}}
  calls: {{count: activities, where: kind = 'call'}}
  replies: {{count: activities, where: kind = 'reply'}}
  appointments: {{count: activities, where: kind = 'appointment'}}
  qualified: {{count_distinct: activities.lead_id, where: kind = 'qualified'}}
"""


class Adapter:
    """The product's side of the benchmark."""

    name = "shinro"
    later = False  # whether an earlier process has measured in the project's folder, see `growth`

    def setup(self, data_dir: str) -> None:
        """Writes the project, loads the table (not part of the timing of `run`)."""
        gc.set_threshold(*COLLECT)
        self.stack = ExitStack()
        folder = Path(tempfile.mkdtemp(prefix="shinro-bench-"))
        self.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "shinro.yaml").write_text(PROJECT.format(folder=Path(data_dir).resolve()), "utf-8")
        if self.later:
            subprocess.run([sys.executable, __file__, str(folder)], check=True)
            shutil.rmtree(folder / ".shinro" / "cache" / "answers")
        self.open(folder)

    def open(self, folder: Path) -> None:
        """Opens the project and its engine; the compiler is imported where it will be needed."""
        opened = open_project(folder)
        moment = Moment(datetime.now(UTC), date(9999, 1, 1), {})
        self.gathered = self.stack.enter_context(gathering(opened, moment))
        scan = scans(opened.project, [Want("calls", Grain.WEEK)], {"activities": None}, None)[0]
        self.gathered.asked.engine.sql(scan, self.gathered.loads)
        newest = self.gathered.loads["activities"].newest
        object.__setattr__(self.gathered, "as_of", newest)

    def run(self, metric: str) -> list[tuple[object, ...]]:
        """(week, channel, rep, calls, replies, appointments, distinct qualified leads), where there is any activity."""
        if metric != "sales":
            raise KeyError(metric)
        measured = self.gathered.measure([Want(name, Grain.WEEK, BY) for name in NAMES])
        return rows(measured)


def rows(measured: Measured) -> list[tuple[object, ...]]:
    """The metrics side by side, as the exact numbers that they are; a segment that one lacks has none of it."""
    all_, *columns = ({one.segment: one.points for one in measured[Want(name, Grain.WEEK, BY)]} for name in NAMES)
    found: list[tuple[object, ...]] = []
    for segment, points in all_.items():
        (channel, rep), sides = (part for _, part in segment), [column.get(segment) for column in columns]
        numbers = zip(*(map(VALUE, side) if side else repeat(0, len(points)) for side in sides), strict=True)
        found += [(at.period.start, channel, rep, *each) for at, each in zip(points, numbers, strict=True) if at.value]
    return found


def earlier(folder: Path) -> None:
    """What an earlier look at a project measured."""
    bench = Adapter()
    with ExitStack() as bench.stack:
        bench.open(folder)
        bench.run("sales")


if __name__ == "__main__":
    earlier(Path(sys.argv[1]))
