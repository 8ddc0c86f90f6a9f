"""Drafting: the commands that write a project, or change one, for people who would rather not write YAML."""

import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shinro.cli.asking import given, said, title
from shinro.cli.speaking import moment, open_told, option, problems_told, progress, say_json, show
from shinro.cli.usage import TakesNumbers
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.drafts.wide import Left
    from shinro.run.add import Change
    from shinro.run.init import Drafted


class Type(Enum):
    """The companies that there is a starting point for."""

    B2C_APP = "b2c-app"
    B2B_SAAS = "b2b-saas"
    INSIDE_SALES = "inside-sales"


def _init(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.init"))
    def init(
        more: Annotated[list[Path] | None, typer.Argument(help=tell.say("cli.more"), show_default=False)] = None,
        files: Annotated[list[Path] | None, option(tell, "from", "--from")] = None,
        kind: Annotated[Type | None, option(tell, "type", "--type")] = None,
        out: Annotated[Path, option(tell, "out", "-o", "--out")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports.drafted import drafted_json, drafted_report

        del lang
        exports = [*(files or ()), *(more or ())]
        with problems_told(tell, as_json=as_json):
            made = _from_files(exports, out, tell) if exports else _from_answers(kind, out, tell)
            if as_json:
                say_json(drafted_json(str(made.file), made.text, made.notes, made.asks, tell))
            else:
                show(drafted_report(str(made.file), str(out), made.notes, made.asks, tell))


def _from_files(files: list[Path], out: Path, tell: Words) -> "Drafted":
    from shinro.run.init import init_from

    with progress(tell, shown=True) as step:
        return init_from(files, out, moment("", tell), tell.say, tell.lang, step)


def _from_answers(kind: Type | None, out: Path, tell: Words) -> "Drafted":
    from shinro.drafts.interview import Question
    from shinro.reports.problems import says
    from shinro.run.init import refuse_existing
    from shinro.run.interview import init_by_asking

    refuse_existing(out)
    title(tell.say("interview.begins"))
    names = [each.value for each in Type]
    chosen = kind.value if kind else said(Question("type", "choice", names[-1]), tell, names)
    return init_by_asking(
        chosen,
        out,
        moment("", tell),
        tell.say,
        tell.lang,
        lambda question: said(question, tell),
        lambda problem: title(says(problem, tell)),
    )


def _add(app: typer.Typer, tell: Words) -> None:
    group = typer.Typer(help=tell.say("cli.add"), no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name="add")
    for command in (_milestone, _initiative, _kpi, _target):
        command(group, tell)


def _milestone(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.add_milestone"))
    def milestone(
        name: Annotated[str, typer.Argument(help=tell.say("cli.milestone_name"), show_default=False)] = "",
        by: Annotated[str, option(tell, "by_when", "--by")] = "",
        reach: Annotated[list[str] | None, option(tell, "reach", "--reach")] = None,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.drafts.changes import with_milestone

        del lang
        title_, due = given("name", name, tell), given("by", by, tell)
        goals = reach or [given("reach", "", tell)]
        _change(
            project,
            lambda text, opened: with_milestone(text, opened.project, title_, due, goals),
            tell,
            as_json=as_json,
        )


def _initiative(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.add_initiative"))
    def initiative(
        name: Annotated[str, typer.Argument(help=tell.say("cli.initiative_name"), show_default=False)] = "",
        moves: Annotated[str, option(tell, "moves", "--moves")] = "",
        expect: Annotated[str, option(tell, "expect", "--expect")] = "",
        on: Annotated[str, option(tell, "on", "--on")] = "",
        starts: Annotated[str, option(tell, "starts", "--starts")] = "",
        ends: Annotated[str, option(tell, "ends", "--ends")] = "",
        owner: Annotated[str, option(tell, "owner", "--owner")] = "",
        cost: Annotated[str, option(tell, "cost", "--cost")] = "",
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.drafts.changes import with_initiative

        del lang
        body = {"name": given("name", name, tell), "on": on, "starts": starts, "ends": ends}
        body |= {"moves": given("moves", moves, tell), "expect": given("expect", expect, tell)}
        body |= {"owner": given("owner", owner, tell, needed=False), "cost": cost}
        _change(project, lambda text, _: with_initiative(text, body), tell, as_json=as_json)


def _kpi(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.add_kpi"))
    def kpi(
        metric: Annotated[str, typer.Argument(help=tell.say("cli.metric"), show_default=False)] = "",
        owner: Annotated[str, option(tell, "owner", "--owner")] = "",
        cadence: Annotated[str, option(tell, "cadence", "--cadence")] = "",
        decides: Annotated[str, option(tell, "decides", "--decides")] = "",
        better: Annotated[str, option(tell, "better", "--better")] = "",
        focus: Annotated[bool, option(tell, "focus", "--focus")] = False,
        department: Annotated[str, option(tell, "department", "--department")] = "",
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.drafts.changes import with_kpi

        del lang
        name = given("metric", metric, tell)
        body = {"owner": given("owner", owner, tell), "cadence": given("cadence", cadence, tell, "weekly")}
        body |= {"better": better, "focus": "true" if focus else ""}
        body |= {"decides": given("decides", decides, tell, needed=False)}
        _change(
            project, lambda text, opened: with_kpi(text, opened.project, name, body, department), tell, as_json=as_json
        )


def _target(group: typer.Typer, tell: Words) -> None:
    @group.command(cls=TakesNumbers, help=tell.say("cli.add_target"))
    def target(
        metric: Annotated[str, typer.Argument(help=tell.say("cli.metric"), show_default=False)] = "",
        level: Annotated[str, typer.Argument(help=tell.say("cli.level"), show_default=False)] = "",
        per: Annotated[str, option(tell, "per", "--per")] = "",
        start: Annotated[str, option(tell, "from_level", "--from")] = "",
        to: Annotated[str, option(tell, "to_level", "--to")] = "",
        by: Annotated[str, option(tell, "by_when", "--by")] = "",
        shape: Annotated[str, option(tell, "shape", "--shape")] = "",
        steps: Annotated[list[str] | None, option(tell, "step", "--step")] = None,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.drafts.changes import with_target

        del lang
        name, cut = given("metric", metric, tell), [step.partition("=") for step in steps or ()]
        body = {"per": per, "from": start, "to": to, "by": by, "shape": shape, "level": level}
        if not any((level, to, cut)):
            body["level"] = given("level", "", tell)
        stairs = {day.strip(): at.strip() for day, _, at in cut}
        _change(project, lambda text, _: with_target(text, name, body, stairs), tell, as_json=as_json)


def _change(project: Path, change: "Change", tell: Words, *, as_json: bool) -> None:
    """Writes a change, and shows its lines and the problems that it brought."""
    from datetime import UTC, datetime

    from shinro.reports.problems import as_json as plain
    from shinro.reports.problems import problems_report
    from shinro.run.add import add

    with problems_told(tell, as_json=as_json):
        changed = add(project, change, datetime.now(UTC).date())
        if as_json:
            say_json(
                {"file": str(changed.file), "lines": list(changed.lines), "problems": plain(changed.problems, tell)}
            )
            return
        title(tell.say("drafts.written", file=changed.file))
        typer.echo("\n".join(changed.lines))
        if changed.problems:
            show(problems_report(changed.problems, tell))


def _enter(app: typer.Typer, tell: Words) -> None:
    @app.command(cls=TakesNumbers, help=tell.say("cli.enter"))
    def enter(
        metric: Annotated[str, typer.Argument(help=tell.say("cli.metric"), show_default=False)] = "",
        value: Annotated[str, typer.Argument(help=tell.say("cli.value"), show_default=False)] = "",
        period: Annotated[str, option(tell, "period", "--period", "--date")] = "",
        wide: Annotated[Path | None, option(tell, "wide", "--from")] = None,
        replace: Annotated[bool, option(tell, "replace", "--replace")] = False,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.run import enter as run
        from shinro.units import decimal_text

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            today = moment("", spoken).today(opened.project.zone)
            left: tuple[Left, ...] = ()
            if wide:
                made, left = run.enter_wide(opened, wide, today, [metric] if metric else (), replaced=replace)
            else:
                name, number = given("metric", metric, spoken), given("value", value, spoken)
                made = [run.enter(opened, name, number, period, today, replaced=replace)]
            if as_json:
                keys = ("metric", "date", "value", "file")
                rows = [(one.metric, one.day.isoformat(), decimal_text(one.value), str(one.file)) for one in made]
                say_json([dict(zip(keys, row, strict=True)) for row in rows])
            for each in left:
                typer.echo(spoken.say(f"entered.left.{each.why}", name=each.name or "–", line=each.line), err=as_json)
            if as_json:
                return
            for one in made:
                file = os.path.relpath(one.file)
                said_ = {"metric": one.metric, "period": one.period, "value": decimal_text(one.value), "file": file}
                typer.echo(spoken.say("entered.one", **said_))


COMMANDS = (_init, _add, _enter)
