"""What takes statistics to tell, told: where the main cause broke, what leads the star, what initiatives did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shinro.findings.effects import Effect, Effects
from shinro.findings.evidence import Drivers
from shinro.findings.explanations import Explanation
from shinro.findings.forecasts import Forecast, MilestoneOdds, Prospects
from shinro.findings.plans import Plan
from shinro.findings.readings import Goal, Months, Reading
from shinro.reports.effect_chart import effect_chart
from shinro.reports.effects import estimated, remarks, tone, verdict
from shinro.reports.evidence import evidence_report
from shinro.reports.fan import fan
from shinro.reports.forecasts import asked_text, milestone_texts, odds_text, odds_tone, trend_text
from shinro.reports.parts import Odds, Seen, Studies
from shinro.reports.passages import passages
from shinro.reports.plans import needs
from shinro.reports.readings import Telling
from shinro.reports.reasons import reasons
from shinro.reports.tracks import track
from shinro.series import State


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may come: milestones, forecasts with the levels asked for; targets beside what came; a plan worked back."""

    prospects: Prospects
    fans: Sequence[tuple[Forecast, Sequence[Goal]]] = ()
    tracked: Sequence[tuple[Months, Reading]] = ()
    plan: Plan | None = None


def studies(why: Explanation | None, drivers: Drivers, effects: Effects, telling: Telling, outlook: Outlook) -> Studies:
    """In one language; nothing of what there is nothing to say of."""
    tested = replace(drivers, arithmetic=())  # what arithmetic ties stands in the tree
    leads = passages(evidence_report(tested, telling).blocks[1:]) if tested.pairs else ()
    return Studies(
        reasons(why, telling),
        leads,
        tuple(_seen(each, telling) for each in effects.effects),
        tuple(_odds(each, telling) for each in outlook.prospects.milestones),
        tuple(fan(each, goals, telling) for each, goals in outlook.fans),
        tuple(track(months, reading, telling) for months, reading in outlook.tracked),
        passages(needs(outlook.plan, telling)) if outlook.plan else (),
    )


def _odds(found: MilestoneOdds, telling: Telling) -> Odds:
    return Odds(
        found.title,
        telling.say("story.odds", odds=odds_text(found.probability)),
        odds_tone(found.probability).value.replace(" ", "-"),
        tuple(milestone_texts(found, telling)),
        tuple((asked_text(each, telling), _share(found, n, telling)) for n, each in enumerate(found.conditions)),
    )


def _share(found: MilestoneOdds, place: int, telling: Telling) -> str:
    """How likely a condition is, and how that went week by week."""
    now = found.conditions[place].probability
    shape = trend_text([once.conditions[place] for once in found.trend], now, telling)
    return " · ".join(filter(None, (odds_text(now), shape)))


def _seen(effect: Effect, telling: Telling) -> Seen:
    felt = tone(effect)
    return Seen(
        effect.initiative,
        verdict(effect, telling),
        felt.value if isinstance(felt, State) else "",
        tuple(filter(None, (estimated(effect, telling), *remarks(effect, telling)))),
        effect_chart(effect, telling),
    )
