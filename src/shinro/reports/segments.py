"""Segments -> blocks: where it broke in sentences, what each segment brought as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.findings.segments import Against, Break, Breaks, Presence, SegmentFindings, SegmentLine, Side, Split
from shinro.periods import Period
from shinro.reports.dates import period as period_name
from shinro.reports.dates import span
from shinro.reports.numbers import UNDEFINED, gap, grouped, number
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Table
from shinro.series import Better, Meaning, Segment

MOST = 8  # lines of one level; the rest as one
DEEP = 3  # of each segment by the next dimension
INDENT = "  "
NOTHING = Fraction(0)


def segments_blocks(found: SegmentFindings, telling: Telling) -> Iterator[Block]:
    """Where it broke, then the gap by the dimension that says most, then nested where several were asked for."""
    yield Heading(telling.say("segments.title", metric=telling.label(found.meaning.metric), **_ends(found, telling)))
    if found.unsplit:
        yield Lines((Line(telling.say(found.unsplit), "quiet"),))
        return
    yield Lines(tuple(_broke(found, telling)))
    for split in _shown(found):
        yield split_table(split, found, telling)
        notes = [Line(text, "quiet", indent=2) for text in remarks(split, found, telling)]
        yield from [Lines(tuple(notes))] if notes else []


def _shown(found: SegmentFindings) -> Sequence[Split]:
    return (found.nested,) if found.nested else found.splits[:1]


def _ends(found: SegmentFindings, telling: Telling) -> dict[str, str]:
    """What is held against what."""
    after = _when(found.after, found, telling)
    if found.against is Against.TARGET:
        return {"before": telling.say("segments.target"), "after": after}
    return {"before": _when(found.before, found, telling), "after": after}


def _when(when: Period, found: SegmentFindings, telling: Telling) -> str:
    """A period by its name, several as a span."""
    one = telling.calendar.period(when.start, found.grain) == when
    return period_name(when, found.grain, telling.calendar, telling.words) if one else span(when, telling.lang)


def place_text(segment: Segment, telling: Telling) -> str:
    """A combination in words: `channel exhibition, rep Sato`."""
    named = [
        telling.say("segments.place", dimension=name, value=value or telling.say("status.no_value"))
        for name, value in segment
    ]
    return telling.say("list.comma").join(named)


def _broke(found: SegmentFindings, telling: Telling) -> Iterator[Line]:
    """Where it broke, and what was expected; that nothing did is an answer."""
    broke = found.breaks
    if found.by_definition:
        names = telling.say("list.comma").join(found.by_definition)
        metric = telling.label(found.meaning.metric)
        yield Line(telling.say("segments.by_definition", dimensions=names, metric=metric), "quiet")
        return
    if broke is None:
        yield Line(telling.say("segments.one_cell"), "quiet")
        return
    if broke.after and broke.after != found.after:
        yield Line(telling.say("segments.window", period=_when(broke.after, found, telling)))
    for number_of, one in enumerate(broke.breaks):
        yield Line(break_text(one, found, telling, first=number_of == 0), "strong" if number_of == 0 else None)
    if not broke.breaks:
        yield Line(_nothing_broke(found, broke, telling))
    yield Line(expected_text(found, telling), "quiet", indent=2)


def break_text(one: Break, found: SegmentFindings, telling: Telling, *, first: bool = True) -> str:
    """One sentence: where, what was seen and expected, what it brought, since when."""
    where = ("at" if worse(one, found.meaning) else "from") if one.segment else "everywhere" if first else "others"
    return _with_weight(_say(where, one, found, telling), one, found, telling)


def weighed_text(one: Break, found: SegmentFindings, telling: Telling) -> str:
    """One sentence of a combination that was weighed and is not said to be where it broke."""
    return _with_weight(_say("weighed", one, found, telling), one, found, telling)


def _say(key: str, one: Break | Breaks, found: SegmentFindings, telling: Telling) -> str:
    """What was seen and expected of a combination, or of the whole."""
    meaning, lang = found.meaning, telling.lang
    args = {
        name: number(side.value, meaning, lang)
        for name, side in (("observed", one.observed), ("expected", one.expected))
    }
    if isinstance(one, Break):
        args |= {"where": place_text(one.segment, telling), "change": gap(one.change, meaning, lang)}
    return telling.say(f"segments.broke.{key}", **args)


def _with_weight(told: str, one: Break, found: SegmentFindings, telling: Telling) -> str:
    """A sentence with how much of the difference that is, since when, and of how few."""
    parts = [told]
    if one.share is not None and one.segment:
        parts.append(telling.say("segments.share", share=f"{grouped(one.share * 100, 0)}%"))
    if one.since and one.segment and one.since != found.after:
        parts.append(telling.say("segments.since", period=_when(one.since, found, telling)))
    if one.observed.small or one.expected.small:
        parts.append(telling.say("segments.small_base", n=int(one.observed.base or 0)))
    return telling.sentences(parts)


def worse(one: Break, meaning: Meaning) -> bool:
    """Whether it moved the way that is bad."""
    return one.change < 0 if meaning.better is not Better.LOWER else one.change > 0


def _nothing_broke(found: SegmentFindings, broke: Breaks, telling: Telling) -> str:
    """No combination stands out; the whole beside what was expected of it, and the combination that comes nearest."""
    way = ".up" if broke.way > 0 else ".down" if broke.way < 0 else ""
    told = [_say(f"nowhere{way}", broke, found, telling)]
    told += [_say("nearest", near, found, telling) for near in broke.others[:1]]
    return telling.sentences(told)


def expected_text(found: SegmentFindings, telling: Telling) -> str:
    """What was expected of each segment."""
    broke = found.breaks
    before, after = (broke and broke.before) or found.before, (broke and broke.after) or found.after
    key = "segments.expected.rate" if broke and broke.observed.is_ratio else "segments.expected.amount"
    key += ".mean" if found.against is Against.TARGET else ""
    return telling.say(key, before=_when(before, found, telling), after=_when(after, found, telling))


def split_table(split: Split, found: SegmentFindings, telling: Telling) -> Table:
    """Segments with their numbers on both sides and what they brought, so that the column adds up to the gap."""
    ends, ratio = _ends(found, telling), split.after.is_ratio
    columns = [
        Column(telling.say("list.comma").join(split.dimensions), main=True),
        Column(ends["before"], "right"),
        Column(ends["after"], "right"),
        Column(telling.say("segments.brought"), "right", main=True),
        Column(telling.say("segments.mix") if ratio else "", "right"),
        Column(telling.say("segments.rate") if ratio else "", "right"),
        Column(telling.say("segments.moved" if moves_add_up(found) else "segments.stayed"), "right"),
        Column("", bare=True),
    ]
    rows = [
        *_rows(split.lines, 0, found, telling),
        *_extra(split, found, telling, 0),
        _total(split, found, telling),
    ]
    return without_blanks(Table(tuple(columns), tuple(rows)))


def _rows(
    lines: Sequence[SegmentLine], depth: int, found: SegmentFindings, telling: Telling
) -> Iterator[tuple[Cell, ...]]:
    most = MOST if depth == 0 else DEEP
    for line in lines[:most]:
        yield _row(line, depth, found, telling)
        yield from _rows(line.lines, depth + 1, found, telling)
        yield from _extra(line, found, telling, depth + 1)
    rest = lines[most:]
    if rest:
        name = INDENT * depth + telling.words.plural("segments.more", len(rest))
        total = sum((line.change for line in rest), NOTHING)
        yield _padded(name, total, sum((line.moved or NOTHING for line in rest), NOTHING), found, telling)


def _row(line: SegmentLine, depth: int, found: SegmentFindings, telling: Telling) -> tuple[Cell, ...]:
    meaning, lang = found.meaning, telling.lang
    name = INDENT * depth + (line.segment[-1][1] or telling.say("status.no_value"))
    told = [None if part is None else gap(part, meaning, lang) for part in (line.mix, line.rate)]
    return (
        Cell(name, "strong" if depth == 0 else None),
        Cell(_value(line.before, meaning, telling)),
        Cell(_value(line.after, meaning, telling)),
        Cell(gap(line.change, meaning, lang)),
        *(Cell(text or "", "quiet") for text in told),
        Cell(gap(line.moved, meaning, lang) if line.moved else "", "quiet"),
        Cell("" if line.presence is Presence.BOTH else telling.say(f"segments.{line.presence.value}"), "quiet"),
    )


def moves_add_up(found: SegmentFindings) -> bool:
    """Whether what moved between segments adds up by itself: money is in one of them, a company in several."""
    return not found.meaning.metric.endswith(".companies")


def _padded(name: str, change: Fraction, moved: Fraction, found: SegmentFindings, telling: Telling) -> tuple[Cell, ...]:
    told = [gap(change, found.meaning, telling.lang), "", "", gap(moved, found.meaning, telling.lang) if moved else ""]
    return (
        Cell(name, "quiet"),
        Cell(""),
        Cell(""),
        *(Cell(text, "quiet" if text else None) for text in told),
        Cell(""),
    )


def _extra(of: Split | SegmentLine, found: SegmentFindings, telling: Telling, depth: int) -> Iterator[tuple[Cell, ...]]:
    """What segments lack to what they are cut from, as a line of its own."""
    moved = of.overlap_moved or NOTHING
    if of.overlap or moved:
        yield _padded(INDENT * depth + telling.say("segments.overlap"), of.overlap, moved, found, telling)


def _total(split: Split, found: SegmentFindings, telling: Telling) -> tuple[Cell, ...]:
    meaning, lang = found.meaning, telling.lang
    sums = (split.mix, split.rate) if split.after.is_ratio else ()
    return (
        Cell(telling.say("segments.whole"), "strong"),
        Cell(_value(split.before, meaning, telling)),
        Cell(_value(split.after, meaning, telling)),
        Cell(gap(split.gap, meaning, lang), "strong"),
        *(Cell(gap(part, meaning, lang), "quiet") for part in sums),
        *(Cell("") for _ in range(4 - len(sums))),
    )


def remarks(split: Split, found: SegmentFindings, telling: Telling) -> Iterator[str]:
    """Simpson's paradox, what overlaps, what is small."""
    if split.reversal:
        turned = split.reversal
        key = "segments.simpson.rising" if turned.rising else "segments.simpson.falling"
        mix, rate = (gap(part, found.meaning, telling.lang) for part in (split.mix, split.rate))
        yield telling.say(key, dimension=turned.dimension, n=turned.segments, mix=mix, rate=rate)
    if found.against is Against.TARGET:
        key = "segments.meant.rate" if split.after.is_ratio else "segments.meant.amount"
        yield telling.say(key, before=_when(found.before, found, telling))
    if split.overlap or split.overlap_moved:
        yield telling.say("segments.overlap_says")
    if not moves_add_up(found) and any(line.moved for line in split.lines):
        yield telling.say("segments.stayed_says")
    if any(line.small for line in split.lines):
        yield telling.say("segments.small")


def _value(side: Side | None, meaning: Meaning, telling: Telling) -> str:
    """A value, an asterisk where its base is small; `–` where there are no rows."""
    if side is None or side.value is None:
        return UNDEFINED
    return number(side.value, meaning, telling.lang) + ("*" if side.small else "")
