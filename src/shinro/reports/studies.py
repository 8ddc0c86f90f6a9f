"""What takes statistics to tell, told: where the main cause broke, what leads the star, what initiatives did."""

from __future__ import annotations

from dataclasses import replace

from shinro.findings.effects import Effect, Effects
from shinro.findings.evidence import Drivers
from shinro.findings.explanations import Explanation
from shinro.reports.effect_chart import effect_chart
from shinro.reports.effects import remarks, sentence, tone, verdict
from shinro.reports.evidence import evidence_report
from shinro.reports.parts import Seen, Studies
from shinro.reports.passages import passages
from shinro.reports.readings import Telling
from shinro.reports.reasons import reasons
from shinro.series import State


def studies(why: Explanation | None, drivers: Drivers, effects: Effects, telling: Telling) -> Studies:
    """In one language; nothing of what there is nothing to say of."""
    tested = replace(drivers, arithmetic=())  # what arithmetic ties stands in the tree
    leads = passages(evidence_report(tested, telling).blocks[1:]) if tested.pairs else ()
    return Studies(reasons(why, telling), leads, tuple(_seen(each, telling) for each in effects.effects))


def _seen(effect: Effect, telling: Telling) -> Seen:
    felt = tone(effect)
    return Seen(
        effect.initiative,
        verdict(effect, telling),
        felt.value if isinstance(felt, State) else "",
        (sentence(effect, telling), *remarks(effect, telling)),
        effect_chart(effect, telling),
    )
