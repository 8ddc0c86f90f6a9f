"""What YAML could not read, in our own words: which of the usual slips it was, and where it began."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from shinro.problems import Place, Problem, problem

MAX_DEPTH = 32
FULL_WIDTH = "\u3000"
WIDE_BLANKS = f"{FULL_WIDTH}\u00a0"
_JOINED = re.compile(
    rf"(?P<before>\s*(?:- )?)(?P<name>[^\s:：'\"{{}}\[\],#%@`&*!|>-][^\s:：{{}}\[\],]*)"
    rf"(?:：|:(?=[{WIDE_BLANKS}\S])|(?![:\S]))[\s{WIDE_BLANKS}]*(?P<rest>.*)"
)
_KEY = re.compile(r"(?:^\s*(?:- )*|[{,]\s*)[^\s:{},\[\]]+:\s+")
_DASH = re.compile(r"^\s*(?:- +)+")
_NEXT_KEY = re.compile(r",\s*[^\s:{},\[\]'\"]+:\s")
_INDENT = ("expected key", "'-' indicator", "sequence entries are not allowed", "mapping values are not allowed")
_CUT = ("expected ',' or", "cannot start any token", "not allowed", "expected key", "line break", "alphabetic")


@dataclass(frozen=True, slots=True)
class Fault:
    """What the parser said, the spot of it, and the spot where what it was reading began; both counted from 0."""

    reason: str
    context: str
    spot: tuple[int, int]
    begun: tuple[int, int]
    lines: tuple[str, ...]
    path: str

    @property
    def here(self) -> str:
        """The line of the spot; nothing where the text has ended."""
        return self.line(self.spot[0])

    @property
    def before(self) -> str:
        """What stands on the line before the spot."""
        return self.here[: self.spot[1]]

    def line(self, number: int) -> str:
        """A line by its number."""
        return self.lines[number] if number < len(self.lines) else ""

    def problem(self, code: str, spot: tuple[int, int], **args: object) -> Problem:
        """A problem at a spot, with its line and a caret."""
        line, column = spot
        return Problem(Place(self.path, line + 1, column + 1), code, args, hint=(self.line(line), column))


def slip(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """The one thing to say of a text that is no YAML. Cost: linear in the text."""
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if not isinstance(error, yaml.MarkedYAMLError) or mark is None:
        return problem("S101", Place(path))
    begun = error.context_mark or mark
    lines = tuple(text.splitlines())
    spots = (mark.line, mark.column), (begun.line, begun.column)
    fault = Fault(str(error.problem or ""), str(error.context or ""), *spots, lines, path)
    return next(_recognised(fault), fault.problem("S101", fault.spot))


def _recognised(fault: Fault) -> Iterator[Problem]:
    """Every slip that fits, the surest first."""
    for recognise in (_deep, _tab, _full_width, _escape, _quote, _colon, _bracket, _indent, _cut):
        found = recognise(fault)
        if found:
            yield found


def _deep(fault: Fault) -> Problem | None:
    """The parser has a limit of its own, which it meets before it tells us of any bracket."""
    return fault.problem("S106", fault.spot, limit=MAX_DEPTH) if "nesting depth" in fault.reason else None


def _tab(fault: Fault) -> Problem | None:
    blank = fault.here[: len(fault.here) - len(fault.here.lstrip())]
    return fault.problem("S118", (fault.spot[0], blank.index("\t"))) if "\t" in blank else None


def _full_width(fault: Fault) -> Problem | None:
    """A full-width space in the indentation: YAML takes it for a letter, and stumbles there or over the next line."""
    above = [number for number in range(fault.spot[0]) if fault.line(number).strip()]
    for number in (fault.spot[0], *above[-1:]):
        blank = fault.line(number)[: _depth(fault.line(number))]
        if FULL_WIDTH in blank:
            return fault.problem("S116", (number, blank.index(FULL_WIDTH)), case="wide")
    return None


def _escape(fault: Fault) -> Problem | None:
    if not any(word in fault.reason for word in ("escape", "hexdecimal", "Unicode character")):
        return None
    start = max(fault.here.rfind("\\", 0, fault.spot[1] + 1), 0)
    return fault.problem("S139", (fault.spot[0], start), text=fault.here[start : start + 2])


def _quote(fault: Fault) -> Problem | None:
    return fault.problem("S119", fault.begun) if "quoted" in fault.context else None


def _colon(fault: Fault) -> Problem | None:
    """A line of its own without `: `, which YAML took for the start of a text or of a key."""
    if "expected ':'" in fault.reason:
        line = fault.begun[0]
    elif "mapping values are not allowed" in fault.reason:
        line = fault.spot[0] - 1
        while line > 0 and not fault.line(line).strip():
            line -= 1
    else:
        return None
    found = joined(fault.line(line)) if line >= 0 else None
    return fault.problem("S138", (line, found[0]), text=fault.line(line).strip(), fixed=found[1]) if found else None


def joined(line: str) -> tuple[int, str] | None:
    """Where a line's name starts and how it should be written, when no `: ` parts the name from its value."""
    found = _JOINED.fullmatch(line)
    if not found:
        return None
    rest = found["rest"].strip()
    return len(found["before"]), f"{found['name']}: {rest or '...'}"


