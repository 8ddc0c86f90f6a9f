"""init, add and enter as commands: with options, and with a pipe in place of a person."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from drafting import EXPORTS
from shinro.cli import main


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES", "SHINRO_DEBUG", "SHINRO_LANG", "COLUMNS", "TZ"):
        monkeypatch.delenv(name, raising=False)


class Shell:
    """Runs commands in a folder, one line of a pipe an answer."""

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
    monkeypatch.chdir(tmp_path)
    return Shell(capsys, monkeypatch)


def test_a_pipe_answers_and_what_it_does_not_say_is_as_proposed(shell: Shell) -> None:
    code, out, _ = shell.run("init", lines="2\nAozora\n\n\ny\nTanaka\ny\nn\n")
    text = Path("shinro.yaml").read_text("utf-8")
    assert code == 0
    assert "Which company is most like yours?" in out
    assert "company: Aozora\n" in text
    assert "metric: active_companies" in text
    assert "owner: Tanaka" in text
    assert "shared: no" in text


def test_questions_are_put_in_japanese(shell: Shell) -> None:
    code, out, _ = shell.run("init", "--type", "b2c-app", "--lang", "ja", "-o", "new")
    assert code == 0
    assert "会社名は何ですか?" in out
    assert "languages: [ja, en]" in Path("new/shinro.yaml").read_text("utf-8")


def test_a_second_init_asks_nothing(shell: Shell) -> None:
    Path("shinro.yaml").write_text("company: x\n", encoding="utf-8")
    code, out, err = shell.run("init")
    assert (code, out) == (1, "")
    assert "S136" in err
    assert Path("shinro.yaml").read_text("utf-8") == "company: x\n"


def test_a_project_from_an_export_says_what_it_guessed_and_asks(shell: Shell) -> None:
    code, out, _ = shell.run("init", "--from", str(EXPORTS / "hubspot_deals_en.csv"), "-o", "new")
    assert code == 0
    assert "hubspot_deals_en.csv: deals, 36 rows." in out
    assert "(a HubSpot export)" in out
    assert "deals: Closed Won is won, Closed Lost is lost" in out
    assert "1. company: what is the company called?" in out
    assert "shinro status -p new" in out


def test_a_draft_as_json_carries_its_text(shell: Shell) -> None:
    code, out, _ = shell.run("init", "--from", str(EXPORTS / "stripe_charges.csv"), "-o", "new", "--json")
    made = json.loads(out)
    assert code == 0
    assert made["text"] == Path("new/shinro.yaml").read_text("utf-8")
    assert {note["how"] for note in made["notes"]} == {"found", "guess"}


def test_what_cannot_be_read_ends_with_1(shell: Shell) -> None:
    Path("empty.csv").touch()
    code, _, err = shell.run("init", "--from", "empty.csv", "-o", "new")
    assert code == 1
    assert "empty.csv is empty" in err
    assert not Path("new").exists()


def test_a_story_is_changed_and_its_numbers_are_typed_in(shell: Shell) -> None:
    shell.run("init", "--type", "inside-sales")
    before = Path("shinro.yaml").read_text("utf-8")
    added = [
        ("add", "milestone", "m9", "--by", "+9 months", "--reach", "qualified_leads >= 60 per month"),
        ("add", "initiative", "script", "--moves", "reply_rate", "--expect", "+2pt", "--starts", "2026-05-11"),
        ("add", "kpi", "leads", "--owner", "Tanaka", "--cadence", "weekly"),
        ("add", "target", "reply_rate", "12%"),
        ("add", "target", "leads", "--per", "week", "--from", "30", "--to", "50", "--by", "2027-03-31"),
        ("add", "target", "appointment_rate", "--step", "2026-07-01=30%", "--step", "2026-10-01=35%"),
    ]
    assert [shell.run(*args)[0] for args in added] == [0] * 6
    after = Path("shinro.yaml").read_text("utf-8")
    lost = set(before.splitlines()) - set(after.splitlines())
    assert len(lost) == 1  # the KPI's line, which has an owner now
    code, out, _ = shell.run("enter", "leads", "42", "--period", "2026-W19")
    assert (code, Path("numbers/leads.csv").read_text("utf-8")) == (0, "date,value\n2026-05-04,42\n")
    assert "numbers/leads.csv" in out
    code, out, _ = shell.run("enter", "leads", "43", "--period", "2026-W20", "--json")
    assert json.loads(out)[0]["date"] == "2026-05-11"
    Path("board.csv").write_text("KPI,2026-W21,2026-W22\nLeads,44,45\n", encoding="utf-8")
    code, out, _ = shell.run("enter", "--from", "board.csv")
    assert (code, len(out.splitlines())) == (0, 2)
    Path("board.csv").write_text("KPI,2026-W21,Total 1\nLeads,44,45\nTotal,44,1\nwon_rate,1,\n", encoding="utf-8")
    code, out, err = shell.run("enter", "--from", "board.csv")
    assert (code, out, err[:18]) == (1, "", "board.csv:1:3 Q129")
    Path("board.csv").write_text("KPI,2026-W21,Goal\nLeads,44,45\nTotal,44,1\nwin_rate,1,\nX,1,\n", encoding="utf-8")
    left = [
        "Line 3, Total: it sums up other rows; not entered.",
        "Line 4, win_rate: a metric that is not typed in; not entered.",
        "Line 5, X: no metric of the project is called so; not entered.",
        "Column Goal: its header is no period; not entered.",
    ]
    code, out, _ = shell.run("enter", "--from", "board.csv")
    assert (code, out.splitlines()[:4], len(out.splitlines())) == (0, left, 5)
    code, out, err = shell.run("enter", "--from", "board.csv", "--json")
    assert (code, len(json.loads(out)), err.splitlines()) == (0, 1, left)
    code, out, _ = shell.run("values", "leads", "--grain", "week", "--csv")
    assert [line.rsplit(",", 2)[-2] for line in out.splitlines()[1:5]] or out


@pytest.mark.parametrize("args", [("-900,000",), ("--replace", "-900000"), ("--", "-900000"), ("-¥900,000円",)])
def test_a_number_below_zero_is_no_option(args: tuple[str, ...], shell: Shell) -> None:
    Path("shinro.yaml").write_text(
        "currency: JPY\nsources: {numbers: {type: files, path: numbers/*.csv}}\nmetrics:\n"
        "  burn: {reported: numbers.burn, value: value, every: month, nature: flow, unit: money}\n",
        encoding="utf-8",
    )
    code, _, err = shell.run("enter", "burn", "--period", "2026-04", *args)
    assert (code, err) == (0, "")
    assert Path("numbers/burn.csv").read_text("utf-8").endswith("2026-04-01,-900000\n")
    code, _, err = shell.run("enter", "burn", "-900000", "--perod", "2026-04")
    assert (code, "--period" in err) == (2, True)


@pytest.mark.parametrize(
    "args",
    [
        ("add", "milestone"),
        ("add", "milestone", "m9"),
        ("add", "initiative", "x"),
        ("add", "kpi"),
        ("add", "target", "won"),
        ("enter",),
        ("enter", "leads"),
    ],
)
def test_what_is_missing_is_asked_for_only_in_a_terminal(args: tuple[str, ...], shell: Shell) -> None:
    shell.run("init", "--type", "inside-sales")
    before = Path("shinro.yaml").read_text("utf-8")
    code, _, err = shell.run(*args)
    assert code == 2
    assert err.startswith("Missing: ")
    assert Path("shinro.yaml").read_text("utf-8") == before


def test_a_terminal_is_asked(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.run("init", "--type", "inside-sales")
    answers = iter(["leads", "田中", "", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("shinro.cli.asking.is_asked", lambda: True)
    code, out, _ = shell.run("add", "kpi")
    assert code == 0
    assert "Who answers for it?" in out
    assert "owner: 田中" in Path("shinro.yaml").read_text("utf-8")
