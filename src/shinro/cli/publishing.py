"""Publishing: the commands that write published values to the record, correct them in sight, and find them again."""

import os
import sys
from dataclasses import replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shinro.cli.speaking import (
    FAILED,
    Refused,
    answer,
    answer_json,
    clock_is_right,
    moment,
    not_ahead,
    open_told,
    option,
    progress,
    say_json,
    show,
)
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.record.keys import Writer
    from shinro.reports.published import Offered
    from shinro.reports.readings import Telling
    from shinro.run.opening import Opened
    from shinro.run.publishing import Offer


class Beside(Enum):
    """What is published beside months."""

    WEEK = "week"


def _publish(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.record_publish"))
    def publish(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        since: Annotated[str, option(tell, "record_since", "--since")] = "",
        grain: Annotated[Beside | None, option(tell, "record_grain", "--grain")] = None,
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        dry_run: Annotated[bool, option(tell, "record_dry_run", "--dry-run")] = False,
        yes: Annotated[bool, option(tell, "record_yes", "--yes", "-y")] = False,
        actor: Annotated[str, option(tell, "record_by", "--by")] = "",
        anew: Annotated[bool, option(tell, "record_anew", "--anew")] = False,
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.reports import published as told
        from shinro.reports.readings import Telling
        from shinro.run.gathering import gathering
        from shinro.run.publishing import offer
        from shinro.run.publishing import publish as run

        first = _day(since, tell)
        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            telling, looked = Telling(spoken, opened.project), replace(moment(as_of, spoken), fresh=True)
            not_ahead(looked, opened.project.zone, spoken)
            clock_is_right(opened, looked, spoken)
            _not_to_come(first, looked.as_of or looked.today(opened.project.zone), spoken)
            with progress(spoken, shown=not as_json) as step, gathering(opened, looked, step) as gathered:
                offered = offer(gathered, first, weekly=grain is Beside.WEEK)
            _without_holes(offered, telling)
            shown = _shown(offered)
            if not as_json:
                show(told.offer_report(shown, telling, meanings(opened.project)))
            if dry_run or offered.errors or not offered.drafts:
                if as_json:
                    say_json({**told.offer_json(shown, telling), "failed": bool(offered.errors)})
                raise typer.Exit(FAILED if offered.errors else 0)
            if not _agreed(spoken, len(offered.drafts), yes=yes or as_json):
                return
            done = run(opened, offered, replace(_writer(opened, actor), anew=anew), looked.now)
            if as_json:
                written = told.written_json(done.entries, done.checkpoint)
                more = {"begun": done.begun, "meanwhile": done.meanwhile}
                say_json({**told.offer_json(shown, telling), **written, **more})
            else:
                if done.begun:
                    typer.echo(spoken.say("publish.begun"))
                if done.meanwhile:
                    typer.echo(spoken.say("publish.meanwhile", n=done.meanwhile, all=len(offered.drafts)))
                show(told.published_report(done.entries, done.checkpoint, telling))


def _restate(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.record_restate"))
    def restate(
        because: Annotated[str, option(tell, "record_because", "--because")],
        metric: Annotated[str, typer.Argument(help=tell.say("cli.record_metric"), show_default=False)] = "",
        period: Annotated[str, option(tell, "record_period", "--period")] = "",
        all_drifted: Annotated[bool, option(tell, "record_all_drifted", "--all-drifted")] = False,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        dry_run: Annotated[bool, option(tell, "record_dry_run", "--dry-run")] = False,
        yes: Annotated[bool, option(tell, "record_yes", "--yes", "-y")] = False,
        actor: Annotated[str, option(tell, "record_by", "--by")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.reports import published as told
        from shinro.reports.readings import Telling
        from shinro.run.gathering import gathering
        from shinro.run.restating import asked_for
        from shinro.run.restating import restate as run

        if not because.strip() or bool(metric and period) is all_drifted:
            raise Refused(tell.say("restate.asks"))
        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            telling, looked = Telling(spoken, opened.project), replace(moment(as_of, spoken), fresh=True)
            not_ahead(looked, opened.project.zone, spoken)
            clock_is_right(opened, looked, spoken)
            with progress(spoken, shown=not as_json) as step, gathering(opened, looked, step) as gathered:
                found = asked_for(gathered, metric, period, step)
            pairs = [(each.old, each.new) for each in found]
            if not pairs or dry_run:
                _pairs_told(pairs, telling, as_json=as_json)
                return
            if not as_json:
                show(told.restated_report(pairs, telling, meanings(opened.project)))
            if not _agreed(spoken, len(pairs), yes=yes or as_json):
                return
            done = run(opened, found, because.strip(), _writer(opened, actor), looked.now)
            if as_json:
                restated = [told.pair_json(old, new) for old, new in pairs]
                say_json({"restated": restated, **told.written_json(done.entries, done.checkpoint)})
            else:
                show(told.published_report(done.entries, done.checkpoint, telling))


def _check(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.record_check"))
    def check(
        metrics: Annotated[list[str] | None, option(tell, "record_metrics", "--metric", "-m")] = None,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.record.book import read
        from shinro.reports import rechecked as told
        from shinro.reports.readings import Telling
        from shinro.run.gathering import gathering
        from shinro.run.publishing import book_of
        from shinro.run.rechecking import recheck as run

        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
            gathering(opened, moment(as_of, spoken), step) as gathered,
        ):
            published = read(book_of(opened))
            found = run(gathered, published, tuple(metrics or ()), step)
        known = {each.draft.subject for each in published if each.draft.figure}
        if unknown := [each for each in metrics or () if each not in known]:
            raise Refused(
                spoken.say("recheck.unknown", metrics=", ".join(unknown), known=", ".join(sorted(known)) or "-")
            )
        telling = Telling(spoken, opened.project)
        if as_json:
            answer_json(told.recheck_json(found, telling), gathered)
        else:
            answer(told.recheck_report(found, telling, meanings(opened.project)), gathered, telling)
        if found.drifted:
            raise typer.Exit(FAILED)


def _pairs_told(pairs: list[Any], telling: Any, *, as_json: bool) -> None:  # noqa: ANN401 - imported only with the engine
    from shinro.definitions.meaning import meanings
    from shinro.reports import published as told

    if as_json:
        say_json({"restated": [told.pair_json(old, new) for old, new in pairs]})
    elif pairs:
        show(told.restated_report(pairs, telling, meanings(telling.project)))
    else:
        typer.echo(telling.say("restate.nothing"))


def _shown(offered: "Offer") -> "Offered":
    from shinro.reports.published import Offered

    differs = [(each.entry, each.now) for each in offered.differs]
    plain = (offered.pledges, offered.reports, offered.standing, differs)
    return Offered(*plain, offered.errors, offered.unmeasured, offered.as_of, offered.names)


def _agreed(tell: Words, count: int, *, yes: bool) -> bool:
    """Whether to write: asked on a terminal, and taken as said where nobody can answer."""
    if yes or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return typer.confirm(tell.plural("publish.confirm", count))


def _writer(opened: "Opened", actor: str) -> "Writer":
    from shinro.run.recording import writer_of

    return writer_of(opened, os.environ, Path.home(), actor)


def _day(text: str, tell: Words) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(tell.say("cli.bad_day", found=text)) from None


def _not_to_come(first: date | None, day: date, tell: Words) -> None:
    """Ends where periods are asked for from a day on that is still to come: none of them can be over."""
    if first and first > day:
        raise Refused(tell.say("publish.since_ahead", since=first, day=day))


def _without_holes(offered: "Offer", telling: "Telling") -> None:
    """Ends where periods that are over would be left out of the middle of the record."""
    if offered.left_out:
        day = min(each.period.start for each in offered.left_out if each.period)
        names = dict.fromkeys(telling.label(each.subject) for each in offered.left_out)
        metrics = telling.say("list.comma").join(names)
        raise Refused(telling.say("publish.since_holes", since=offered.since, day=day, metrics=metrics))


MEMBERS = (_publish, _restate, _check)
