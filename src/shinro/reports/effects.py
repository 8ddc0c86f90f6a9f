"""Effects -> blocks: initiatives by what they gave the star for their cost, each with its effect and its caveats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from shinro.definitions.periodic import accrues
from shinro.findings.effects import Control, Effect, Effects, Estimate, Interval, Remark
from shinro.periods import Period
from shinro.reports.dates import day, span
from shinro.reports.numbers import UNDEFINED, gap, money, number
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Report, Table, Tone
from shinro.series import Meaning, Segment, State

DIGITS = 10**9  # of a float that is told: more are noise
TONES = {"worked": State.AHEAD, "went the other way": State.BEHIND}
COLUMNS = (
    Column("effect.initiative", main=True),
    Column("effect.verdict", main=True),
    Column("effect.kpi"),
    Column("effect.effect", "right"),
    Column("effect.expected", "right"),
    Column("effect.star", "right"),
    Column("effect.cost", "right"),
)


def effects_report(found: Effects, telling: Telling) -> Report:
    """What initiatives did: all of them side by side where there are several, then each by itself."""
    title = telling.say("effect.title", day=day(found.as_of, telling.lang))
    blocks: list[Block] = [Heading(title, 1)]
    if not found.effects:
        blocks.append(Lines((Line(telling.say("effect.none")),)))
    if len(found.effects) > 1:
        blocks.append(table(found, telling))
    for effect in found.effects:
        blocks += [Heading(effect.initiative), Lines(tuple(_told(effect, telling)))]
    return Report(telling.lang, tuple(blocks))


def table(found: Effects, telling: Telling) -> Table:
    """The initiatives, a row each, best first."""
    columns = tuple(Column(telling.say(each.title), each.align, each.main, each.bare) for each in COLUMNS)
    return without_blanks(Table(columns, tuple(_row(effect, telling) for effect in found.effects)))


def _row(effect: Effect, telling: Telling) -> tuple[Cell, ...]:
    meaning, estimate = effect.meaning, effect.estimate
    seen = interval(estimate.mean, meaning, telling) if estimate and meaning else ""
    held = change(effect.expected.value, meaning, telling) if effect.expected and meaning else ""
    gain = interval(effect.gain.mean, effect.gain.meaning, telling) if effect.gain else ""
    return (
        Cell(effect.initiative, "strong"),
        Cell(verdict(effect, telling), tone(effect)),
        Cell(touched(effect, telling)),
        Cell(seen),
        Cell(held),
        Cell(gain),
        Cell(cost(effect, telling)),
    )


def tone(effect: Effect) -> Tone:
    """How a verdict is to be felt."""
    return TONES.get(effect.verdict.value)


def verdict(effect: Effect, telling: Telling) -> str:
    """The verdict in words; with a word more where it stands on the KPI's own past alone."""
    said = telling.say(f"effect.verdict.{effect.verdict.value.replace(' ', '_')}")
    return telling.say("effect.weakly", verdict=said) if effect.weak else said


def touched(effect: Effect, telling: Telling) -> str:
    """The KPI, and the part of it that the initiative touches."""
    return _named(effect.metric, effect.segment, telling) if effect.metric else ""


def _named(metric: str, segment: Segment, telling: Telling) -> str:
    if not segment:
        return telling.label(metric)
    values = telling.say("list.comma").join(value or telling.say("status.no_value") for _, value in segment)
    return telling.say("effect.part", metric=telling.label(metric), values=values)


def cost(effect: Effect, telling: Telling) -> str:
    """What the initiative costs."""
    return money(effect.cost, effect.currency, telling.lang) if effect.cost and effect.currency else ""


def change(value: float, meaning: Meaning, telling: Telling) -> str:
    """A difference in the metric's unit."""
    return gap(_exact(value), meaning, telling.lang)


def interval(found: Interval, meaning: Meaning, telling: Telling) -> str:
    """`+9.7pt (+1.5pt … +17.4pt)`."""
    value, low, high = (change(each, meaning, telling) for each in (found.value, found.low, found.high))
    return telling.say("effect.interval", value=value, low=low, high=high)


