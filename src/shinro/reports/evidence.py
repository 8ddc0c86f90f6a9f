"""Evidence -> blocks: a small table of what leads what, and sentences; and plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from shinro.findings.evidence import Because, Drivers, Evidence, Pair, Role, Verdict
from shinro.reports.dates import day
from shinro.reports.numbers import UNDEFINED
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Report, Table, Tone
from shinro.series import State

Plain: TypeAlias = dict[str, object]
FEW = 6  # candidates that are all shown; of more, only those that say something
DIGITS = 6  # significant ones in JSON
SMALL = 0.001  # below it a p is told as "< 0.001"
HEADINGS = {
    Role.INFLUENCE: "evidence.believed",
    Role.KPI: "evidence.steered",
    Role.CANDIDATE: "evidence.candidates",
}
SILENT = (Verdict.NO_SIGN, Verdict.CANNOT_TELL)
COLUMNS = (
    Column("evidence.from", main=True),
    Column("evidence.to", main=True),
    Column("evidence.verdict", main=True),
    Column("evidence.lag", "right"),
    Column("evidence.sign"),
    Column("evidence.sure", "right"),
    Column("evidence.gain", "right"),
    Column("evidence.weeks", "right"),
)


def evidence_report(found: Drivers, telling: Telling) -> Report:
    """What leads what: the project's own beliefs first, then its KPIs, then what else shows anything."""
    blocks: list[Block] = [Heading(telling.say("evidence.title", day=day(found.as_of, telling.lang)), 1)]
    if not found.pairs and not found.arithmetic:
        blocks.append(Lines((Line(telling.say("evidence.none")),)))
    for role, heading in HEADINGS.items():
        shown = _shown(found.pairs, role)
        if shown:
            blocks += [Heading(telling.say(heading)), evidence_table(shown, telling)]
            blocks.append(Lines(tuple(_line(pair, telling) for pair in shown if _speaks(pair))))
    blocks.append(Lines(tuple(_rest(found, telling))))
    return Report(telling.lang, tuple(block for block in blocks if block != Lines(())))


def evidence_table(pairs: Sequence[Pair], telling: Telling) -> Table:
    """Pairs, a row each, those that lead first."""
    columns = tuple(Column(telling.say(each.title), each.align, each.main, each.bare) for each in COLUMNS)
    return without_blanks(Table(columns, tuple(_row(pair, telling) for pair in pairs)))


def _shown(pairs: Sequence[Pair], role: Role) -> list[Pair]:
    """The pairs of a role by what they say; of many candidates only those that say something."""
    own = [pair for pair in pairs if pair.role is role]
    some = [pair for pair in own if pair not in _quiet(pairs)]
    rank = list(Verdict)
    return sorted(some, key=lambda pair: rank.index(pair.evidence.verdict))


def _quiet(pairs: Sequence[Pair]) -> list[Pair]:
    """The candidates that are only counted: nothing shows of them, and there are many."""
    own = [pair for pair in pairs if pair.role is Role.CANDIDATE]
    return [pair for pair in own if pair.evidence.verdict in SILENT] if len(own) > FEW else []


def _speaks(pair: Pair) -> bool:
    """Whether a pair gets a sentence beside its row."""
    return pair.role is not Role.KPI or pair.evidence.verdict not in SILENT


def _row(pair: Pair, telling: Telling) -> tuple[Cell, ...]:
    seen = pair.evidence
    return (
        Cell(telling.label(pair.driver), "strong"),
        Cell(telling.label(pair.outcome)),
        Cell(word(seen.verdict, telling), _tone(pair)),
        Cell(_ahead(seen, telling)),
        Cell(_way(seen, telling)),
        Cell("" if seen.p is None else f"{probability(seen.p)} / {probability(seen.q)}"),
        Cell(share(seen.gain) if seen.verdict in (Verdict.LEADS, Verdict.FOLLOWS) else ""),
        Cell(str(seen.weeks)),
    )


def _tone(pair: Pair) -> Tone:
    if pair.against:
        return State.BEHIND
    if pair.evidence.verdict is Verdict.LEADS:
        return State.AHEAD
    return "quiet" if pair.evidence.verdict in SILENT else None


def word(verdict: Verdict, telling: Telling) -> str:
    """The word of a verdict."""
    return telling.say(f"evidence.{verdict.value.replace(' ', '_')}")


