"""Curving: `values --curve`, the cohorts of retention and of recurring metrics."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from shinro.cli.speaking import FAILED, say_json, show
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.run.curve import Asked
    from shinro.run.gathering import Moment
    from shinro.run.opening import Opened


def curves_told(
    opened: "Opened",
    tell: Words,
    metrics: tuple[str, ...],
    asked: "Asked",
    moment: "Moment",
    step: Callable[[str, str], None],
    *,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Measures curves and tells them; the command fails where a metric has none."""
    from shinro.cli.looking import missing
    from shinro.reports.curve import curve_report
    from shinro.reports.curve_data import curve_csv, curve_json
    from shinro.reports.problems import as_json as problems_json
    from shinro.reports.readings import Telling
    from shinro.run.curve import curves
    from shinro.run.gathering import gathering
    from shinro.run.revenue import are_recurring

    if are_recurring(opened.project, metrics):
        _revenues_told(opened, tell, metrics, asked, moment, step, as_csv=as_csv, as_json=as_json)
        return
    telling = Telling(tell, opened.project)
    with gathering(opened, moment, step) as gathered:
        found = curves(gathered, metrics, asked)
    if as_csv:
        typer.echo(curve_csv(found.curves), nl=False)
    elif as_json:
        say_json(
            {
                "as_of": found.as_of.isoformat(),
                "curves": curve_json(found.curves, telling),
                "unmeasured": {metric: telling.say(why, metrics=metric) for metric, why in found.unmeasured},
                "problems": problems_json(found.problems, tell),
            }
        )
    else:
        show(curve_report(found.curves, telling))
    if not as_json:
        missing(found.unmeasured, found.problems, tell)
    if found.unmeasured:
        raise typer.Exit(FAILED)


def _revenues_told(
    opened: "Opened",
    tell: Words,
    metrics: tuple[str, ...],
    asked: "Asked",
    moment: "Moment",
    step: Callable[[str, str], None],
    *,
    as_csv: bool,
    as_json: bool,
) -> None:
    from shinro.cli.looking import missing
    from shinro.reports.problems import as_json as problems_json
    from shinro.reports.readings import Telling
    from shinro.reports.revenue import revenue_csv, revenue_json, revenue_report
    from shinro.run.gathering import gathering
    from shinro.run.revenue import revenues

    telling = Telling(tell, opened.project)
    with gathering(opened, moment, step) as gathered:
        found = revenues(gathered, metrics, asked)
    if as_csv:
        typer.echo(revenue_csv(found.revenues), nl=False)
    elif as_json:
        say_json(
            {
                "as_of": found.as_of.isoformat(),
                "revenues": revenue_json(found.revenues, telling),
                "unmeasured": {metric: telling.say(why, metrics=metric) for metric, why in found.unmeasured},
                "problems": problems_json(found.problems, tell),
            }
        )
    else:
        show(revenue_report(found.revenues, telling))
    if not as_json:
        missing(found.unmeasured, found.problems, tell)
    if found.unmeasured:
        raise typer.Exit(FAILED)
