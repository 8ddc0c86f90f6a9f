"""Each page is a test: its example has the problem on the marked lines and nowhere else, its repair has none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checking import assert_said, check_folder, check_text
from published import with_record
from shinro.checks import pages
from shinro.checks.catalog import CODES, RULES
from shinro.checks.rule import judge
from shinro.problems import Problem

EVERY = sorted({rule.code for rule in RULES} | set(CODES))
RULE_CODES = {rule.code for rule in RULES}
SECTIONS = {"en": ["Why", "Example", "Instead"], "ja": ["理由", "例", "直し方"]}
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DATA = re.compile(r"\.(?!ya?ml$)\w+$")


@dataclass(frozen=True)
class Part:
    """The files of one section: the project and those beside it."""

    project: str
    files: dict[str, str] = field(default_factory=dict)

    @property
    def needs_data(self) -> bool:
        return any(DATA.search(name) for name in self.files)

    def marked(self, code: str) -> list[tuple[str, int]]:
        """Path and number of every line that is marked, in the project and in what it includes."""
        texts = {"shinro.yaml": self.project, **self.files}
        return sorted(
            (path, number)
            for path, text in texts.items()
            for number, line in enumerate(text.split("\n"), 1)
            if re.search(rf"# {code}\s*$", line)
        )


def sections(text: str) -> dict[str, str]:
    """Heading -> what stands below it; a `##` inside a block is no heading."""
    found = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def blocks(text: str) -> list[tuple[str, str, str]]:
    return [(kind, name, code) for kind, name, code in BLOCK.findall(text)]


def part(code: str, which: int) -> Part:
    """The example (1) or the repair (2) of a page; the repair keeps the example's files unless it shows others."""
    text = pages.page(code, "en")
    shown = blocks(sections(text)[SECTIONS["en"][which]])
    files = {name: content for _, name, content in shown if name}
    before = part(code, 1).files if which > 1 and has_file(code, 1) else {}
    (project,) = [content for kind, name, content in shown if kind == "yaml" and not name]
    return Part(project, before | files)


def has_file(code: str, which: int) -> bool:
    """Whether a section shows a project; what only a command brings about is shown as a console instead."""
    shown = blocks(sections(pages.page(code, "en"))[SECTIONS["en"][which]])
    return any(kind == "yaml" and not name for kind, name, _ in shown)


def problems(shown: Part, folder: Path) -> list[Problem]:
    if "record.csv" in shown.files:
        return judge(with_record(shown.project, shown.files["record.csv"]), RULES)
    if shown.needs_data:
        return check_folder(folder, shown.project, shown.files)
    return check_text(shown.project, shown.files)


def test_every_code_has_its_page_in_both_languages_and_no_page_is_left_over() -> None:
    assert {language: list(pages.codes(language)) for language in pages.LANGUAGES} == dict.fromkeys(
        pages.LANGUAGES, EVERY
    )


def test_a_code_is_the_code_of_one_rule() -> None:
    assert sorted({rule.code for rule in RULES}) == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize("code", EVERY)
def test_a_page_says_what_why_how_it_looks_and_what_to_do(code: str) -> None:
    for language in pages.LANGUAGES:
        text = pages.page(code, language)
        assert text.startswith(f"# {code} · {pages.title(code, language)}\n\n")
        assert list(sections(text)) == SECTIONS[language]
        assert pages.title(code, language)


@pytest.mark.parametrize("code", EVERY)
def test_both_languages_show_the_same_code(code: str) -> None:
    assert blocks(pages.page(code, "en")) == blocks(pages.page(code, "ja"))


@pytest.mark.parametrize("code", [code for code in EVERY if has_file(code, 1)])
def test_the_example_has_the_problem_on_the_marked_lines(code: str, tmp_path: Path) -> None:
    example = part(code, 1)
    found = [problem for problem in problems(example, tmp_path) if problem.code == code]
    places = {(problem.place.path, problem.place.line or 1) for problem in found}
    assert sorted(places) == example.marked(code) != []
    for problem in found:
        assert_said(problem)


@pytest.mark.parametrize("code", [code for code in EVERY if code not in RULE_CODES and not has_file(code, 1)])
def test_a_console_shows_the_code_and_another_test_brings_it_about(code: str) -> None:
    ((kind, _, shown),) = blocks(sections(pages.page(code, "en"))[SECTIONS["en"][1]])
    assert kind == "console"
    assert shown.startswith("$ shinro ")
    assert code in shown
    others = [path for path in Path(__file__).parent.rglob("*.py") if path.name != Path(__file__).name]
    assert any(f'"{code}' in path.read_text(encoding="utf-8") for path in others)


@pytest.mark.parametrize("code", [code for code in EVERY if has_file(code, 2)])
def test_what_to_write_instead_has_no_such_problem(code: str, tmp_path: Path) -> None:
    found = problems(part(code, 2), tmp_path)
    assert [problem for problem in found if problem.code == code or problem.code[0] in "SQL"] == []


def test_every_code_that_the_source_names_has_a_page() -> None:
    package = Path(pages.__file__).parent.parent
    named = {
        code
        for path in package.rglob("*.py")
        for code in re.findall(r'"([A-Z]\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert named - set(EVERY) == set()