def _ahead(seen: Evidence, telling: Telling) -> str:
    if seen.lag is None:
        return ""
    return weeks(seen.lag, telling) if seen.lag else telling.say("evidence.same_week")


def weeks(number: int, telling: Telling) -> str:
    """A number of weeks."""
    return telling.words.plural("length.week", number)


def _way(seen: Evidence, telling: Telling) -> str:
    if not seen.sign:
        return ""
    return telling.say("evidence.same_way" if seen.sign > 0 else "evidence.other_way")


def probability(value: float | None) -> str:
    """A p or q to three places; the least as `< 0.001`."""
    if value is None:
        return UNDEFINED
    return f"< {SMALL}" if value < SMALL else f"{value:.3f}"


def share(value: float | None) -> str:
    """A share as a percentage without places: these are estimates."""
    return UNDEFINED if value is None else f"{round(value * 100)}%"


def sentence(pair: Pair, telling: Telling) -> str:
    """What is seen of a pair; of an influence also what that means for it."""
    seen = pair.evidence
    told = telling.say(
        f"evidence.says.{_case(seen)}",
        driver=telling.label(pair.driver),
        outcome=telling.label(pair.outcome),
        lag=weeks(seen.lag or 0, telling),
        q=probability(seen.q),
        weeks=seen.weeks,
        gain=share(seen.gain),
        power=share(seen.power),
    )
    return telling.sentences((told, *_meant(pair, telling)))


def _case(seen: Evidence) -> str:
    if seen.because is not None:
        return seen.because.value
    if seen.verdict is Verdict.LEADS:
        return "leads.same" if (seen.sign or 0) > 0 else "leads.other"
    return str(seen.verdict.value).replace(" ", "_")


def _meant(pair: Pair, telling: Telling) -> Iterator[str]:
    if pair.role is not Role.INFLUENCE:
        return
    seen = pair.evidence
    if seen.verdict is Verdict.LEADS and pair.lag is not None and pair.lag != seen.lag:
        yield telling.say("evidence.expected_lag", lag=weeks(pair.lag, telling))
    standing = "against" if pair.against else "supports" if seen.verdict is Verdict.LEADS else "stays"
    yield telling.say(f"evidence.{standing}")


def _line(pair: Pair, telling: Telling) -> Line:
    return Line(sentence(pair, telling), State.BEHIND if pair.against else None)


def _rest(found: Drivers, telling: Telling) -> Iterator[Line]:
    """What the tables leave out, and how the word is meant."""
    quiet = _quiet(found.pairs)
    if quiet:
        yield Line(telling.say("evidence.quiet", count=len(quiet)), "quiet")
    if found.arithmetic:
        pairs = (f"{telling.label(driver)} → {telling.label(outcome)}" for driver, outcome in found.arithmetic)
        yield Line(telling.say("evidence.tied", pairs=telling.say("list.comma").join(pairs)), "quiet")
    if found.unmeasured:
        names = ", ".join(telling.label(metric) for metric, _ in found.unmeasured)
        yield Line(telling.say("evidence.unmeasured", metrics=names), "quiet")
    if found.pairs:
        yield Line(telling.say("evidence.careful"), "quiet")


def evidence_json(found: Drivers, telling: Telling) -> Plain:
    """Every pair that was looked at. A share is 0.04, not 4; p and q to six digits: neither is ever 0.

    `power` is of one pair that is asked alone.
    """
    return {
        "as_of": found.as_of.isoformat(),
        "pairs": [_pair(pair, telling) for pair in found.pairs],
        "arithmetic": [{"driver": driver, "outcome": outcome} for driver, outcome in found.arithmetic],
        "unmeasured": {metric: telling.say(why, metrics=metric) for metric, why in found.unmeasured},
    }


def _pair(pair: Pair, telling: Telling) -> Plain:
    seen = pair.evidence
    return {
        "driver": pair.driver,
        "outcome": pair.outcome,
        "role": pair.role.value,
        "verdict": seen.verdict.value,
        "because": seen.because.value if seen.because and seen.because is not Because.SAME else None,
        "weeks": seen.weeks,
        "lag": seen.lag,
        "sign": seen.sign,
        "p": _plain(seen.p),
        "q": _plain(seen.q),
        "p_back": _plain(seen.back),
        "gain": _plain(seen.gain),
        "power": _plain(seen.power),
        "expected_sign": pair.expect,
        "expected_lag": pair.lag,
        "against": pair.against,
        "says": sentence(pair, telling),
    }


def _plain(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")