def sentence(effect: Effect, telling: Telling) -> str:
    """What is said of an initiative in one sentence."""
    if not estimated(effect, telling):
        return telling.say("effect.says.nothing", verdict=verdict(effect, telling))
    return telling.say("effect.says.estimate", verdict=verdict(effect, telling), seen=estimated(effect, telling))


def estimated(effect: Effect, telling: Telling) -> str:
    """What was, what would have been, and the effect, without the verdict; nothing where nothing was estimated."""
    meaning, estimate = effect.meaning, effect.estimate
    if estimate is None or meaning is None or effect.window is None:
        return ""
    return telling.say(
        "effect.says.seen",
        kpi=touched(effect, telling),
        actual=number(_exact(estimate.without + estimate.mean.value), meaning, telling.lang),
        without=number(_exact(estimate.without), meaning, telling.lang),
        effect=interval(estimate.mean, meaning, telling),
        per=per(effect, meaning, telling),
    )


def per(effect: Effect, meaning: Meaning, telling: Telling) -> str:
    """`a week` of an amount that weeks bring, `on average` of a share, a mean or what stands."""
    brings = accrues(telling.project, meaning.metric)
    return telling.say(f"effect.per.{effect.grain.value}" if brings else "effect.per.mean")


def _told(effect: Effect, telling: Telling) -> Iterator[Line]:
    yield Line(sentence(effect, telling), "strong")
    if effect.estimate and effect.meaning:
        yield from (Line(text) for text in _numbers(effect, effect.estimate, effect.meaning, telling))
    yield from (Line(text, "quiet") for text in remarks(effect, telling))


def _numbers(effect: Effect, estimate: Estimate, meaning: Meaning, telling: Telling) -> Iterator[str]:
    each = per(effect, meaning, telling)
    if effect.window:
        before, after = (telling.words.plural(f"length.{effect.grain.value}", n) for n in (effect.before, effect.after))
        days = span(effect.window, telling.lang)
        yield telling.say("effect.judged_over", days=days, before=before, after=after)
    if accrues(telling.project, meaning.metric):
        yield telling.say("effect.in_total", total=interval(estimate.total, meaning, telling))
    if effect.expected and effect.expected.placed:
        value = change(effect.expected.value, meaning, telling)
        yield telling.say(f"effect.against.{effect.expected.placed.value}", value=value, per=each)
    yield telling.say("effect.detectable", least=_size(estimate.detectable, meaning, telling), per=each)
    if effect.control:
        yield control_text(effect.control, telling)
    if effect.gain and effect.gain.metric != effect.metric:
        gain = interval(effect.gain.mean, effect.gain.meaning, telling)
        yield telling.say(
            "effect.gained",
            star=telling.label(effect.gain.metric),
            gain=gain,
            per=per(effect, effect.gain.meaning, telling),
        )


def control_text(control: Control, telling: Telling) -> str:
    """What the KPI was held against, and why that may be done."""
    return telling.say(
        "effect.controlled.twin" if control.twin else "effect.controlled.metric",
        control=_named(control.metric, control.segment, telling),
        fit=f"{control.fit * 100:.0f}",
        parallel=f"{control.parallel:.2f}",
    )


def remarks(effect: Effect, telling: Telling) -> tuple[str, ...]:
    """Everything that must be said with it."""
    return tuple(_remark(each, effect, telling) for each in effect.remarks)


def _remark(remark: Remark, effect: Effect, telling: Telling) -> str:
    args = {name: _arg(value, telling) for name, value in remark.args.items()}
    counted = {name: value for name, value in remark.args.items() if isinstance(value, int)}
    lengths = {f"{name}_long": telling.words.plural(f"length.{effect.grain.value}", n) for name, n in counted.items()}
    return telling.say(remark.key, kpi=touched(effect, telling), **args, **lengths)


def _arg(value: object, telling: Telling) -> object:
    if isinstance(value, Period):
        return span(value, telling.lang)
    if isinstance(value, date):
        return day(value, telling.lang)
    return telling.say("list.comma").join(map(str, value)) if isinstance(value, tuple) else value


def _size(value: float, meaning: Meaning, telling: Telling) -> str:
    return change(value, meaning, telling).removeprefix("+") or UNDEFINED


def _exact(value: float) -> Fraction:
    return Fraction(value).limit_denominator(DIGITS)
