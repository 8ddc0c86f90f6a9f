"""Probabilities of milestones, as things are and as they would be -> a table."""

from __future__ import annotations

from collections.abc import Sequence

from shinro.findings.plans import Chance, Untold
from shinro.reports.forecasts import missing_texts, odds_text
from shinro.reports.milestones import milestone_name
from shinro.reports.numbers import UNDEFINED
from shinro.reports.readings import Telling
from shinro.reports.report import Cell, Column, Line, Table
from shinro.series import State

LIKELY, UNLIKELY = 0.8, 0.3
LEAST = 0.005  # what is aimed beyond a level by less is not told
GOAL = "goal"


def title(milestone: str, telling: Telling) -> str:
    """What a milestone, or a goal that was asked for, is called."""
    return telling.say("back.goal") if milestone == GOAL else milestone_name(milestone, telling)


def chances_table(chances: Sequence[Chance], telling: Telling, after: str = "back.chance_planned") -> Table:
    """Each milestone: how likely as things are, how likely with the plan, how far beyond its levels it aims."""
    buffered = any(each.wanted is not None for each in chances)
    forecast = any(each.forecast is not None for each in chances)
    columns = [
        Column(telling.say("back.milestone"), main=True),
        Column(telling.say("back.chance_unchanged"), "right"),
        Column(telling.say(after), "right", main=True),
    ]
    columns += [Column(telling.say("back.chance_forecast"), "right")] if forecast else []
    columns += [Column(telling.say("back.chance_margin"), "right")] if buffered else []
    rows = []
    for each in chances:
        cells = [Cell(title(each.milestone, telling), "strong"), Cell(chance_text(each.unchanged))]
        cells += [Cell(chance_text(each.planned), _tone(each.planned))]
        cells += [Cell(UNDEFINED if each.forecast is None else chance_text(each.forecast))] if forecast else []
        cells += [Cell(_margins(each, telling))] if buffered else []
        rows.append(tuple(cells))
    return Table(tuple(columns), tuple(rows))


def untold_lines(untold: Untold, telling: Telling) -> list[Line]:
    """The milestones of which no probability can be told, and why, in the words of `shinro plan`."""
    if not untold.milestones:
        return []
    names = telling.say("list.comma").join(title(each, telling) for each in untold.milestones)
    why = list(missing_texts(untold.why, telling)) or [telling.say("forecast.no_odds")]
    return [Line(telling.say("back.chance_untold", milestones=names)), *(Line(text, "quiet") for text in why)]


def without_trends(chances: Sequence[Chance], telling: Telling) -> list[Line]:
    """What the probabilities leave out, where `shinro plan` says something else of the same milestones."""
    known = any(each.forecast is not None for each in chances)
    return [Line(telling.say("back.chance_differs"), "quiet")] if known else []


def _margins(chance: Chance, telling: Telling) -> str:
    """`MRR +4%, Win rate +11%`: how far beyond its own level each condition is aimed at."""
    aimed = [f"{telling.label(of.metric)} +{margin * 100:.0f}%" for of, margin in chance.margins if margin >= LEAST]
    return telling.say("list.comma").join(aimed) or UNDEFINED


def chance_text(chance: float) -> str:
    """A probability in whole hundredths, never 0 % or 100 %: nothing is that sure."""
    return odds_text(chance)


def _tone(chance: float) -> State | None:
    return State.AHEAD if chance >= LIKELY else State.BEHIND if chance < UNLIKELY else None
