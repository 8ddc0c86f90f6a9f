"""Reviewing: what a meeting answered, from a form or as it was said; into the record, and into the project file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path

from shinro.analysis.measured import Bearings
from shinro.analysis.readings import grain_of
from shinro.analysis.review_answers import understood
from shinro.analysis.review_blanks import Blank, blanks
from shinro.analysis.review_entries import drafts
from shinro.analysis.review_words import Asked, Raw
from shinro.analysis.reviewed import held
from shinro.analysis.targets import MEAN_DAYS, written
from shinro.definitions.phrases import level
from shinro.definitions.project import Project, ref
from shinro.drafts.goalposts import Goalpost, with_goalposts
from shinro.drafts.onward import with_lever, with_next_milestone
from shinro.entries import Checkpoint, Draft, Entry
from shinro.findings.reviews import Onward, Reason, Review, Taken, Way, review_name
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem, problem, refusal
from shinro.record.book import head, write
from shinro.record.keys import Writer
from shinro.reports.review_form import Filled, form_read
from shinro.run.add import Changed, add
from shinro.run.gathering import Gathered
from shinro.run.opening import Opened
from shinro.run.recorded import recorded
from shinro.run.written import check_place, text_of, writing
from shinro.warehouse.snapshots import whole_file

MARK = "shinro review"  # stands in the foot of every review


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written into the record: the entries that are new, and the head that stands now."""

    entries: tuple[Entry, ...]
    checkpoint: Checkpoint | None


def read_form(path: Path) -> Filled:
    """What was filled into a form. Raises CannotGoOn (Q160) where it cannot be read, or holds no review."""
    try:
        text = text_of(path)
    except UnicodeDecodeError:
        raise CannotGoOn([problem("Q160", Place(str(path)), case="text", found=str(path))]) from None
    except OSError as broken:
        said = refusal(broken)
        raise CannotGoOn([problem("Q160", Place(str(path)), case="file", found=str(path), reason=said)]) from None
    filled = form_read(text, str(path))
    if filled.day is None or filled.grain is None:
        raise CannotGoOn(filled.problems)
    return filled


def asked_of(gathered: Gathered, found: Review) -> Asked:
    """What answers are read against."""
    return Asked(gathered.opened.project, gathered.meanings, found.day)


def taken_from(found: Review, raws: Mapping[str, Raw], asked: Asked, problems: Sequence[Problem] = ()) -> Taken:
    """What answers say. Raises CannotGoOn with the problems that are known, and all that cannot be understood."""
    offered = blanks(found, raws)
    taken, wrong = understood(offered, raws, asked)
    every = (*problems, *_strange(offered, raws), *wrong)
    if every:
        raise CannotGoOn(every)
    return taken


def _strange(offered: tuple[Blank, ...], raws: Mapping[str, Raw]) -> Iterator[Problem]:
    """Answers to blanks that this review does not have."""
    names = [blank.name for blank in offered]
    for name, raw in raws.items():
        if name not in names and raw.text.strip():
            near = get_close_matches(name, names, 1, cutoff=0)
            args = {"case": "blank", "found": name, "near": near[0] if near else names[0]}
            yield Problem(Place(raw.place.path, raw.place.line, 1), "Q160", args)


def keep(opened: Opened, found: Review, taken: Taken, writer: Writer, now: datetime) -> Kept:
    """Writes a review and what was decided in it into the record, each once.

    Raises CannotGoOn as `record.book.write` does; then nothing is written. Law: a second one writes nothing.
    """
    store = opened.record
    before, there = head(store), recorded(opened)[0] or ()
    if not drafts(found, taken, there):
        return Kept((), before)

    def wanted(entries: tuple[Entry, ...]) -> tuple[Draft, ...]:
        return drafts(found, taken, entries)

    receipt = write(store, wanted, writer, now)
    written_now = tuple(each for each in receipt.entries if before is None or each.seq >= before.size)
    return Kept(written_now, receipt.checkpoint)


def is_kept(opened: Opened, day: date, grain: Grain) -> bool:
    """Whether a review is in the record."""
    name = review_name(day, grain)
    return any(each.name == name for each in held(recorded(opened)[0] or ()))


