"""Curving: `values --curve`, the cohorts of retention and of recurring metrics."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import typer

from shinro.cli.speaking import FAILED, say_json, show
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.run.curve import Asked, Curves
    from shinro.run.gathering import Moment
    from shinro.run.opening import Opened
    from shinro.run.revenue import Revenues


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
    from shinro.cli.looking import missing, told_aside
    from shinro.reports.curve import curve_report
    from shinro.reports.curve_data import curve_csv, curve_json
    from shinro.reports.last_read import read_json, read_texts, with_reads
    from shinro.reports.problems import as_json as problems_json
    from shinro.reports.readings import Telling
    from shinro.reports.revenue import revenue_csv, revenue_json, revenue_report
    from shinro.run.curve import curves
    from shinro.run.gathering import gathering
    from shinro.run.revenue import are_recurring, revenues

    telling = Telling(tell, opened.project)
    found: Curves | Revenues
    with gathering(opened, moment, step) as gathered:
        if are_recurring(opened.project, metrics):
            found = paid = revenues(gathered, metrics, asked)
            name, data = "revenues", partial(revenue_json, paid.revenues, telling)
            text, report = partial(revenue_csv, paid.revenues), partial(revenue_report, paid.revenues, telling)
        else:
            found = kept = curves(gathered, metrics, asked)
            name, data = "curves", partial(curve_json, kept.curves, telling)
            text, report = partial(curve_csv, kept.curves), partial(curve_report, kept.curves, telling)
        loads = gathered.loads_of(metrics)
    if as_csv:
        typer.echo(text(), nl=False)
        told_aside(read_texts(loads, telling))
    elif as_json:
        say_json(
            {
                "as_of": found.as_of.isoformat(),
                name: data(),
                "unmeasured": {metric: telling.say(why, metrics=metric) for metric, why in found.unmeasured},
                "problems": problems_json(found.problems, tell),
                **read_json(loads),
            }
        )
    else:
        show(with_reads(report(), loads, telling))
    if not as_json:
        missing(found.unmeasured, found.problems, tell)
    if found.unmeasured:
        raise typer.Exit(FAILED)
