"""plan --what-if: what changes of drivers would do to the star and to the milestones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shinro.analysis.footing import direct
from shinro.analysis.whatif import first_of, what_if
from shinro.definitions.literals import misfit, misfit_change
from shinro.definitions.phrases import Change
from shinro.definitions.supposing import Supposed, supposed
from shinro.definitions.tokens import Mistake
from shinro.definitions.unfolding import ratio_of
from shinro.findings.plans import WhatIf
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem
from shinro.run.backplans import Asked, beside, footed, wanted_in
from shinro.run.gathering import Gathered
from shinro.run.values import known_metric

YEAR = {
    Grain.DAY: 90,
    Grain.WEEK: 52,
    Grain.MONTH: 12,
    Grain.QUARTER: 4,
    Grain.YEAR: 3,
}  # periods looked ahead at least


def suppose(gathered: Gathered, texts: Sequence[str], asked: Asked) -> WhatIf:
    """What the changes of some texts would do, for the milestones ahead or one goal.

    Raises CannotGoOn for a change that is none, in another unit (Q143) or from after the last period on (Q171), and for
    metrics that the project does not have.
    """
    project = gathered.opened.project
    try:
        moves = [move for text in texts for move in supposed(text, Place("--what-if"))]
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    for move in moves:
        known_metric(project, move.metric, "--what-if")
    wrong = [each for move in moves for each in _misfit(gathered, move)]
    if wrong:
        raise CannotGoOn(wrong)
    star = str(project.star.metric) if project.star else None
    metrics = dict.fromkeys([*([star] if star else []), *(move.metric for move in moves)])
    set_so = _set_directly(gathered, moves)
    _, found = footed(gathered, wanted_in(gathered, asked), asked.grain, metrics, set_so, YEAR[asked.grain])
    late = [move for move in moves if move.first and first_of(found, move) >= found.horizon]
    if late:
        last = found.periods[found.horizon - 1].last
        place = Place("--what-if")
        raise CannotGoOn([Problem(place, "Q171", {"case": "beyond", "text": each.text, "last": last}) for each in late])
    made = what_if(found, moves, gathered.meanings, star)
    chances, untold = beside(gathered, asked, made.conditions, made.chances)
    return replace(made, chances=chances, untold=untold)


def _set_directly(gathered: Gathered, moves: Sequence[Supposed]) -> frozenset[str]:
    """What working back sets as it is, so that nothing differs before a change; and rates that follow from that."""
    project = gathered.opened.project
    bounded = direct(project)
    found = {move.metric: project.metric(move.metric) for move in moves}
    sides = {name: ratio_of(metric) for name, metric in found.items() if metric}
    return bounded | {name for name, both in sides.items() if both and both[0] in bounded}


def _misfit(gathered: Gathered, move: Supposed) -> Iterator[Problem]:
    """A change in another unit than its metric's."""
    meaning, place = gathered.meanings.get(move.metric), Place("--what-if")
    if isinstance(move.change, Change):
        yield from misfit_change(gathered.opened.project, meaning, move.change, place)
    else:
        yield from misfit(meaning, move.change.number, place)
