"""review as a command: drafts, filled forms, questions answered by a pipe, and what goes wrong."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reviewing import FIRST, office
from shinro.cli import main, reviewing
from shinro.record.book import read
from shinro.reports import rendering
from shinro.reports.document import Document
from shinro.reports.rendering import Form, render

DAY = ("--as-of", FIRST.isoformat())
FORM = "review-2026-05-04-week.md"


class Shell:
    """Runs commands in the company's folder, one line of a pipe an answer."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def run(self, *args: str, lines: str = "") -> tuple[int, str, str]:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        with pytest.raises(SystemExit) as ended:
            main(args)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return int(ended.value.code or 0), out, err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES", "SHINRO_DEBUG", "SHINRO_LANG", "COLUMNS", "TZ"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHINRO_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "aozora"
    office(folder)
    monkeypatch.chdir(folder)
    return Shell(capsys, monkeypatch)


def entries() -> list[str]:
    """What the record holds, without its key."""
    return [each.draft.kind.value for each in read(Path(".shinro/record")) if each.draft.kind.value != "key"]


def fill(**answers: str) -> None:
    text = Path(FORM).read_text("utf-8")
    for name, answer in answers.items():
        text = re.sub(rf"(?m)^(- `{re.escape(name)}` [^:\n]*:).*$", lambda line: f"{line[1]} {answer}", text)  # noqa: B023
    Path(FORM).write_text(text, "utf-8")


def test_a_draft_is_filled_and_read_back_once(shell: Shell) -> None:
    code, out, _ = shell.run("review", "--draft", *DAY)
    assert (code, entries()) == (0, [])
    assert f"shinro review --fill {FORM}" in out
    fill(d1="No fair", a1="Call | Sato | 5/8 | calls")
    code, out, _ = shell.run("review", "--fill", FORM, "--by", "Ann", "-o", "minutes.html")
    assert (code, entries()) == (0, ["review", "decision", "decision"])
    assert "3 entries are in the record." in out
    assert "No fair" in Path("minutes.html").read_text("utf-8")
    code, out, _ = shell.run("review", "--fill", FORM)
    assert (code, len(entries())) == (0, 3)
    assert "in the record already" in out


def test_a_form_in_shift_jis_is_told_to_be_saved_as_utf_8(shell: Shell) -> None:
    Path(FORM).write_bytes("- `d1` 決定: なし".encode("cp932"))
    code, _, err = shell.run("review", "--fill", FORM)
    assert (code, "Q160" in err, "UTF-8" in err, "Decode" in err) == (1, True, True, False)


def test_no_device_is_read_to_its_end_and_none_is_written_over(shell: Shell) -> None:
    Path("endless.md").symlink_to("/dev/zero")
    code, _, err = shell.run("review", "--fill", "endless.md")
    assert (code, "Q160" in err) == (1, True)
    code, out, err = shell.run("review", "--draft", "-o", "endless.md", *DAY)
    assert (code > 0, out, "endless.md" in err, entries()) == (True, "", True, [])
    assert Path("endless.md").is_symlink()


def test_a_draft_that_is_written_again_keeps_what_was_filled_in(shell: Shell) -> None:
    shell.run("review", "--draft", *DAY)
    fill(d1="No fair", d2="More calls")
    code, _, _ = shell.run("review", "--draft", *DAY, "--lang", "ja")
    text = Path(FORM).read_text("utf-8")
    assert code == 0
    assert "- `d1` 決定: No fair\n- `d2` 決定: More calls\n" in text


def test_an_answer_that_is_saved_while_a_draft_is_written_stays(shell: Shell) -> None:
    shell.run("review", "--draft", *DAY)
    answers = iter(["No fair"])

    def rendered(document: Document, form: Form) -> bytes:
        for answer in answers:
            fill(d1=answer)
        return render(document, form)

    shell.monkeypatch.setattr(rendering, "render", rendered)
    code, _, _ = shell.run("review", "--draft", *DAY)
    assert (code, "No fair" in Path(FORM).read_text("utf-8")) == (0, True)


