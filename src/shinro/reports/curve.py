"""Curves -> cohorts by bucket, all mature ones together, and whether the curve flattens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.analysis.compare import interval
from shinro.analysis.flattening import Flattening, flattening
from shinro.cohorts import Cohort, Curve, Pooled
from shinro.periods import Grain
from shinro.reports.dates import short_period
from shinro.reports.numbers import UNDEFINED, percent, signed
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Heading, Line, Report, Table, lines
from shinro.reports.states import mark
from shinro.series import SMALL, Mark

NEWEST = 13  # cohorts in a table: a year of months and the one before
WIDEST = 12  # buckets after the cohort's own that stand side by side
FIRST = 7  # of more buckets, those that all stand there
WEEK = 7
LONGEST = 31  # buckets one below the other


def curve_report(curves: Sequence[Curve], telling: Telling) -> Report:
    """For each metric and segment: shares and counts by cohort, all mature cohorts together, the verdict."""
    blocks = [block for curve in curves for block in _blocks(curve, telling)]
    return Report(telling.lang, tuple(blocks) or (_nothing(telling),))


def _nothing(telling: Telling) -> Block:
    return lines(Line(telling.say("values.none"), "quiet"))


def _blocks(curve: Curve, telling: Telling) -> Iterator[Block]:
    segment = " / ".join(value or telling.say("status.no_value") for _, value in curve.segment)
    label = telling.label(curve.metric)
    yield Heading(f"{label}: {segment}" if curve.segment else label)
    yield lines(*(Line(text, "quiet") for text in _about(curve, telling)))
    if not curve.cohorts:
        yield _nothing(telling)
        return
    yield _triangle(curve, telling, shares=True)
    yield _triangle(curve, telling, shares=False)
    if notes := _notes(curve, telling):
        yield lines(*(Line(note, "quiet") for note in notes))
    if curve.mature(1):
        yield _pooled(curve, telling)
    yield lines(Line(verdict(curve, flattening(curve), telling), "strong"))


def _about(curve: Curve, telling: Telling) -> Iterator[str]:
    words = _words(curve, telling)
    yield telling.say("curve.each" if curve.each else "curve.first", **words)
    yield telling.say("curve.ever" if curve.ever else "curve.on", **words)


def _words(curve: Curve, telling: Telling) -> dict[str, str]:
    """What a bucket is called, and how one counts on from the cohort's own."""
    return {name: telling.say(f"curve.{name}.{curve.unit.value}") for name in ("unit", "ahead")}


def _triangle(curve: Curve, telling: Telling, *, shares: bool) -> Table:
    """Cohorts by bucket, the newest of them: shares with the cohort's size before them, or counts."""
    found = buckets_shown(curve)
    title = telling.say("curve.shares" if shares else "curve.counts")
    columns = [Column(title, main=True)]
    columns += [Column(telling.say("curve.size") if shares and not n else str(n), "right") for n in found]
    rows = [
        (
            Cell(short_period(each.period, curve.unit, telling.calendar, telling.words)),
            *(_cell(each, bucket, shares=shares) for bucket in found),
        )
        for each in curve.shown[-NEWEST:]
    ]
    return Table(tuple(columns), tuple(rows))


def buckets_shown(curve: Curve) -> tuple[int, ...]:
    """The buckets that stand side by side: all of a few; of many the first, then steps (weeks, of days), the last."""
    there = max((len(each.kept) + each.unknown - 1 for each in curve.shown), default=0)
    last = min(curve.last, there)
    if last <= WIDEST:
        return tuple(range(last + 1))
    step = -((FIRST - last) // (WIDEST - FIRST))
    step = -(-step // WEEK) * WEEK if curve.unit is Grain.DAY else step
    return (*range(FIRST + 1), *range(FIRST + step, last, step), last)


def _cell(cohort: Cohort, bucket: int, *, shares: bool) -> Cell:
    """Nothing for a bucket that has not begun; what is not final, or not known, is marked."""
    if bucket >= len(cohort.kept):
        return Cell(mark(Mark.UNKNOWN) if bucket < len(cohort.kept) + cohort.unknown else "", "quiet")
    shape = "" if bucket < cohort.complete else mark(Mark.INCOMPLETE)
    if shares and bucket:
        text = _share(cohort.rate(bucket))
    else:
        text = f"{cohort.kept[bucket]:,}" + ("*" if shares and 0 < cohort.size < SMALL else "")
    return Cell(f"{text}{shape}", "quiet" if shape else None)


def _share(rate: Fraction | None) -> str:
    return UNDEFINED if rate is None else f"{percent(rate)}%"


def _notes(curve: Curve, telling: Telling) -> list[str]:
    shown = curve.shown[-NEWEST:]
    found = []
    if len(shown) < len(curve.cohorts):
        found.append(telling.words.plural("curve.older", len(curve.cohorts) - len(shown)))
    if any(each.complete < len(each.kept) for each in shown):
        found.append(telling.say("curve.running", shape=mark(Mark.INCOMPLETE)))
    if any(each.unknown for each in shown):
        found.append(telling.say("curve.unknown", shape=mark(Mark.UNKNOWN)))
    if any(0 < each.size < SMALL for each in shown):
        found.append(telling.say("curve.small", small=SMALL))
    return found


def _pooled(curve: Curve, telling: Telling) -> Table:
    """All cohorts that are mature at a bucket together; how far it moved, of the same cohorts, since the one before."""
    titles = ("bucket", "mature", "began", "kept", "share", "range", "moved")
    columns = [
        Column(telling.say(f"curve.{title}.{curve.unit.value}" if title == "bucket" else f"curve.{title}"), "right")
        for title in titles
    ]
    every = [each for each in curve.pooled if each.cohorts]
    wanted = set(range(LONGEST)) if len(every) <= LONGEST else set(buckets_shown(curve))
    rows = [_pool(curve, each) for each in every if each.bucket in wanted]
    return without_blanks(Table(tuple(columns), tuple(rows)))


def _pool(curve: Curve, pool: Pooled) -> tuple[Cell, ...]:
    texts = (str(pool.bucket), f"{pool.cohorts:,}", f"{pool.size:,}", f"{pool.kept:,}", _share(pool.rate))
    return tuple(map(Cell, (*texts, _range(pool), _moved(curve, pool))))


def _range(pool: Pooled) -> str:
    """What a share on a small base may truly be."""
    if not 0 < pool.size < SMALL or not pool.bucket:
        return ""
    low, high = interval(Fraction(pool.kept), Fraction(pool.size))
    return f"{percent(low)}–{percent(high)}%"


def _moved(curve: Curve, pool: Pooled) -> str:
    before = sum(each.kept[pool.bucket - 1] for each in curve.mature(pool.bucket)) if pool.bucket else 0
    return signed(Fraction(pool.kept - before, before) * 100, "%") if before else ""


def verdict(curve: Curve, found: Flattening, telling: Telling) -> str:
    """Whether the curve flattens, in words."""
    low, high = found.loses
    return telling.say(
        f"curve.{found.shape.value}",
        **_words(curve, telling),
        start=found.start,
        end=found.end,
        level=_share(found.level),
        low=percent(low),
        high=percent(high),
        limit=percent(found.limit),
        size=f"{found.size:,}",
        small=SMALL,
    )
