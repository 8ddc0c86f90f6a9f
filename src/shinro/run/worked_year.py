"""A worked year: the made-up company publishes month by month, holds reviews, and restates once; on made-up dates.

Every entry says that it is made up: in its data, in the code it names as its origin, and by who wrote it. No command of
a user's comes here: what they write bears the day on which they write it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from shinro.analysis.review_blanks import Asks, Blank, blanks
from shinro.analysis.review_words import Raw
from shinro.checks.declared import MADE_UP
from shinro.demo.year import Year, year
from shinro.entries import Draft
from shinro.findings.reviews import Cause, Review
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, problem
from shinro.record.book import read
from shinro.record.keys import Writer
from shinro.run.demo import ZONE, last_working_day, write_files
from shinro.run.gathering import Gathered, Moment, Progress, gathering
from shinro.run.opening import FILE, Opened, open_project
from shinro.run.publishing import book_of, offer, publish
from shinro.run.recording import writer_of
from shinro.run.restating import asked_for, restate
from shinro.run.review import review_with
from shinro.run.reviewing import asked_of, keep, taken_from
from shinro.run.written import writing
from shinro.warehouse.snapshots import whole_file

ACTOR = "shinro demo: a made-up company, made-up dates"
RAISED = "win_rate"
REASON = {"en": "won deals had been typed in twice", "ja": "受注が二重に登録されていた"}
HELD = (3, 6)  # the publishings after which a review is held: those behind the first two milestones
DECIDED = {"en": "call the leads of the last month first", "ja": "直近1か月のリードから先に架電する"}
NEXT = {"en": "agree on the new list with the partner | 佐藤 美咲", "ja": "パートナーと次のリストを決める | 佐藤 美咲"}


@dataclass(frozen=True, slots=True)
class Lived:
    """A year that was written: its project, its publishings and restatements, all entries of its record."""

    opened: Opened
    publishings: int
    entries: int


def worked_year(folder: Path, moment: Moment, progress: Progress, home: Path, lang: str = "en") -> Lived:
    """Writes the demo's year where there is nothing yet, and reads it. Raises CannotGoOn rather than overwrite a file.

    Cost: eight loads of a fifth of the demo's data, a status each, two reviews.
    """
    refuse_others(folder)
    if not (folder / FILE).exists():
        made = year(last_working_day(moment.today(ZONE)))
        progress("make", str(folder))
        part = folder.resolve().with_name(f".{folder.resolve().name}.part")
        shutil.rmtree(part, ignore_errors=True)
        write_files(part, made.on(made.publishings[0]))
        _live(part, made, moment, progress, home, lang)
        _move(part, folder)
    opened = open_project(folder)
    entries = read(book_of(opened))
    return Lived(opened, len({each.written_at for each in entries if each.draft.figure}), len(entries))


def _live(folder: Path, made: Year, moment: Moment, progress: Progress, home: Path, lang: str) -> None:
    """The days of the record, one after the other, then the files as they are on the last one."""
    opened = open_project(folder)
    # Made somewhere else than it will lie, and again whenever it is asked for: no machine is to remember it.
    writer = replace(writer_of(opened, moment.environ or {}, home, ACTOR), config=None)
    for n, day in enumerate(made.publishings):
        progress("live", day.isoformat())
        _lay(folder, made.on(day))
        with gathering(opened, _at(day)) as gathered:
            offered = offer(gathered, made.truths.first if n == 0 else None)
        publish(opened, offered, writer, _at(day).now, marked)
        if n in HELD:
            _review(opened, day, writer, lang)
        if day == made.wrong:
            _mend(opened, made, writer, lang)
    _lay(folder, made.told)


def _mend(opened: Opened, made: Year, writer: Writer, lang: str) -> None:
    """What was typed in twice is gone from the next export; the rate that it raised is restated."""
    _lay(opened.folder, made.on(made.mended))
    with gathering(opened, _at(made.mended)) as gathered:
        found = asked_for(gathered, RAISED, f"{made.doubled:%Y-%m}")
    restate(opened, found, REASON[lang], writer, _at(made.mended).now, marked)


def _review(opened: Opened, day: date, writer: Writer, lang: str) -> None:
    with gathering(opened, _at(day)) as gathered:
        _, found = review_with(gathered, Grain.MONTH)
        taken = taken_from(found, dict(_answers(gathered, found, lang)), asked_of(gathered, found))
    keep(opened, found, taken, writer, _at(day).now)


def _answers(gathered: Gathered, found: Review, lang: str) -> Iterator[tuple[str, Raw]]:
    """A decision, a next action, the cause of every miss as it is proposed, and what was to be done is done."""
    answers: Mapping[Asks, str] = {Asks.DECISION: DECIDED[lang], Asks.ACTION: NEXT[lang], Asks.STATUS: "done"}
    for blank in blanks(found):
        text = _cause(blank) if blank.asks is Asks.CAUSE else answers.get(blank.asks, "")
        if text and blank.name not in ("d2", "d3", "a2", "a3"):
            yield blank.name, Raw(text, Place(gathered.opened.name, 1, 1))


def _cause(blank: Blank) -> str:
    cause = blank.miss.proposed if blank.miss else None
    return (cause or Cause.HYPOTHESIS).value


def marked(draft: Draft) -> Draft:
    """A draft that says of itself that its company and its dates are made up."""
    origin = draft.origin and replace(draft.origin, shinro=f"{draft.origin.shinro} ({ACTOR})")
    return replace(draft, origin=origin, data={**draft.data, MADE_UP: True})


def _at(day: date) -> Moment:
    """Ten in the morning of a day, at the company."""
    return Moment(datetime.combine(day, time(10), ZoneInfo(ZONE)).astimezone(UTC), None, {})


def _lay(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        with writing(folder / name), whole_file(folder / name) as target:
            target.write(text.encode())


def _move(part: Path, folder: Path) -> None:
    """What was made comes to its place whole, the project last: a year that was broken off is none."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for child in sorted(part.iterdir(), key=lambda each: each.name == FILE):
            child.rename(folder / child.name)
        part.rmdir()


def refuse_others(folder: Path) -> None:
    """Raises CannotGoOn (S136) where anything else than a year lies there already."""
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    if there and not ((folder / FILE).exists() and (folder / ".shinro" / "record").exists()):
        raise CannotGoOn([problem("S136", Place(str(there[-1])))])
