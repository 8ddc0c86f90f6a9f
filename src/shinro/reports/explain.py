"""Explanation -> blocks: one sentence, the gap over the tree, the bottleneck by three rules, losses by department."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from shinro.findings.explanations import Basis, Bottleneck, Doing, Explanation, Rule
from shinro.findings.gaps import (
    Decomposition,
    Factor,
    Hurdle,
    Kind,
    Leaf,
    Missing,
    NotTimes,
    Off,
    Part,
    Times,
    Way,
    Why,
)
from shinro.reports.dates import period as period_name
from shinro.reports.numbers import UNDEFINED, gap, grouped, number
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Report, Table, Tone
from shinro.reports.segments import place_text, segments_blocks
from shinro.reports.stages import stages_blocks
from shinro.series import Better, Meaning, Nature, State

INDENT = "  "


def explain_report(found: Explanation, telling: Telling) -> Report:
    """Why, to be read from the top."""
    period = _period(found, telling)
    title = telling.say("explain.title", metric=telling.label(found.metric), period=period)
    return Report(telling.lang, (Heading(title, 1), *_blocks(found, telling), *_next(found, telling)))


def _next(found: Explanation, telling: Telling) -> Iterator[Block]:
    """What to ask next, where a driver was found that pulls down."""
    shown = found.beside or found
    worst = next((each for each in shown.bottlenecks if each.rule is Rule.COSTS_MOST), None)
    if worst and worst.kind is Kind.METRIC:
        yield Lines((Line(telling.say("explain.next", driver=worst.metric), "quiet"),))


def _blocks(found: Explanation, telling: Telling) -> Iterator[Block]:
    yield Lines(tuple(_opening(found, telling)))
    if found.stages:
        yield from stages_blocks(found.stages, found.metric.partition(".")[0], telling)
    if found.beside:
        yield from _blocks(found.beside, telling)
    elif found.gap:
        yield from _split(found, found.gap, telling)


def _split(found: Explanation, split: Decomposition, telling: Telling) -> Iterator[Block]:
    if split.root.opened:
        yield Heading(telling.say("explain.tree"))
        yield tree_table(found, split, telling)
        told = dict.fromkeys(_remarks(found, split, telling))
        yield Lines(tuple(Line(text, "quiet", indent=2) for text in told))
    if found.bottlenecks:
        yield Heading(telling.say("explain.bottleneck"))
        yield Lines(tuple(Line(bottleneck_text(each, found, telling)) for each in found.bottlenecks))
    yield from segments_blocks(found.segments, telling) if found.segments else ()
    main = next((each for each in found.bottlenecks if each.rule is Rule.COSTS_MOST), None)
    if main and main.segments and not main.segments.unsplit:
        yield from segments_blocks(main.segments, telling)
    if found.losses and split.root.opened:
        yield Heading(telling.say("explain.departments"))
        yield _departments(found, split, telling)


def _opening(found: Explanation, telling: Telling) -> Iterator[Line]:
    """The one sentence, and what keeps it from saying more."""
    yield Line(headline(found, telling), "strong")
    split = found.gap
    if split and not split.root.children:
        yield Line(telling.say("explain.no_tree", metric=telling.label(found.metric)), "quiet")
    elif split and not split.root.opened:
        told = dict.fromkeys(_remarks(found, split, telling))
        closed = telling.say("explain.not_opened", metric=telling.label(found.metric))
        yield from (Line(text, "quiet") for text in told or [closed])


def headline(found: Explanation, telling: Telling) -> str:
    """What happened, its main cause, whose it is, and what is being done: as it is said on a Monday."""
    if found.period is None:
        return telling.say("explain.no_period", metric=telling.label(found.metric))
    if found.gap is None:
        key = f"{found.why}.target" if found.why == "explain.no_basis" and found.basis is Basis.TARGET else found.why
        return telling.say(key or "", metric=telling.label(found.metric), period=_period(found, telling))
    told = [_what(found, found.gap, telling)]
    if found.gap.root.opened:
        told += _cause(found, found.gap, telling)
    return telling.sentences(told)


def _what(found: Explanation, split: Decomposition, telling: Telling) -> str:
    meaning, root = found.meaning, split.root
    held = found.period if found.basis is Basis.TARGET else found.against
    return telling.say(
        f"explain.says.{found.basis.value}",
        metric=telling.label(found.metric),
        amount=gap(root.contribution, meaning, telling.lang),
        before=number(root.before, meaning, telling.lang),
        after=number(root.after, meaning, telling.lang),
        period=period_name(held, found.grain, telling.calendar, telling.words) if held else "",
    )


def _cause(found: Explanation, split: Decomposition, telling: Telling) -> Iterator[str]:
    worst = next((each for each in found.bottlenecks if each.rule is Rule.COSTS_MOST), None)
    fell = _costs(split.change, found.meaning) > 0
    best = None if fell and worst else _best(split, found.meaning)
    off = sum((each.contribution for each in split.off), Fraction(0))
    if worst is None and fell and not off:
        yield telling.say("explain.no_cause")
    most = worst.amount if fell and worst else best.contribution if best else None
    if _is_most(off, most, found):
        yield telling.say(f"explain.{_off(off, split.change)}", amount=gap(off, found.meaning, telling.lang))
    if best:
        amount = gap(best.contribution, found.meaning, telling.lang)
        yield telling.say("explain.helped", driver=driver_name(best, telling), amount=amount)
    if worst is None:
        return
    yield _main(worst, found, telling, "cause" if fell else "dragged")
    owners = telling.say("list.comma").join(worst.owners)
    yield telling.say("explain.owner", names=owners) if owners else telling.say("explain.no_owner")
    names = telling.say("list.comma").join(_doing(each, telling) for each in worst.doing)
    yield telling.say("explain.doing", names=names) if names else telling.say("explain.no_doing")


def _is_most(off: Fraction, driver: Fraction | None, found: Explanation) -> bool:
    """Whether what no driver holds moved the metric the way it went, and further than the driver that moved it most."""
    side = _costs(found.gap.change if found.gap else None, found.meaning)
    return _costs(off, found.meaning) * side > max(_costs(driver, found.meaning) * side, Fraction(0))


def _off(amount: Fraction, change: Fraction | None) -> str:
    """How what no driver holds is told beside the whole: it can be more than that, where the drivers made up for it."""
    share = amount / change if change else Fraction(0)
    return "off_more" if share > 1 else "off_most" if share > Fraction(1, 2) else "off_largest"


def _costs(amount: Fraction | None, meaning: Meaning) -> Fraction:
    """How bad an amount is: more is good where nobody said otherwise."""
    return (amount or Fraction(0)) * (1 if meaning.better is Better.LOWER else -1)


def _main(worst: Bottleneck, found: Explanation, telling: Telling, key: str) -> str:
    amount = gap(worst.amount, found.meaning, telling.lang)
    segment, driver = where(worst, telling), leaf_name(worst.metric, worst.kind, telling, worst.back)
    if segment:
        return telling.say(f"explain.{key}_in", driver=driver, amount=amount, segment=segment)
    return telling.say(f"explain.{key}", driver=driver, amount=amount)


def where(found: Bottleneck, telling: Telling) -> str:
    """The segment in which a driver broke, the way of its gap; nothing where it is everywhere."""
    broke = found.segments.breaks if found.segments else None
    if broke is None:
        return ""
    same = next((each for each in broke.breaks if each.segment and each.change * broke.way > 0), None)
    return place_text(same.segment, telling) if same else ""


def _best(split: Decomposition, meaning: Meaning) -> Leaf | None:
    side = -1 if meaning.better is Better.LOWER else 1
    found = max(split.leaves, key=lambda leaf: side * leaf.contribution, default=None)
    return found if found and side * found.contribution > 0 else None


def _doing(doing: Doing, telling: Telling) -> str:
    if doing.verdict is None:
        return doing.name
    verdict = telling.say(f"explain.verdict.{doing.verdict.value.replace(' ', '_')}")
    return telling.say("explain.judged", name=doing.name, verdict=verdict)


def tree_table(found: Explanation, split: Decomposition, telling: Telling) -> Table:
    """The gap over the tree, a row a place, what does not add up as rows of its own."""
    columns = (
        Column(telling.say("explain.driver"), main=True),
        Column(telling.say("explain.meant" if found.basis is Basis.TARGET else "explain.before"), "right"),
        Column(telling.say("explain.after"), "right"),
        Column(telling.say("explain.moved"), "right"),
        Column(telling.say("explain.brought"), "right", main=True),
    )
    rows = [*_rows(split.root, 0, found, telling), *(_off_row(each, found, telling) for each in split.off)]
    return without_blanks(Table(columns, tuple(rows)))


def _rows(part: Part, depth: int, found: Explanation, telling: Telling) -> Iterator[tuple[Cell, ...]]:
    meaning = found.meanings.get(part.name)
    shown = INDENT * depth + leaf_name(part.name, part.kind, telling, part.back)
    amount = gap(part.contribution, found.meaning, telling.lang) if part.contribution is not None else ""
    yield (
        Cell(shown, "strong" if depth == 0 else None),
        Cell(_number(part.before, meaning, telling)),
        Cell(_number(part.after, meaning, telling)),
        Cell(gap(part.change, meaning, telling.lang) if meaning and part.change is not None else ""),
        Cell(amount, toned(part.contribution, found.meaning)),
    )
    if part.opened:
        for child in part.children:
            yield from _rows(child, depth + 1, found, telling)


def _number(value: Fraction | None, meaning: Meaning | None, telling: Telling) -> str:
    """A value; of a formula, which has no meaning of its own, as a plain number."""
    return number(value, meaning or Meaning("", Nature.FLOW), telling.lang)


def toned(amount: Fraction | None, meaning: Meaning) -> Tone:
    """Whether an amount is good or bad for a metric; nothing where it is 0, or nobody said which side is good."""
    if not amount or meaning.better is Better.NONE:
        return None
    return State.AHEAD if (amount > 0) == (meaning.better is Better.HIGHER) else State.BEHIND


def leaf_name(name: str, kind: Kind, telling: Telling, back: int = 0) -> str:
    """What a part is called: a metric, what it was before, or a formula by its text."""
    if kind is Kind.FORMULA:
        return name
    label = telling.label(name)
    if kind is Kind.PREVIOUS and back <= 1:
        return telling.say("explain.previous", metric=label)
    return telling.words.plural("explain.back", back, metric=label) if back else label


def driver_name(driver: Leaf | Factor, telling: Telling) -> str:
    """What a driver is called, with how long before it is read."""
    return leaf_name(driver.name, driver.kind, telling, driver.back)


def _off_row(off: Off, found: Explanation, telling: Telling) -> tuple[Cell, ...]:
    return (
        Cell(INDENT + off_text(off, found, telling), "quiet"),
        Cell(""),
        Cell(""),
        Cell(""),
        Cell(gap(off.contribution, found.meaning, telling.lang), "quiet"),
    )


def off_text(off: Off, found: Explanation, telling: Telling) -> str:
    """What does not add up, and by which numbers."""
    side = "after" if off.after else "plan" if found.basis is Basis.TARGET else "before"
    if off.over > 1:
        return telling.say(f"explain.off_over.{side}", metric=telling.label(off.name), n=off.over)
    meaning = found.meanings.get(off.name, found.meaning)
    stated, computed = (number(each, meaning, telling.lang) for each in (off.stated, off.computed))
    return telling.say(f"explain.off.{side}", metric=telling.label(off.name), stated=stated, computed=computed)


def _remarks(found: Explanation, split: Decomposition, telling: Telling) -> Iterator[str]:
    if split.way is not Way.ENDS or split.steps > 1:
        yield telling.words.plural(f"explain.way.{split.way.value.replace(' ', '_')}", split.steps)
    if found.times:
        yield times_text(found.times, telling)
    for each in split.missing:
        yield missing_text(each, found, telling)
    for leaf in split.leaves:
        if leaf.why is Why.HELD:
            yield telling.say("explain.held", driver=leaf_name(leaf.name, leaf.kind, telling, leaf.back))


def times_text(found: Times | NotTimes, telling: Telling) -> str:
    """How many times as much, and of which each driver; or why there is nothing to tell in times."""
    if isinstance(found, NotTimes):
        name = found.name if found.why is Hurdle.CALL else telling.label(found.name)
        return telling.say(f"explain.no_times.{found.why.name.lower()}", metric=name)
    factors = [
        telling.say(
            "explain.factor",
            driver=driver_name(each, telling),
            times=grouped(Fraction(each.times), 2),
        )
        for each in found.factors
    ]
    return telling.say("explain.in_times", total=f"×{grouped(found.total, 2)}", factors=" · ".join(factors))


def missing_text(missing: Missing, found: Explanation, telling: Telling) -> str:
    """What kept the split from going deeper."""
    no_target = found.basis is Basis.TARGET and not missing.after and missing.why is Why.MISSING
    key = "target" if no_target else "undefined" if missing.why is Why.UNDEFINED else "value"
    above = telling.label(missing.stopped_at or found.metric)
    return telling.say(f"explain.missing.{key}", metric=telling.label(missing.name), above=above)


def bottleneck_text(each: Bottleneck, found: Explanation, telling: Telling) -> str:
    """One rule's answer, with its rule and whose it is."""
    key = f"{each.rule.value}.{each.lift.value}" if each.lift else each.rule.value
    says = telling.say(
        f"explain.is.{key}",
        driver=leaf_name(each.metric, each.kind, telling, each.back),
        amount=gap(each.amount, found.meaning, telling.lang),
        value=number(each.value, each.meaning, telling.lang),
        level=number(each.level, each.meaning, telling.lang),
        metric=telling.label(found.metric),
        rank=each.rank,
        of=each.of,
    )
    owners = telling.say("list.comma").join(each.owners)
    department = telling.department(each.department) if each.department else ""
    doing = telling.say("list.comma").join(_doing(one, telling) for one in each.doing)
    whose = " · ".join(filter(None, (department, owners, where(each, telling), doing)))
    return f"{telling.say(f'explain.rule.{each.rule.value}')}: {says}" + (f" [{whose}]" if whose else "")


