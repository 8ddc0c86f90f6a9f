"""The record: the commands that show the book, prove it, hand it on, and keep its keys."""

import os
from pathlib import Path
from typing import Annotated

import typer

from shinro.cli import publishing
from shinro.cli.speaking import FAILED, clock_is_right, moment, open_told, option, say_json, show
from shinro.reports.words import Words


def _record(app: typer.Typer, tell: Words) -> None:
    group = typer.Typer(help=tell.say("cli.record"), no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name="record")
    for command in (*publishing.MEMBERS, *MEMBERS):
        command(group, tell)


def _log(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.record_log"))
    def log(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        checkpoint: Annotated[bool, option(tell, "record_checkpoint", "--checkpoint")] = False,
        limit: Annotated[int, option(tell, "record_limit", "--limit", "-n")] = 50,
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.reports import record as told
        from shinro.reports.readings import Telling
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            found = run.log(opened)
            if checkpoint:
                typer.echo(found.checkpoint.text, nl=False)
            elif as_json:
                say_json(told.log_json(found.entries, found.checkpoint))
            else:
                telling = Telling(spoken, opened.project)
                show(told.log_report(found.entries, found.checkpoint, limit, telling, meanings(opened.project)))


def _verify(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.record_verify"))
    def verify(
        held: Annotated[list[Path] | None, option(tell, "record_held", "--held")] = None,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports import record as told
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            found = run.verify(opened, held or ())
            notes = [(each.name, each.checkpoint, each.holds) for each in found.held]
            known = (found.size, found.checkpoint, found.own, notes, found.erased)
            if as_json:
                say_json(told.verdict_json(*known, found.first_bad, found.problems, spoken))
            else:
                show(told.verdict_report(*known, found.problems, spoken))
            if not found.ok:
                raise typer.Exit(FAILED)


def _export(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.record_export"))
    def export(
        metrics: Annotated[
            list[str] | None, typer.Argument(help=tell.say("cli.record_only"), show_default=False)
        ] = None,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        output: Annotated[Path, option(tell, "record_output", "--output", "-o")] = Path("record.zip"),
        texts: Annotated[bool, option(tell, "record_texts", "--texts")] = False,
        force: Annotated[bool, option(tell, "record_force", "--force")] = False,
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            size = run.export(opened, output, metrics or (), texts=texts, force=force)
            head = run.log(opened).checkpoint
            if as_json:
                say_json({"file": str(output), "bytes": size, "checkpoint": head.text})
            else:
                typer.echo(spoken.say("record.exported", path=output, size=f"{size:,}", head=head.short))
                typer.echo(spoken.say("record.export_next"))


def _erase(group: typer.Typer, tell: Words) -> None:
    @group.command(help=tell.say("cli.record_erase"))
    def erase(
        hashes: Annotated[
            list[str] | None, typer.Argument(help=tell.say("cli.record_hashes"), show_default=False)
        ] = None,
        containing: Annotated[str, option(tell, "record_containing", "--containing")] = "",
        yes: Annotated[bool, option(tell, "record_erase_yes", "--yes", "-y")] = False,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            wanted = run.texts_of(opened, hashes or (), containing)
            if not as_json:
                for digest, text in wanted.items():
                    typer.echo(f"{digest[:16]} {' '.join(text.split())[:80]}")
            if wanted and not (yes or typer.confirm(spoken.plural("record.erase_confirm", len(wanted)))):
                return
            gone = run.erase(opened, wanted)
            if as_json:
                say_json({"erased": list(gone)})
            else:
                typer.echo(spoken.plural("record.erased_now", len(gone)) if gone else spoken.say("record.erased_none"))
            if not gone:
                raise typer.Exit(FAILED)


def _keys(group: typer.Typer, tell: Words) -> None:
    keys = typer.Typer(help=tell.say("cli.record_keys"), no_args_is_help=True, rich_markup_mode=None)
    group.add_typer(keys, name="keys")
    for command in (_keys_show, _keys_backup, _keys_restore, _keys_rotate):
        command(keys, tell)


def _keys_show(keys: typer.Typer, tell: Words) -> None:
    @keys.command(name="show", help=tell.say("cli.record_keys_show"))
    def show_(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports.record import keys_report
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            ring = run.keyring(opened, os.environ, Path.home())
            if as_json:
                found = [
                    {"file": str(file), "key": key.hex(), "signs": key == ring.in_force} for file, key in ring.keys
                ]
                say_json({"folder": str(ring.folder), "keys": found})
            else:
                show(keys_report(ring.folder, ring.keys, ring.in_force, spoken))


def _keys_backup(keys: typer.Typer, tell: Words) -> None:
    @keys.command(help=tell.say("cli.record_keys_backup"))
    def backup(
        target: Annotated[Path, typer.Argument(help=tell.say("cli.record_backup_file"), show_default=False)],
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
    ) -> None:
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=False) as (opened, spoken):
            run.backup(opened, os.environ, Path.home(), target)
            typer.echo(spoken.say("record.backed_up", path=target))


def _keys_restore(keys: typer.Typer, tell: Words) -> None:
    @keys.command(help=tell.say("cli.record_keys_restore"))
    def restore(
        source: Annotated[Path, typer.Argument(help=tell.say("cli.record_backup_file"), show_default=False)],
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
    ) -> None:
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=False) as (opened, spoken):
            typer.echo(spoken.say("record.restored", path=run.restore(opened, os.environ, Path.home(), source)))


def _keys_rotate(keys: typer.Typer, tell: Words) -> None:
    @keys.command(help=tell.say("cli.record_keys_rotate"))
    def rotate(
        lost: Annotated[bool, option(tell, "record_lost", "--lost")] = False,
        renamed: Annotated[bool, option(tell, "record_renamed", "--renamed")] = False,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
    ) -> None:
        from shinro.run import recording as run

        with open_told(project, tell, lang, as_json=False) as (opened, spoken):
            looked = moment("", spoken)
            clock_is_right(opened, looked, spoken)
            head = run.rotate(opened, os.environ, Path.home(), looked.now, lost=lost, renamed=renamed)
            typer.echo(spoken.say("record.rotated_lost" if lost else "record.rotated", head=head.short))


MEMBERS = (_log, _verify, _export, _erase, _keys)
COMMANDS = (_record,)