def test_a_form_of_another_week_is_not_lost(shell: Shell) -> None:
    shell.run("review", "--draft", *DAY, "-o", FORM)
    fill(d1="No fair")
    code, _, err = shell.run("review", "--draft", "--as-of", "2026-05-11", "-o", FORM)
    assert code == 1
    assert "Q160" in err
    shell.run("review", "--fill", FORM)
    code, _, _ = shell.run("review", "--draft", "--as-of", "2026-05-11", "-o", FORM)
    assert code == 0


def test_another_file_is_never_overwritten_by_a_form(shell: Shell) -> None:
    Path("notes.md").write_text("# Mine\n", "utf-8")
    code, _, err = shell.run("review", "--draft", *DAY, "-o", "notes.md")
    assert (code, Path("notes.md").read_text("utf-8")) == (1, "# Mine\n")
    assert "holds no review, and is not overwritten" in err
    code, _, err = shell.run("review", "--draft", *DAY, "-o", "notes.txt")
    Path("notes.html").write_text("<p>Mine", "utf-8")
    assert (code, shell.run("review", "--draft", *DAY, "-o", "notes.html")[0]) == (0, 1)


def test_what_cannot_be_understood_stops_all_of_it(shell: Shell) -> None:
    shell.run("review", "--draft", *DAY)
    fill(d1="No fair", a1="Call | Sato | 5/33")
    code, _, err = shell.run("review", "--fill", FORM)
    line = next(n for n, text in enumerate(Path(FORM).read_text("utf-8").splitlines(), 1) if "`a1`" in text)
    assert (code, entries()) == (1, [])
    assert re.search(rf"{FORM}:{line}:\d+ Q160 .*5/33", err)


def test_a_pipe_answers_the_questions(shell: Shell) -> None:
    answers = ["", "they were short of people", "date 2026-07-01", "yes", "No fair", "", "Call | Sato | 5/8", ""]
    code, out, _ = shell.run("review", *DAY, lines="\n".join(answers) + "\n")
    assert (code, entries()) == (0, ["review", "decision", "decision", "decision"])
    assert "[execution] > " in out
    assert "replaces: m3" in Path("shinro.yaml").read_text("utf-8")
    held = [each for each in read(Path(".shinro/record")) if "cause" in each.draft.data]
    assert [each.draft.data["cause"] for each in held] == ["execution"]


def test_an_answer_is_asked_for_again_until_it_is_one(shell: Shell) -> None:
    code, out, _ = shell.run("review", *DAY, "--lang", "ja", lines="運\n仮説\n\n\n\n\n")
    assert code == 0
    assert out.count("原因が読み取れません: 運") == 1
    assert entries() == ["review", "decision"]


def test_where_nobody_answers_nothing_is_recorded(shell: Shell) -> None:
    code, out, _ = shell.run("review", *DAY)
    assert (code, entries(), Path(FORM).exists()) == (0, [], False)
    assert "Nobody was there to answer" in out


def test_what_was_answered_before_it_was_broken_off_stays(shell: Shell) -> None:
    lines: Iterator[str] = iter(["hypothesis", "", "", "No fair"])

    def typed(_default: str) -> str:
        for line in lines:
            return line
        raise KeyboardInterrupt

    shell.monkeypatch.setattr(reviewing, "_line", typed)
    code, out, _ = shell.run("review", *DAY)
    assert (code, entries()) == (130, [])
    assert f"shinro review --fill {FORM}" in out
    assert "- `d1` Decision: No fair\n" in Path(FORM).read_text("utf-8")
    lines = iter(["", ""])
    code, out, _ = shell.run("review", *DAY)
    assert f"Answers to this review are kept in {FORM}" in out


def test_what_is_kept_is_read_with_fill(shell: Shell) -> None:
    shell.run("review", "--draft", *DAY)
    fill(**{"miss.m3": "hypothesis"})
    code, out, _ = shell.run("review", "--fill", FORM, "--json")
    found = json.loads(out)
    assert (code, [each["cause"] for each in found["taken"]["causes"]]) == (0, ["hypothesis"])
    assert found["checkpoint"].startswith("shinro/record/")


