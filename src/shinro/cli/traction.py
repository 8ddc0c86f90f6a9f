"""Telling traction: the command that writes what the record shows, in a form to be sent."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shinro.cli.speaking import Refused, answer_json, clock_is_right, moment, not_ahead, open_told, option, progress
from shinro.reports.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shinro.findings.claims import Tale
    from shinro.reports.rendering import Form
    from shinro.run.gathering import Gathered, Moment
    from shinro.run.opening import Opened

ENDINGS = {"htm": "html", "markdown": "md"}


def add_traction(group: typer.Typer, tell: Words) -> None:
    """Adds `tell traction`."""

    @group.command(help=tell.say("cli.tell_traction"))
    def traction(
        audience: Annotated[str, option(tell, "audience", "--audience", "-a")] = "",
        output: Annotated[Path, option(tell, "traction_output", "--output", "-o")] = Path("traction.html"),
        publish: Annotated[bool, option(tell, "traction_publish", "--publish")] = False,
        actor: Annotated[str, option(tell, "record_by", "--by")] = "",
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        force: Annotated[bool, option(tell, "traction_force", "--force")] = False,
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports.last_read import read_texts
        from shinro.reports.readings import Telling
        from shinro.run.gathering import gathering
        from shinro.run.traction import audience_of, blocking, tale_of

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            audience_of(opened, audience)
            if publish and as_of:
                raise Refused(spoken.say("tale.as_of_draft"))
            form = _form(output, spoken)
            looked = replace(moment(as_of, spoken), fresh=publish)
            not_ahead(looked, opened.project.zone, spoken)
            if publish:
                clock_is_right(opened, looked, spoken)
            if not as_json:
                _free(output, opened, spoken, force=force)
            with progress(spoken, shown=not as_json) as step, gathering(opened, looked, step) as gathered:
                found = tale_of(gathered, audience, spoken.lang, published=publish)
                if publish:
                    blocking(found, gathered)
                if as_json:
                    answer_json(_json(found, gathered, spoken), gathered)
                    return
                step("draw", "")
                content = _content(found, gathered, spoken, form)
            _written(output, content, found, opened, looked, spoken, form, publish=publish, actor=actor)
            for text in read_texts(gathered.loads.values(), Telling(spoken, opened.project)):
                typer.echo(text)


def _form(path: Path, tell: Words) -> "Form":
    """The form that a file's ending asks for."""
    from shinro.reports.rendering import FORMS

    ending = path.suffix.lower().removeprefix(".")
    found = next((form for form in FORMS if form == ENDINGS.get(ending, ending)), None)
    if found is None:
        raise Refused(tell.say("tale.bad_ending", path=path, known=", ".join(f".{form}" for form in FORMS)))
    return found


def _free(path: Path, opened: "Opened", tell: Words, *, force: bool) -> None:
    """Ends where a file stands in the way that we did not write, or that was changed since."""
    from shinro.run.written import check_place, is_ours, writing

    with writing(path):
        check_place(path)
        free = force or not path.exists() or is_ours(path, opened.store)
    if not free:
        raise Refused(tell.say("tale.not_ours", path=path))


def _content(found: "Tale", gathered: "Gathered", tell: Words, form: "Form") -> bytes:
    from shinro.reports.rendering import render
    from shinro.reports.traction import traction_document
    from shinro.run.traction import forms_of

    forms = forms_of(gathered, found)
    return render(traction_document(found, gathered.opened.project, tell, forms, gathered.today), form)


def _json(found: "Tale", gathered: "Gathered", tell: Words) -> "Mapping[str, object]":
    from shinro.reports.readings import Telling
    from shinro.reports.traction_json import tale_json

    return tale_json(found, Telling(tell, gathered.opened.project))


def _written(
    path: Path,
    content: bytes,
    found: "Tale",
    opened: "Opened",
    looked: "Moment",
    tell: Words,
    form: str,
    *,
    publish: bool,
    actor: str,
) -> None:
    """The file in its place, and with `--publish` first the entry that says so: neither stands without the other."""
    from shinro.run.recording import writer_of
    from shinro.run.traction import record_told, told_draft
    from shinro.run.written import write_file

    said: list[str] = []

    def record() -> None:
        if publish:
            writer = writer_of(opened, os.environ, Path.home(), actor)
            done = record_told(opened, told_draft(found, content, form), writer, looked.now)
            args = {"audience": found.audience, "seq": done.entries[0].seq, "checkpoint": done.checkpoint.short}
            said.append(tell.say("tale.written_told", **args))

    write_file(path, content, opened.store, record)
    typer.echo(tell.say("tale.written", path=path, size=f"{max(1, len(content) // 1000):,}"))
    typer.echo(said[0] if said else tell.say("tale.written_draft"))