def change_project(bearings: Bearings, opened: Opened, taken: Taken, today: date) -> Changed | None:
    """Writes the ways on that were agreed to into the project file, all of them or none.

    None where there is none, or all of it stands there already. Raises CannotGoOn where the file could not be read any
    more with them, and for a target that does not stand there (Q160).
    """
    agreed = [each for each in taken.reasons if each.onward and each.onward.write]
    if not agreed:
        return None
    changed = add(
        opened.folder / opened.name, lambda text, fresh: _changed(bearings, text, fresh, agreed, today), today
    )
    return changed if changed.lines else None


def _changed(bearings: Bearings, text: str, fresh: Opened, agreed: list[Reason], today: date) -> str:
    for reason in agreed:
        if reason.onward:
            text = _one(bearings, text, fresh.project, reason, reason.onward, today)
    return text


def _one(bearings: Bearings, text: str, project: Project, reason: Reason, onward: Onward, today: date) -> str:
    if onward.way is Way.LEVER:
        return with_lever(text, project, onward.name, onward.metric, onward.expect, today)
    if reason.miss.is_kpi:
        post = _post(bearings, reason.miss.subject, onward)
        return with_goalposts(text, project, {reason.miss.subject: post}, today)
    levels = {onward.metric: onward.condition} if onward.way is Way.LEVEL else {}
    return with_next_milestone(text, project, reason.miss.subject, onward.date or today, levels, today)


def _post(bearings: Bearings, metric: str, onward: Onward) -> Goalpost:
    """A KPI's target from the next period on: another level, or the old one reached evenly by another day."""
    target = bearings.project.targets.get(ref(metric))
    course = written(bearings, metric, target, grain_of(bearings.project, metric)) if target else None
    if target is None or course is None or target.file:
        raise CannotGoOn([Problem(onward.place or Place(""), "Q160", {"case": "target", "found": metric})])
    grain = course.per or grain_of(bearings.project, metric)
    first = bearings.calendar.step(bearings.calendar.period(bearings.as_of, grain), grain)
    if onward.way is Way.LEVEL:
        steps = {first.start: _level(onward.condition, course.per)}
    else:
        now, last = course.level(bearings.as_of) or course.knots[-1].level, course.knots[-1].level
        periods = tuple(bearings.calendar.periods(first.start, onward.date or first.start, grain))
        steps = {
            period.start: now + (last - now) * Fraction(n, len(periods)) for n, period in enumerate(periods, start=1)
        }
    return Goalpost(bearings.meaning(metric), steps, grain)


def _level(text: str, per: Grain | None) -> Fraction:
    """A level for the period that the target is meant for."""
    said = level(text)
    value: Fraction = said.number.value
    return value * MEAN_DAYS[per] / MEAN_DAYS[said.per] if per and said.per else value


def form_path(folder: Path, found: Review) -> Path:
    """Where a review's form lies where no other place is named."""
    return folder / f"review-{found.day.isoformat()}-{found.grain.value}.md"


def answers_in(path: Path, found: Review, opened: Opened) -> Mapping[str, str]:
    """The answers that a form of this review holds already, so that writing it anew loses none.

    Raises CannotGoOn (Q160) where the file is no form, or one of another review whose answers are in no record.
    """
    if not path.exists():
        return {}
    with suppress(OSError, UnicodeDecodeError):
        filled = form_read(text_of(path), str(path))
        if filled.day is None or filled.grain is None:
            raise CannotGoOn([problem("Q160", Place(str(path)), case="foreign", found=str(path))])
        name = review_name(filled.day, filled.grain)
        if name == found.name:
            if filled.problems:
                raise CannotGoOn(filled.problems)
            return {blank: raw.text for blank, raw in filled.raws.items()}
        if filled.is_empty or is_kept(opened, filled.day, filled.grain):
            return {}
        raise CannotGoOn([problem("Q160", Place(str(path)), case="other", found=str(path), review=name)])
    raise CannotGoOn([problem("Q160", Place(str(path)), case="foreign", found=str(path))])


def refuse_foreign(path: Path) -> None:
    """Raises CannotGoOn (Q160) where a file is there that no review was written into."""
    if not path.is_file():
        return
    with suppress(OSError, UnicodeDecodeError):
        if MARK in path.read_text("utf-8"):
            return
    raise CannotGoOn([problem("Q160", Place(str(path)), case="foreign", found=str(path))])


def save_text(path: Path, text: str) -> None:
    """Writes a file at once or not at all. Raises CannotGoOn (S142) where it cannot be written."""
    with writing(path):
        check_place(path)
        with whole_file(path) as target:
            target.write(text.encode())
