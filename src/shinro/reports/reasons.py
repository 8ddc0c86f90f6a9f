"""Explanation -> what the story's page tells of it: the sentences, the waterfall, what each driver brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from shinro.findings.explanations import Basis, Explanation, Rule
from shinro.findings.gaps import Decomposition, Kind
from shinro.reports.explain import bottleneck_text, driver_name, headline, toned
from shinro.reports.numbers import gap, number
from shinro.reports.parts import Brought, Fall, Passage, Reasons
from shinro.reports.passages import passages
from shinro.reports.readings import Telling
from shinro.reports.segments import segments_blocks
from shinro.series import Meaning, State

FINE = 10**6  # places on the scale of a bar, far more than are seen
FALLS = 8  # drivers with a bar of their own; the smallest others share one


def reasons(found: Explanation | None, telling: Telling) -> Reasons | None:
    """What is told of why the star stands where it does; None where nothing is known of it."""
    if found is None or found.period is None:
        return None
    told = [found, *([found.beside] if found.beside else [])]
    shown = told[-1]
    split = shown.gap if shown.gap and shown.gap.root.opened else None
    return Reasons(
        says=tuple(headline(each, telling) for each in told),
        falls=tuple(_falls(shown, split, telling)) if split else (),
        rules=tuple(bottleneck_text(each, shown, telling) for each in shown.bottlenecks),
        cut=tuple(_cut(shown, telling)),
    )


def _cut(found: Explanation, telling: Telling) -> Iterator[Passage]:
    """The main cause by the dimension that says most, where it could be cut."""
    for each in found.bottlenecks:
        if each.rule is Rule.COSTS_MOST and each.segments and not each.segments.unsplit:
            yield from passages(segments_blocks(replace(each.segments, nested=None), telling))


def brought_to_star(found: Explanation | None, telling: Telling) -> Mapping[str, Brought]:
    """Metric -> what it brought to the star's gap, in all the places where it stands."""
    shown = found.beside or found if found else None
    if found is None or shown is None or shown.gap is None or not shown.gap.root.opened:
        return {}
    amounts: dict[str, Fraction] = {}
    for part in shown.gap.parts():
        if part.name != found.metric and part.kind is Kind.METRIC and part.contribution is not None and not part.back:
            amounts[part.name] = amounts.get(part.name, Fraction(0)) + part.contribution
    return {
        name: Brought(gap(each, shown.meaning, telling.lang), tone(each, shown.meaning))
        for name, each in amounts.items()
    }


def tone(amount: Fraction, meaning: Meaning) -> str:
    """`ahead` for what is good, `behind` for what is bad, nothing for the rest."""
    found = toned(amount, meaning)
    return found.value if isinstance(found, State) else ""


def _falls(found: Explanation, split: Decomposition, telling: Telling) -> Iterator[Fall]:
    """From where it was meant to be, or was, driver by driver to where it is. Law: each bar begins where one ended."""
    steps = list(_steps(found, split, telling))
    before, after = split.root.before or Fraction(0), split.root.after or Fraction(0)
    at, ends = before, [Fraction(0), before, after]
    for _, amount in steps:
        at += amount
        ends.append(at)
    low, high = min(ends), max(ends)
    scale = (low, high - low or Fraction(1))
    label = telling.say("explain.meant" if found.basis is Basis.TARGET else "explain.before")
    yield Fall(label, number(before, found.meaning, telling.lang), "", *_ends(Fraction(0), before, scale), whole=True)
    at = before
    for name, amount in steps:
        shown = gap(amount, found.meaning, telling.lang)
        yield Fall(name, shown, tone(amount, found.meaning), *_ends(at, at + amount, scale))
        at += amount
    now = number(after, found.meaning, telling.lang)
    yield Fall(telling.say("explain.after"), now, "", *_ends(Fraction(0), after, scale), whole=True)


def _ends(first: Fraction, last: Fraction, scale: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """The two ends of a bar on a scale of a lowest number and a size, from 0 to 1, the lower one first."""
    low, high = sorted(Fraction(round((end - scale[0]) / scale[1] * FINE), FINE) for end in (first, last))
    return low, high


def _steps(found: Explanation, split: Decomposition, telling: Telling) -> Iterator[tuple[str, Fraction]]:
    """Each driver's part, the smallest ones together where there are many; then what does not add up."""
    leaves = list(split.leaves)
    if len(leaves) > FALLS:
        large = set(sorted(leaves, key=lambda leaf: -abs(leaf.contribution))[: FALLS - 1])
        others = sum((leaf.contribution for leaf in leaves if leaf not in large), Fraction(0))
        leaves = [leaf for leaf in leaves if leaf in large]
    else:
        others = None
    yield from ((driver_name(leaf, telling), leaf.contribution) for leaf in leaves)
    if others is not None:
        yield telling.say("explain.others"), others
    for off in split.off:
        side = "after" if off.after else "plan" if found.basis is Basis.TARGET else "before"
        yield telling.say(f"explain.apart.{side}", metric=telling.label(off.name)), off.contribution