def test_the_review_as_values_and_as_a_text_to_paste(shell: Shell) -> None:
    code, out, _ = shell.run("review", "--json", *DAY)
    found = json.loads(out)
    assert (code, found["review"], found["misses"][0]["proposed"]) == (0, "2026-05-04 week", "execution")
    assert entries() == []
    code, _, _ = shell.run("review", "--draft", "--month", *DAY, "-o", "chat.txt", "--lang", "ja")
    text = Path("chat.txt").read_text("utf-8")
    assert code == 0
    assert text.startswith("Aozora 月次レビュー（2026年5月4日）\n")
    assert "・コール数／● 順調／実績 100／目標 100" in text


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("--week", "--month"), 2, "one at a time"),
        (("--draft", "--fill", "x.md"), 2, "one at a time"),
        (("--draft", "-o", "review.docx"), 2, ".md, .html or .txt"),
        (("--fill", "nowhere.md"), 1, "cannot be read"),
        (("--fill", "shinro.yaml"), 1, "no form of a review"),
        (("--as-of", "May"), 2, "May"),
        (("--draft", "-o", "shinro.yaml/review.html"), 1, "S142"),
    ],
)
def test_what_does_not_go_together_or_is_not_there(shell: Shell, args: tuple[str, ...], code: int, says: str) -> None:
    found, out, err = shell.run("review", *args)
    assert (found, says in out + err) == (code, True)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Call | Sato | 5/8 | nope_kpi", "nope_kpi"),
        ("Call | | 5/8 | nope", "nope"),
        ("Call | call_s | Sato", "call_s"),
    ],
)
def test_a_kpi_that_the_project_does_not_have_is_a_mistake_with_a_place(
    shell: Shell, answer: str, found: str, lang: str
) -> None:
    shell.run("review", "--draft", *DAY)
    fill(a1=answer)
    code, _, err = shell.run("review", "--fill", FORM, "--lang", lang)
    line = next(text for text in Path(FORM).read_text("utf-8").splitlines() if "`a1`" in text)
    assert (code, entries()) == (1, [])
    assert f":{line.index(found) + 1} Q160 " in err
    assert found in err


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "Nobody Known: taken as the owner"), ("ja", "Nobody Known: 担当者として記録しました")]
)
def test_an_owner_who_owns_nothing_is_taken_and_said(shell: Shell, lang: str, says: str) -> None:
    shell.run("review", "--draft", *DAY)
    fill(a1="Call | Nobody Known | 5/8 | calls", a2="Write | Suzuki | 5/8 | calls")
    code, out, _ = shell.run("review", "--fill", FORM, "--lang", lang)
    assert (code, entries()) == (0, ["review", "decision", "decision"])
    assert says in out
    assert "Suzuki:" not in out


def test_a_clock_behind_the_record_writes_no_review(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.run("review", "--draft", *DAY)
    fill(d1="No fair")
    shell.run("review", "--fill", FORM)
    fill(d1="The fair after all", **{"miss.m3": "execution", "miss.m3.way": "date 2026-07-01", "miss.m3.write": "yes"})
    before, text = entries(), Path("shinro.yaml").read_text("utf-8")
    monkeypatch.setattr(reviewing, "_now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    code, _, err = shell.run("review", "--fill", FORM)
    assert (code, entries(), Path("shinro.yaml").read_text("utf-8")) == (2, before, text)
    assert "2001-01-01" in err


def test_the_first_of_one_cycle_says_so_beside_the_actions_of_another(shell: Shell) -> None:
    shell.run("review", "--draft", *DAY)
    fill(a1="Call | Suzuki | 5/8 | calls")
    shell.run("review", "--fill", FORM)
    _, out, _ = shell.run("review", "--month", "--as-of", "2026-05-11", "--lang", "en")
    assert "The first monthly review in the record." in out
    assert "The first review in the record" not in out
    _, out, _ = shell.run("review", "--month", "--as-of", "2026-05-11", "--lang", "ja")
    assert "月次では記録にある最初のレビューです。" in out
