"""plan --what-if: what changes of drivers would do to the star and to the milestones."""

from __future__ import annotations

from collections.abc import Sequence

from shinro.analysis.whatif import what_if
from shinro.definitions.supposing import supposed
from shinro.definitions.tokens import Mistake
from shinro.findings.plans import WhatIf
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place
from shinro.run.backplans import Asked, footed, wanted_in
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

    Raises CannotGoOn for a change that is none, and for metrics that the project does not have.
    """
    project = gathered.opened.project
    try:
        moves = [move for text in texts for move in supposed(text, Place("--what-if"))]
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    for move in moves:
        known_metric(project, move.metric, "--what-if")
    star = str(project.star.metric) if project.star else None
    metrics = dict.fromkeys([*([star] if star else []), *(move.metric for move in moves)])
    direct = frozenset(move.metric for move in moves if move.metric != star)
    _, found = footed(gathered, wanted_in(gathered, asked), asked.grain, metrics, direct, YEAR[asked.grain])
    return what_if(found, moves, gathered.meanings, star)
