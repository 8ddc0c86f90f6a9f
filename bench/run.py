"""Benchmarks, each beside a peer in the same run: CPU seconds of fresh processes that take turns, medians.

    python bench/run.py [--rows 2000000] [--runs 3]

Rows are made here, seeded; nothing is downloaded. A figure is printed, never judged. `shinro` is the first time in a
project's life; `later` a look at new rows, with the compiled statements of an earlier one (see `growth`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
import growth
import growth_duck

from shinro.demo.exports import exports

HERE = Path(__file__).parent
NAMES = ("peer", "shinro", "later")
BEST = """
with q as (select w, channel, rep_id, count(*) q
       from (select distinct date_trunc('week', ts)::date w, channel, rep_id, lead_id from crm where kind = 'qualified')
       group by all),
   c as (select date_trunc('week', ts)::date w, channel, rep_id, count(*) filter (kind = 'call') c,
       count(*) filter (kind = 'reply') r, count(*) filter (kind = 'appointment') a from crm group by all)
select w, channel, rep_id, c, r, a, coalesce(q, 0) from c left join q using (w, channel, rep_id)
"""
MAKE = """
copy (select i activity_id, timestamp '2024-01-01' + to_seconds(cast(i * 63158400 / {rows} as bigint)) ts,
    cast(hash(i) % 120 as integer) rep_id, cast(hash(i, 1) % greatest({rows} // 7, 10) as bigint) lead_id,
    ['phone', 'email', 'social', 'event', 'inbound'][cast(1 + hash(i, 2) % 5 as int)] channel,
    ['call', 'call', 'call', 'email', 'email', 'reply', 'appointment', 'qualified'][cast(1 + hash(i, 3) % 8 as int)]
    kind
  from range({rows}) t(i)) to '{path}' (format parquet)
"""


class Peer:
    """The SQL that one would write by hand, on the same file."""

    def setup(self, data_dir: str) -> None:
        """A view of the file."""
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 2")
        self.connection.execute(f"create view crm as from read_parquet('{data_dir}/crm.parquet')")

    def run(self, _metric: str) -> list[tuple[object, ...]]:
        """The rows."""
        return self.connection.execute(BEST).fetchall()


def spent() -> float:
    """Processor seconds of this process and its children."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def child(name: str, metric: str, data_dir: str) -> None:
    """One measured run in a process of its own."""
    peer = Peer if metric == "sales" else growth_duck.Peer
    adapter = {"peer": peer, "shinro": growth.Adapter, "later": growth.Later}[name]()
    began = spent()
    adapter.setup(data_dir)
    loaded, wall = spent(), time.perf_counter()
    rows = adapter.run(metric)
    cpu, wall = spent() - loaded, time.perf_counter() - wall
    lines = sorted("\t".join(str(part) for part in row) for row in rows)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:10]
    print(json.dumps({"load": loaded - began, "cpu": cpu, "wall": wall, "rows": len(rows), "hash": digest}))


def sales(rows: int, runs: int) -> None:
    """Inside sales by week, channel and rep: the product through a project file, beside hand-written SQL."""
    with tempfile.TemporaryDirectory() as folder:
        duckdb.sql(MAKE.format(rows=rows, path=f"{folder}/crm.parquet"))
        _beside("sales", folder, rows, runs)


def growing(rows: int, runs: int) -> None:
    """Active users, retention, and trials that are paid: the same beside hand-written SQL."""
    with tempfile.TemporaryDirectory() as folder:
        growth_duck.made(folder, rows)
        for metric in growth_duck.SQL:
            _beside(metric, folder, rows, runs)


def _beside(metric: str, folder: str, rows: int, runs: int) -> None:
    turns = [{name: _child(name, metric, folder) for name in NAMES} for _ in range(runs)]
    if len({one["hash"] for turn in turns for one in turn.values()}) != 1:
        sys.exit(f"{metric}: the answers differ")
    for name in NAMES:
        cpu, load = (statistics.median(turn[name][key] for turn in turns) for key in ("cpu", "load"))
        out = turns[0][name]["rows"]
        print(f"{metric} {rows:,} rows  {name:7} cpu {cpu:7.3f} s  loading {load:6.3f} s  {out:,} rows out")
    first, later = (statistics.median(turn[name]["cpu"] / turn["peer"]["cpu"] for turn in turns) for name in NAMES[1:])
    told = f"shinro / peer, cpu: {first:.2f}, later {later:.2f}; answers equal ({turns[0]['peer']['hash']})"
    print(f"{metric} {rows:,} rows  {told}")


def _child(name: str, metric: str, folder: str) -> dict[str, float]:
    command = [sys.executable, str(HERE / "run.py"), "--child", name, metric, folder]
    only = {"SHINRO_BENCH_ONLY": growth_duck.TABLES.get(metric, "crm")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **only})
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def commands(runs: int) -> None:
    """Whole commands, cold: start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in exports(date(2026, 6, 19)).items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text if name != "shinro.yaml" else _sixty(text), "utf-8")
        shinro = [sys.executable, "-m", "shinro.cli"]
        _timed("check, 60 metrics", [*shinro, "check", "-p", folder], runs)
        _timed("status, first time", [*shinro, "status", "-p", folder], 1)
        shutil.rmtree(Path(folder, ".shinro/cache/answers"))
        _timed("status, new rows", [*shinro, "status", "-p", folder], 1)
        _timed("status, second time", [*shinro, "status", "-p", folder], runs)
        story = [*shinro, "tell", "story", "-p", folder, "-o", f"{folder}/story.html"]
        _timed("tell story, first time", story, 1)
        _timed("tell story, second time", story, runs)
        print(f"story.html {Path(folder, 'story.html').stat().st_size / 1000:,.0f} KB")
    _timed("an empty Python", [sys.executable, "-c", "pass"], runs)


def _sixty(text: str) -> str:
    """The demo's project with as many metrics more as make sixty."""
    more = "".join(f"  extra_{n}: {{label: extra {n}, count: contacts, where: rep = 'r{n}'}}\n" for n in range(48))
    return text.replace("\nnorth_star:", f"{more}\nnorth_star:", 1)


def _timed(name: str, command: list[str], runs: int) -> None:
    figures = []
    for _ in range(runs):
        before, wall = spent(), time.perf_counter()
        subprocess.run(command, check=False, capture_output=True, env={**os.environ, "COLUMNS": "120"})
        figures.append((spent() - before, time.perf_counter() - wall))
    cpu, wall = (statistics.median(part) for part in zip(*figures, strict=True))
    print(f"{name:24} cpu {cpu:6.3f} s  wall {wall:6.3f} s  (median of {runs})")


def main() -> None:
    """All of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(*asked.child)
        return
    sales(asked.rows, asked.runs)
    growing(asked.rows // 2, asked.runs)
    commands(asked.runs)


if __name__ == "__main__":
    main()
