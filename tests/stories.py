"""Small projects in a folder, measured by the paths that the commands take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

from shinro.periods import Grain
from shinro.run.gathering import Gathered, Moment, gathering
from shinro.run.opening import open_project
from shinro.run.sync import Synced, sync
from shinro.run.values import values

NOW = datetime(2026, 5, 15, 3, tzinfo=UTC)
DEALS = """\
id,rep,owner,opened,closed,stage,amount
d1,Ann,Bob,2026-03-30,2026-04-02,won,100
d2,Ann,Bob,2026-04-01,2026-04-20,lost,50
d3,Bob,Ann,2026-04-15,2026-05-11,won,300.5
d4,,Ann,2026-05-10,,open,7
"""
AGENTS = "name,office\nAnn,East\nBob,West\n"
STORY = """\
company: A
currency: JPY
timezone: Asia/Tokyo
languages: [en]
sources: {crm: {type: files, path: data/*.csv}}
tables:
  deals:
    from: crm.deals
    key: id
    time: opened
    times: {closed: closed}
    starts: opened
    ends: closed
    dimensions: [rep, owner, stage]
    joins: {agents: rep}
  agents: {from: crm.agents, key: name, dimensions: [office]}
metrics:
  deals: {count: deals}
  won: {count: deals, at: closed, where: stage = 'won'}
  closed: {count: deals, at: closed, where: stage != 'open'}
  win_rate: {ratio: won / closed}
  worth: {sum: deals.amount, at: closed, where: stage = 'won'}
  sellers: {count_distinct: deals.rep}
  open: {stock: deals}
north_star: {metric: won, outcomes: [worth]}
tree: {won: closed * win_rate}
influences: [{from: won, to: worth}]
kpis: {win_rate: {owner: Ann, cadence: monthly, focus: true}}
"""


@dataclass(frozen=True)
class Story:
    """A project in a folder, looked at on a day."""

    folder: Path
    now: datetime = NOW
    environ: Mapping[str, str] | None = None

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def moment(self, as_of: date | None = None) -> Moment:
        return Moment(self.now, as_of, self.environ)

    @contextmanager
    def gathered(self, as_of: date | None = None) -> Iterator[Gathered]:
        with gathering(open_project(self.folder), self.moment(as_of)) as found:
            yield found

    def values(
        self, metric: str, grain: Grain = Grain.MONTH, by: tuple[str, ...] = (), as_of: date | None = None
    ) -> dict[str, list[Fraction | None]]:
        """The values by segment, as `Ann` or `Ann, East`; the whole is the empty name."""
        with self.gathered(as_of) as found:
            series = values(found, (metric,), grain, by).series
        return {
            ", ".join(str(part) for _, part in one.segment): [point.value for point in one.points] for one in series
        }

    def sync(self) -> Synced:
        return sync(open_project(self.folder), self.moment(), lambda _step, _name: None)

    @property
    def answers(self) -> list[Path]:
        """The kept answers."""
        return sorted((self.folder / ".shinro" / "cache" / "answers").glob("*.rows"))


def story(folder: Path, text: str = STORY, **files: str) -> Story:
    """A story whose tables are the deals and agents above, or others by their names."""
    made = Story(folder)
    made.write("shinro.yaml", text)
    for name, rows in {"deals": DEALS, "agents": AGENTS, **files}.items():
        made.write(f"data/{name}.csv", rows)
    return made