def _departments(found: Explanation, split: Decomposition, telling: Telling) -> Table:
    columns = (
        Column(telling.say("explain.department"), main=True),
        Column(telling.say("explain.brought"), "right", main=True),
        Column(telling.say("explain.drivers")),
    )
    rows = [_loss(name, amount, drivers, found, telling) for name, amount, drivers in _losses(found, telling)]
    off = sum((each.contribution for each in split.off), Fraction(0))
    if off:
        rows.append(_loss(telling.say("explain.rest"), off, "", found, telling))
    total = gap(split.root.contribution, found.meaning, telling.lang)
    rows.append((Cell(telling.say("explain.sum"), "strong"), Cell(total, "strong"), Cell("")))
    return Table(columns, tuple(rows))


def _losses(found: Explanation, telling: Telling) -> Iterator[tuple[str, Fraction, str]]:
    for loss in found.losses:
        name = telling.department(loss.department) if loss.department else telling.say("explain.nobody")
        names = telling.say("list.comma").join(
            f"{driver_name(each, telling)} {gap(each.contribution, found.meaning, telling.lang)}"
            for each in loss.drivers
        )
        yield name, loss.amount, names


def _loss(name: str, amount: Fraction, drivers: str, found: Explanation, telling: Telling) -> tuple[Cell, ...]:
    return Cell(name), Cell(gap(amount, found.meaning, telling.lang), toned(amount, found.meaning)), Cell(drivers)


def _period(found: Explanation, telling: Telling) -> str:
    if found.period is None:
        return UNDEFINED
    return period_name(found.period, found.grain, telling.calendar, telling.words)
