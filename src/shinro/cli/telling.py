"""Telling: the commands that write the story in a form to be shown."""

from pathlib import Path
from typing import Annotated

import typer

from shinro.cli.speaking import Refused, moment, open_told, option, progress, say_json
from shinro.cli.traction import add_traction
from shinro.reports.words import Words


def _tell(app: typer.Typer, tell: Words) -> None:
    group = typer.Typer(help=tell.say("cli.tell"), no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name="tell")
    add_traction(group, tell)

    @group.command(help=tell.say("cli.tell_story"))
    def story(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        output: Annotated[Path, option(tell, "output", "--output", "-o")] = Path("story.html"),
        force: Annotated[bool, option(tell, "force", "--force")] = False,
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports.parts import plain
        from shinro.reports.story import story as told
        from shinro.run import tell as run

        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
        ):
            found = run.gist(opened, moment(as_of, spoken), step)
            if as_json:
                say_json(plain(told(found, spoken)))
                return
            step("draw", "")
            page = run.story_page(found, spoken.lang, opened.store)
            _write(output, page, spoken, force=force)


def _write(path: Path, page: str, tell: Words, *, force: bool) -> None:
    from shinro.run.tell import Written, write_page

    if write_page(path, page, force=force) is Written.NOT_OURS:
        raise Refused(tell.say("story.not_ours", path=path))
    typer.echo(tell.say("story.written", path=path, size=f"{len(page.encode()) // 1000:,}"))
    typer.echo(tell.say("story.next"))


COMMANDS = (_tell,)
