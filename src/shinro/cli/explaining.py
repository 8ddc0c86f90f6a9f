"""Explaining: why a number moved or missed."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shinro.cli.speaking import Refused, answer, answer_json, moment, open_told, option, progress
from shinro.periods import Grain
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.reports.readings import Telling
    from shinro.run.explain import Asked
    from shinro.run.gathering import Gathered


class Against(Enum):
    """What a number can be held against by name; `--from` names a period of its own."""

    TARGET = "target"
    LAST = "last"
    YEAR = "year"


def _explain(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.explain_gap"))
    def explain(
        metric: Annotated[str, typer.Argument(help=tell.say("cli.explained"), show_default=False)] = "",
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        against: Annotated[Against | None, option(tell, "against", "--against")] = None,
        first: Annotated[str, option(tell, "since", "--from")] = "",
        last: Annotated[str, option(tell, "to", "--to")] = "",
        by: Annotated[list[str] | None, option(tell, "by", "--by")] = None,
        grain: Annotated[Grain | None, option(tell, "grain", "--grain")] = None,
        drivers: Annotated[bool, option(tell, "drivers", "--drivers")] = False,
        effect: Annotated[str, option(tell, "effect", "--effect")] = "",
        effects: Annotated[bool, option(tell, "effects", "--effects")] = False,
        chained: Annotated[bool, option(tell, "chained", "--chained")] = False,
        times: Annotated[bool, option(tell, "times", "--times")] = False,
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.findings.explanations import Basis
        from shinro.reports.readings import Telling
        from shinro.run.explain import Asked
        from shinro.run.gathering import gathering

        clash = _clash(
            {"--drivers": drivers, "--effect": bool(effect), "--effects": effects},
            {
                "--from": bool(first),
                "--against": bool(against),
                "--chained": chained,
                "--by": bool(by),
                "--to": bool(last),
            },
            year=against is Against.YEAR,
        )
        if clash:
            raise Refused(tell.say(f"cli.{clash.pop('case', 'clash')}", **clash))
        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
            gathering(opened, moment(as_of, spoken), step) as gathered,
        ):
            telling = Telling(spoken, opened.project)
            if drivers:
                _drivers(gathered, metric, telling, as_json=as_json)
            elif effect or effects:
                _effects(gathered, effect, metric, telling, as_json=as_json)
            else:
                basis = Basis.GIVEN if first else Basis(against.value) if against else None
                asked = Asked(metric, basis, first, last, tuple(by or ()), grain, chained, times)
                _gap(gathered, asked, telling, as_json=as_json)


def _clash(questions: dict[str, bool], options: dict[str, object], *, year: bool) -> dict[str, str]:
    """Two options that do not go together, the first such pair; nothing where all do."""
    asked = [name for name, given in questions.items() if given]
    given = [name for name, is_given in options.items() if is_given]
    if len(asked) > 1 or (asked and given):
        return {"one": asked[0], "other": [*asked[1:], *given][0]}
    if {"--from", "--against"} <= set(given):
        return {"one": "--from", "other": "--against"}
    if "--chained" in given and "--from" not in given and not year:
        return {"one": "--chained", "other": "--from 2026-04"} | {"case": "needs"}
    return {}


def _gap(gathered: "Gathered", asked: "Asked", telling: "Telling", *, as_json: bool) -> None:
    from shinro.reports.explain import explain_report
    from shinro.reports.explain_json import explain_json
    from shinro.run.explain import explain

    found = explain(gathered, asked)
    if as_json:
        answer_json(explain_json(found, telling), gathered)
    else:
        answer(explain_report(found, telling), gathered, telling)


def _drivers(gathered: "Gathered", metric: str, telling: "Telling", *, as_json: bool) -> None:
    from shinro.reports.evidence import evidence_json, evidence_report
    from shinro.run.evidence import drivers
    from shinro.run.values import known_metric

    if metric:
        known_metric(gathered.opened.project, metric, gathered.opened.name)
    found = drivers(gathered, metric)
    if as_json:
        answer_json(evidence_json(found, telling), gathered)
    else:
        answer(evidence_report(found, telling), gathered, telling)


def _effects(gathered: "Gathered", name: str, metric: str, telling: "Telling", *, as_json: bool) -> None:
    from shinro.reports.effects import effects_report
    from shinro.reports.effects_json import effects_json
    from shinro.run.effects import effects_of, named

    asked = named(gathered.opened, name or None)
    found = effects_of(gathered, tuple(each for each in asked if metric in ("", str(each.moves))))
    if as_json:
        answer_json(effects_json(found, telling), gathered)
    else:
        answer(effects_report(found, telling), gathered, telling)


COMMANDS = (_explain,)
