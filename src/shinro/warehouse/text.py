"""Text: a file's bytes as UTF-8 that the engine can read; what could not be decoded stays marked."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shinro.loads import TablePlan
from shinro.problems import CannotGoOn, Problem, problem

CHUNK = 1 << 20
MARK = "shinro-mark"  # how bytes that are no text are decoded
BROKEN = "\ufdd0"  # a code point that no text has: it stands where a byte could not be decoded
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ALIASES = {"shift_jis": "cp932", "shiftjis": "cp932", "sjis": "cp932", "ms932": "cp932", "windows-31j": "cp932"}
# In this order: cp932 reads some EUC, as other characters, and EUC next to no cp932. The third has ① and the like.
OFFERED = ("utf-8", "euc_jp", "euc_jis_2004", "cp932")
MANY_NULS = 8  # one byte in so many: then it is no text of this encoding


@dataclass(frozen=True, slots=True)
class Text:
    """A text file that the engine can read: UTF-8, one kind of line end; `broken` where some of it is marked."""

    path: Path
    broken: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    nuls: int
    pairs: int  # \r\n
    returns: int  # \r
    feeds: int  # \n

    @property
    def mixed(self) -> bool:
        """Whether lines end in more than one way: the engine takes one."""
        lone = self.returns - self.pairs
        return (self.pairs > 0 and self.feeds > self.pairs) or (lone > 0 and self.feeds > 0)


@dataclass(frozen=True, slots=True)
class _Fault:
    offset: int
    line: int


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _look(path: Path) -> _Look:
    size = nuls = pairs = returns = feeds = 0
    last = b""
    for chunk in _chunks(path):
        size += len(chunk)
        nuls += chunk.count(b"\0")
        pairs += last == b"\r" and chunk.startswith(b"\n")
        if b"\r" in chunk:
            pairs += chunk.count(b"\r\n")
            returns += chunk.count(b"\r")
        feeds += chunk.count(b"\n")
        last = chunk[-1:]
    return _Look(size, nuls, pairs, returns, feeds)


def canonical(encoding: str) -> str | None:
    """The name that Python knows an encoding by; Shift_JIS in all its names is cp932. None where it is no encoding."""
    name = ALIASES.get(encoding.strip().lower().replace("_", "-").replace("shift-jis", "shift_jis"), encoding.strip())
    try:
        known = codecs.lookup(name).name
        b"a".decode(known, "replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    return {"shift_jis": "cp932", "utf-8-sig": "utf-8"}.get(known, known)


def _first_fault(path: Path, encoding: str) -> _Fault | None:
    """Where a file first fails to decode. Cost: one pass."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    plain = encoding in ("utf-8", "cp932", "ascii")
    done = lines = 0
    for chunk in _chunks(path):
        pending = len(decoder.getstate()[0])
        if not pending and plain and chunk.isascii():
            done += len(chunk)
            lines += chunk.count(b"\n")
            continue
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            at = max(error.start - pending, 0)
            return _Fault(done - pending + error.start, lines + chunk[:at].count(b"\n") + 1)
        done += len(chunk)
        lines += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _Fault(done, lines + 1)
    return None


def readable(path: Path, name: str, plan: TablePlan, scratch: Path) -> Text:
    """The file as the engine can read it: itself where it is clean UTF-8, else a copy in the scratch folder.

    Raises CannotGoOn with the byte and the line where another encoding reads the file whole.
    Cost: two passes over a clean file, four over one that is copied; one chunk in memory.
    """
    asked = canonical(plan.source.encoding)
    if asked is None:
        raise CannotGoOn([problem("L108", plan.source.place, encoding=plan.source.encoding)])
    look = _look(path)
    if look.size == 0:
        raise CannotGoOn([problem("L106", plan.place, file=name, table=plan.name)])
    bom = _bom(path)
    encoding = bom or asked
    fault = _first_fault(path, encoding)
    if not bom and (advice := _advice(path, encoding, fault, look)):
        raise CannotGoOn([_wrong(plan, name, encoding, fault or _Fault(0, 1), advice)])
    marked = fault is not None or (look.nuls > 0 and not encoding.startswith("utf-16"))
    if encoding in ("utf-8", "ascii") and not marked and not look.mixed:
        return Text(path)
    return Text(_rewrite(path, encoding, scratch), marked)


def _bom(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(4)
    return next((encoding for bom, encoding in BOMS if start.startswith(bom)), None)


def _advice(path: Path, encoding: str, fault: _Fault | None, look: _Look) -> str | None:
    """The encoding that reads the whole file where the one asked for does not, or would read it as something else."""
    if look.nuls * MANY_NULS > look.size and not encoding.startswith("utf-16"):
        return "utf-16-le"
    if fault is not None:
        others = [other for other in OFFERED if other != encoding]
        return next((other for other in others if _first_fault(path, other) is None), None)
    if encoding == "cp932" and not _plain(path) and _first_fault(path, "utf-8") is None:
        return "utf-8"
    return None


def _plain(path: Path) -> bool:
    return all(chunk.isascii() for chunk in _chunks(path))


def _wrong(plan: TablePlan, name: str, encoding: str, fault: _Fault, advice: str) -> Problem:
    return problem(
        "L107", plan.source.place, file=name, encoding=encoding, byte=fault.offset, line=fault.line, advice=advice
    )


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return BROKEN, error.end
    raise error


codecs.register_error(MARK, _mark)


def _rewrite(path: Path, encoding: str, scratch: Path) -> Path:
    """A copy in UTF-8, all lines ended alike; bytes that are no text become the mark."""
    target = scratch / f"{path.stem}.utf8"
    with (
        path.open(encoding=encoding, errors=MARK, newline=None) as source,
        target.open("w", encoding="utf-8", newline="\n") as copy,
    ):
        while part := source.read(CHUNK):
            copy.write(part.replace("\0", BROKEN))
    return target