def _bracket(fault: Fault) -> Problem | None:
    """Brackets left open, so that the next line is read as a part of them; or one too many."""
    left_open = "flow" in fault.context and fault.spot[0] > fault.begun[0]
    if left_open and _depth(fault.here) <= _depth(fault.line(fault.begun[0])):
        return fault.problem("S140", fault.begun)
    too_many = fault.here[fault.spot[1] : fault.spot[1] + 1] in ("}", "]") and "flow" not in fault.context
    return fault.problem("S140", fault.spot) if too_many else None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _indent(fault: Fault) -> Problem | None:
    if not any(reason in fault.reason for reason in _INDENT):
        return None
    starts = not fault.before.strip(" -") and not fault.here.lstrip().startswith(":")
    deeper = "mapping values" in fault.reason and ":" not in fault.before.strip() and fault.here.count(": ") == 1
    column = _depth(fault.here)
    return fault.problem("S116", (fault.spot[0], column)) if starts or deeper else None


def _cut(fault: Fault) -> Problem | None:
    """A value with a sign in it that YAML takes for its own, and how it should be quoted."""
    if not any(reason in fault.reason for reason in _CUT):
        return None
    text = _value(fault.here, fault.spot[1])
    return fault.problem("S102", fault.spot, text=text, quoted=quoted(text)) if text else None


def _value(line: str, column: int) -> str:
    """The value that a column lies in, by what a reader of the line would take it for."""
    line = line.partition(" #")[0].rstrip()
    starts = [found.end() for found in _KEY.finditer(line) if found.end() <= column]
    starts = starts or [found.end() for found in (_DASH.match(line),) if found and found.end() <= column]
    start = starts[-1] if starts else _depth(line)
    if line[start : start + 1] == "[":
        ending_later = [item for end, item in _items(line, start + 1) if end >= min(column, len(line))]
        return ending_later[0]
    following = _NEXT_KEY.search(line, max(column, start))
    text = line[start : following.start() if following else len(line)].strip()
    return text.rstrip("}]").strip() if "{" in line[:start] or "[" in line[:start] else text


def _items(line: str, start: int) -> Iterator[tuple[int, str]]:
    """The items of a list as they were meant, each with its end: a comma within parentheses parts nothing."""
    depth = 0
    for at in range(start, len(line) + 1):
        sign = line[at : at + 1]
        depth += (sign == "(") - (sign == ")")
        if not sign or (sign in ",]" and not depth):
            yield at, line[start:at].strip()
            start = at + 1


def quoted(text: str) -> str:
    """A text between quotes, as YAML reads it back."""
    plain = "'" not in text and ("\\" in text or '"' in text)
    return f"'{text}'" if plain else json.dumps(text, ensure_ascii=False)
