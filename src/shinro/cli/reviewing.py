"""Reviewing: the command that prepares a meeting, and takes what it decided."""

import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shinro.cli.asking import is_asked, title
from shinro.cli.speaking import Refused, answer_json, clock_is_right, moment, open_told, option, progress, show
from shinro.reports.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shinro.analysis.measured import Bearings
    from shinro.analysis.review_blanks import Blank
    from shinro.analysis.review_words import Asked, Raw
    from shinro.findings.reviews import Review, Taken
    from shinro.reports.readings import Telling
    from shinro.reports.review_form import Filled
    from shinro.run.gathering import Gathered
    from shinro.run.reviewing import Kept

INTERRUPTED = 130  # as shells say that somebody pressed Ctrl-C
TYPED, TRIES = "-", 3  # the name of what was typed in; how often an answer is asked for that cannot be understood
FORMS = (".md", ".html", ".txt")


class _Ended(Exception):  # noqa: N818 - the word is the name
    """Nobody answers any more."""


def _review(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.review"))
    def review(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        week: Annotated[bool, option(tell, "review_week", "--week")] = False,
        month: Annotated[bool, option(tell, "review_month", "--month")] = False,
        draft: Annotated[bool, option(tell, "review_draft", "--draft")] = False,
        fill: Annotated[Path | None, option(tell, "review_fill", "--fill")] = None,
        output: Annotated[Path | None, option(tell, "review_output", "--output", "-o")] = None,
        actor: Annotated[str, option(tell, "review_by", "--by")] = "",
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.periods import Grain
        from shinro.reports.readings import Telling
        from shinro.run.gathering import gathering
        from shinro.run.review import review_with
        from shinro.run.reviewing import read_form

        _possible(tell, both=week and month, twice=draft and fill is not None, output=output)
        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            telling, grain = Telling(spoken, opened.project), Grain.MONTH if month else Grain.WEEK
            filled = read_form(fill) if fill else None
            if filled and filled.day and filled.grain:
                as_of, grain = filled.day.isoformat(), filled.grain
            with (
                progress(spoken, shown=not as_json) as step,
                gathering(opened, moment(as_of, spoken), step) as gathered,
            ):
                bearings, found = review_with(gathered, grain)
            meeting = _Meeting(gathered, bearings, found, telling, actor, output, as_json=as_json)
            if filled:
                meeting.filled(filled)
            elif draft:
                meeting.draft()
            elif as_json:
                meeting.tell(None, None)
            else:
                meeting.ask()


def _possible(tell: Words, *, both: bool, twice: bool, output: Path | None) -> None:
    """Ends the command where it is asked for what does not go together."""
    if output and output.suffix.lower() not in FORMS:
        raise Refused(tell.say("review.bad_form", path=output))
    if both or twice:
        raise Refused(tell.say("review.both" if both else "review.draft_and_fill"))


class _Meeting:
    """One review, with whom it is told to and where it is written."""

    def __init__(
        self,
        gathered: "Gathered",
        bearings: "Bearings",
        found: "Review",
        telling: "Telling",
        actor: str,
        output: Path | None,
        *,
        as_json: bool,
    ) -> None:
        self.gathered, self.bearings, self.found, self.telling = gathered, bearings, found, telling
        self.actor, self.output, self.as_json = actor, output, as_json
        self.opened = gathered.opened

    def draft(self) -> None:
        """Writes the review with its blanks, or prints it as JSON; asks nothing."""
        from shinro.run.reviewing import form_path

        if self.as_json and self.output is None:
            self.tell(None, None)
            return
        path = self.output or form_path(self.opened.folder, self.found)
        if path.suffix.lower() == ".md":
            self._form(path, {})
            key = "review.drafted"
        else:
            self._write(path, None)
            key = "review.written"
        if self.as_json:
            self.tell(None, None)
        else:
            title(self.telling.say(key, path=os.path.relpath(path)))
            if key == "review.drafted":
                title(f"  {self._fill_command(path)}")

    def filled(self, form: "Filled") -> None:
        """Takes what was filled in."""
        from shinro.run.reviewing import asked_of, taken_from

        asked = asked_of(self.gathered, self.found)
        taken = taken_from(self.found, form.raws, asked, form.problems)
        self._keep(taken)

    def ask(self) -> None:
        """Shows the review, puts its questions, and takes the answers; what breaks off keeps those in a file."""
        from shinro.reports.pasted import pasted
        from shinro.reports.review import review_document
        from shinro.run.reviewing import asked_of, taken_from

        title(pasted(review_document(self.found, self.telling)))
        raws: dict[str, Raw] = {}
        asked = asked_of(self.gathered, self.found)
        self._say_what_is_kept()
        title(self.telling.say("review.asks.begins"))
        try:
            if not self._answers(raws, asked) and not raws:
                title(self.telling.say("review.nobody_there"))
                return
            self._keep(taken_from(self.found, raws, asked))
        except BaseException as stop:
            self._keep_answers(raws)
            if isinstance(stop, KeyboardInterrupt):
                raise typer.Exit(INTERRUPTED) from None
            raise

    def _say_what_is_kept(self) -> None:
        """That a form with answers to this review lies here, where one does."""
        from shinro.problems import CannotGoOn
        from shinro.run.reviewing import answers_in, form_path

        path = form_path(self.opened.folder, self.found)
        try:
            kept = answers_in(path, self.found, self.opened)
        except CannotGoOn:
            return
        if any(text.strip() for text in kept.values()):
            title(self.telling.say("review.found", path=os.path.relpath(path)))
            title(f"  {self._fill_command(path)}")

    def _answers(self, raws: "dict[str, Raw]", asked: "Asked") -> bool:
        """Puts every question; false where nobody answers any more."""
        from shinro.analysis.review_blanks import Asks, blanks

        offered = list(blanks(self.found))
        try:
            while offered:
                blank = offered.pop(0)
                before = blank.name.rpartition(".")[0]
                if blank.asks in (Asks.NOTE, Asks.WAY) and before not in raws:
                    continue
                if blank.asks is Asks.WRITE and not _changes(raws.get(f"{before}.way")):
                    continue
                if answer := self._answer(blank, asked):
                    raws[blank.name] = answer
                elif blank.asks in (Asks.DECISION, Asks.ACTION):
                    offered = [each for each in offered if each.asks is not blank.asks]
                if answer and blank.asks in (Asks.DECISION, Asks.ACTION) and blank.name[1:] == "3":
                    offered = [*_one_more(blank), *offered]
        except _Ended:
            return False
        return True

    def _answer(self, blank: "Blank", asked: "Asked") -> "Raw | None":
        """An answer that can be understood; none where nothing is said, or not after three times."""
        from shinro.analysis.review_answers import understands
        from shinro.analysis.review_blanks import Asks
        from shinro.analysis.review_words import Raw
        from shinro.problems import Place
        from shinro.reports.problems import next_move, says

        default = ""
        if blank.asks is Asks.CAUSE and blank.miss:
            for line in self._about(blank):
                title(line)
            proposed = blank.miss.proposed
            default = self.telling.say(f"review.cause.{proposed.value}") if proposed else ""
        title(self._question(blank))
        for _ in range(TRIES):
            text = _line(default)
            if not text:
                return None
            raw = Raw(text, Place(TYPED, 1, 1))
            wrong = understands(blank, raw, asked)
            if wrong is None:
                return raw
            title(f"{says(wrong, self.telling.words)} {next_move(wrong, self.telling.words)}")
        return None

    def _about(self, blank: "Blank") -> list[str]:
        from shinro.reports.review_misses import miss_lines, miss_title

        if blank.miss is None:
            return []
        lines = (f"  {each}" for each in miss_lines(blank.miss, self.telling))
        return ["", miss_title(blank.miss, self.telling), *lines]

    def _question(self, blank: "Blank") -> str:
        from shinro.reports.review_lines import action_line

        about = action_line(blank.action, self.found.day, self.telling) if blank.action else ""
        return self.telling.say(f"review.asks.{blank.asks.value}", about=about)

    def _keep(self, taken: "Taken") -> None:
        """Writes what was agreed to into the project file, then all of it into the record; says what became of it."""
        from shinro.record.keys import config_folder, writer
        from shinro.reports.review_owners import owners_text
        from shinro.run.gathering import Moment
        from shinro.run.reviewing import change_project, keep

        looked = Moment(_now(), None)
        clock_is_right(self.opened, looked, self.telling.words)
        changed = change_project(self.bearings, self.opened, taken, looked.today(self.opened.project.zone))
        company = str(self.opened.project.company or "")
        who = writer(config_folder(os.environ, Path.home()), self.actor or getpass.getuser(), company)
        kept = keep(self.opened, self.found, taken, who, looked.now)
        if self.output:
            self._write(self.output, taken)
        if self.as_json:
            self.tell(taken, kept)
            return
        if changed:
            from shinro.reports.problems import problems_report

            title(self.telling.say("review.changed_file", file=os.path.relpath(changed.file)))
            title("\n".join(changed.lines))
            if changed.problems:
                show(problems_report(changed.problems, self.telling.words))
        if kept.entries:
            title(self.telling.words.plural("review.recorded", len(kept.entries)))
        else:
            title(self.telling.say("review.nothing_new"))
        if owners := owners_text(taken, self.opened.project, self.telling):
            title(owners)
        if kept.checkpoint:
            title(self.telling.say("review.head", checkpoint=kept.checkpoint.short))

    def tell(self, taken: "Taken | None", kept: "Kept | None") -> None:
        """Prints all of it as JSON."""
        from shinro.reports.review_json import review_json
        from shinro.reports.review_owners import owners_unknown

        found = review_json(self.found, self.telling, taken)
        if taken is not None:
            found |= {"owners_unknown": list(owners_unknown(taken, self.opened.project))}
        if kept is not None:
            found |= {"entries": [each.seq for each in kept.entries]}
            found |= {"checkpoint": kept.checkpoint.text if kept.checkpoint else None}
        answer_json(found, self.gathered)

    def _keep_answers(self, raws: "Mapping[str, Raw]") -> None:
        """What was answered stays in a form, which is read with `--fill`."""
        from shinro.run.reviewing import form_path

        if not raws:
            return
        path = form_path(self.opened.folder, self.found)
        self._form(path, {name: raw.text for name, raw in raws.items()})
        title("")
        title(self.telling.say("review.kept", path=os.path.relpath(path)))
        title(f"  {self._fill_command(path)}")

    def _fill_command(self, path: Path) -> str:
        folder = os.path.relpath(self.opened.folder)
        return f"shinro review --fill {os.path.relpath(path)}" + ("" if folder == "." else f" -p {folder}")

    def _form(self, path: Path, answers: "Mapping[str, str]") -> None:
        """Writes the review with its blanks and the answers that are known, those in the file before among them."""
        from shinro.analysis.review_blanks import blanks
        from shinro.reports.rendering import render
        from shinro.reports.review import review_document
        from shinro.reports.review_form import form_text
        from shinro.run.replacing import bytes_of
        from shinro.run.reviewing import answers_in

        seen = bytes_of(path) if path.is_file() else None
        known = {**answers_in(path, self.found, self.opened), **answers}
        report = render(review_document(self.found, self.telling), "md").decode()
        form = form_text(self.found, blanks(self.found, known), known, self.telling)
        if path.is_file() and bytes_of(path) != seen:  # somebody saved an answer meanwhile
            self._form(path, answers)
        else:
            self._save(path, f"{report}\n{form}")

    def _write(self, path: Path, taken: "Taken | None") -> None:
        """Writes the review in the form that the file's name asks for."""
        from shinro.reports.pasted import pasted
        from shinro.reports.rendering import render
        from shinro.reports.review import review_document
        from shinro.run.reviewing import refuse_foreign

        refuse_foreign(path)
        document = review_document(self.found, self.telling, taken)
        if path.suffix.lower() == ".txt":
            self._save(path, pasted(document))
        else:
            self._save(path, render(document, "html" if path.suffix.lower() == ".html" else "md").decode())

    def _save(self, path: Path, text: str) -> None:
        from shinro.run.reviewing import save_text

        save_text(path, text)


def _now() -> datetime:
    """When an answer is written."""
    return datetime.now(UTC)


def _changes(raw: "Raw | None") -> bool:
    """Whether a way on changes anything that could be written."""
    from shinro.analysis.review_words import WORDS

    return raw is not None and raw.text.strip().lower() not in WORDS["stay"]


def _one_more(blank: "Blank") -> "list[Blank]":
    """The blank behind the last that is offered."""
    from dataclasses import replace

    return [replace(blank, name=f"{blank.name[0]}{int(blank.name[1:]) + 1}")]


def _line(default: str) -> str:
    """One answer. Raises _Ended where nobody answers any more."""
    try:
        found = input(f"  [{default}] > " if default else "  > ").strip()
    except EOFError:
        typer.echo("")
        raise _Ended from None
    if not is_asked():
        typer.echo(found)
    sys.stdout.flush()
    return found or default


COMMANDS = (_review,)
