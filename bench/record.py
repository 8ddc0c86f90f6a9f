"""How much a record stands: killed writers, full disks, errors of the disk, tampering. And how fast it is.

    python bench/record.py kill [500]      SIGKILL at random moments of publish, restate, export and a change of key
    python bench/record.py commands [60]   SIGKILL in `shinro record publish`, `export` and `keys rotate` on the demo
    python bench/record.py full [100]      a disk (tmpfs, mounted by root) that fills up at a random size
    python bench/record.py errors [1000]   one call of libc, or all from it on, fails with EIO or ENOSPC (needs cc)
    python bench/record.py tamper [200]    every kind of tampering on so many random logs, and what must raise no alarm
    python bench/record.py speed [10000]

A kill does not lose what the system has taken in: that a loss of power does not either rests on SQLite's
`synchronous = EXTRA` and is not tried here.
"""

from __future__ import annotations

import ctypes
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from recording import NOW, a_key, a_report, a_restatement, a_writer
from shinro.entries import Draft, Kind
from shinro.problems import CannotGoOn
from shinro.record.book import checkpoints, erase, read, rotate, write
from shinro.record.bundle import bundle
from shinro.record.keys import writer
from shinro.record.verify import Verdict, verify
from shinro.warehouse.snapshots import whole_file
from tampering import HELD_ONLY, KINDS, NAMES_THE_ENTRY, Parts, parts_of, put

OPERATIONS = ("publish", "publish", "restate", "export", "export", "rotate")
SHINRO = (sys.executable, "-m", "shinro.cli")
VERBS = (("publish", "-y"), ("export",), ("keys", "rotate"))
KEYS = tuple(range(1, 11))
MONTHS = 5  # of a publishing
BOOK = 25  # rounds, then a new book


@dataclass
class Bench:
    """A book that is written to, what it acknowledged, and what was found wrong."""

    folder: Path
    rng: random.Random
    acknowledged: set[str] = field(default_factory=set)
    held: list[str] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def store(self) -> Path:
        return self.folder / "record"

    @property
    def target(self) -> Path:
        return self.folder / "record.zip"

    def do(self, operation: str, name: str) -> str:
        """One operation by a name of its own; the checkpoint that it gave."""
        who = a_writer(*KEYS)
        if operation == "publish":
            months = range(1, MONTHS + 1)
            drafts = [a_report(name, month, month, texts={"note": f"{name} {month}"}) for month in months]
            return write(self.store, drafts, who, NOW).checkpoint.text
        if operation == "restate":
            return write(self.store, lambda entries: self._mended(entries, name), who, NOW).checkpoint.text
        if operation == "rotate":
            used = sum(entry.draft.kind is Kind.KEY for entry in read(self.store))
            return rotate(self.store, who, a_key(used + 1), NOW).checkpoint.text if 0 < used < len(KEYS) else ""
        self._export()
        return ""

    def acknowledge(self, operation: str, name: str, checkpoint: str) -> None:
        """What was said to be done must be there from now on."""
        self.acknowledged |= {name} if operation in ("publish", "restate") else set()
        self.held += [checkpoint] if checkpoint else []

    def _export(self) -> None:
        if not read(self.store):
            return
        content = bundle(self.store, "x", texts=True)
        with whole_file(self.target) as file:
            file.write(content)

    def _mended(self, entries: tuple, name: str) -> list[Draft]:
        replaced = {entry.draft.replaces for entry in entries}
        old = [each for each in entries if each.draft.kind is Kind.REPORT and each.seq not in replaced]
        first = [a_restatement(each.draft, each.seq, 1000 + each.seq, reason=name) for each in old[:3]]
        return first or [a_report(f"{name}x", 1, 1, texts={"note": name})]

    def look(self) -> None:
        """Whether all that was acknowledged is there, once, and everything holds."""
        try:
            entries = read(self.store)
            found = verify(self.store, self.held)
        except CannotGoOn as stop:
            self.wrong[f"unopenable {stop}"] += 1
            return
        self.wrong["broken"] += not found.ok
        names = Counter((e.draft.subject, e.draft.period, e.draft.kind, e.draft.replaces) for e in entries)
        told = Counter(e.draft.kind for e in entries)
        self.wrong["duplicate"] += sum(n > 1 for (_, _, kind, _), n in names.items() if kind is not Kind.KEY)
        standing = {entry.words.get("note", "").split(" ")[0] for entry in entries}
        standing |= {entry.words.get("reason", "") for entry in entries}
        self.wrong["lost"] += len({name for name in self.acknowledged if name not in standing})
        published = Counter(
            e.draft.subject for e in entries if e.draft.kind is Kind.REPORT and e.draft.subject[-1] != "x"
        )
        self.wrong["half a publishing"] += sum(n != MONTHS for n in published.values())
        self.wrong["no key"] += bool(entries) and not told[Kind.KEY]
        if self.target.exists():
            with suppress(OSError):
                self.wrong["half an export"] += not _is_whole(self.target.read_bytes())

    def again(self) -> Bench:
        """Another book beside it."""
        self.folder = Path(tempfile.mkdtemp(dir=self.folder.parent))
        self.acknowledged, self.held = set(), []
        return self


def _is_whole(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False


def kill(rounds: int, rng: random.Random) -> None:
    """Children that write, each killed at a random moment; what they said they had done is held against the book."""
    with tempfile.TemporaryDirectory() as top:
        bench = Bench(Path(tempfile.mkdtemp(dir=top)), rng)
        done, hit = Counter[str](), Counter[str]()
        for n in range(rounds):
            if n % BOOK == 0:
                bench.again()
            reader, writer_end = os.pipe()
            child = os.fork()
            if not child:
                os.close(reader)
                _work(bench, n, writer_end)
            os.close(writer_end)
            time.sleep(rng.random() * 0.4)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            lines = _said(reader)
            for line in lines:
                what, name, note = line.split(" ")
                if what.startswith("done-"):
                    done[what[5:]] += 1
                    bench.acknowledge(what[5:], name, bytes.fromhex(note).decode())
            hit[_last(lines)] += 1
            bench.look()
    print(f"kill -9: {rounds}; killed within {dict(hit)}; acknowledged {dict(done)}")
    _told(bench)


def _work(bench: Bench, n: int, out: int) -> None:
    rng = random.Random(f"{n}")  # noqa: S311 - the same draws every time
    for k in range(10**6):
        operation, name = rng.choice(OPERATIONS), f"n{n}k{k}"
        os.write(out, f"begin-{operation} {name} \n".encode())
        note = bench.do(operation, name)
        os.write(out, f"done-{operation} {name} {note.encode().hex()}\n".encode())


def _said(reader: int) -> list[str]:
    with os.fdopen(reader, "rb") as file:
        return file.read().decode().split("\n")[:-1]


def _last(lines: list[str]) -> str:
    last = lines[-1].split(" ")[0] if lines else "begin-nothing"
    return last.removeprefix("begin-") if last.startswith("begin-") else "between"


def commands(rounds: int, rng: random.Random) -> None:
    """The commands themselves, killed at a random moment of their time; then done again to their end."""
    wrong, killed = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as top:
        environ = {**os.environ, "SHINRO_CONFIG": f"{top}/config"}
        demo = Path(top, "demo")
        subprocess.run([*SHINRO, "demo", str(demo)], env=environ, check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(demo, f"{top}/first")
        long = {verb[0]: _run(Path(top, "first"), verb, environ) for verb in VERBS}
        wanted = len(read(Path(top, "first/.shinro/record")))
        for n in range(rounds):
            folder = Path(top, f"{n}")
            shutil.copytree(demo, folder)
            for verb in VERBS:
                held = [each.text for each in checkpoints(folder / ".shinro/record")]
                with subprocess.Popen([*SHINRO, "record", *verb, "-p", "."], env=environ, cwd=folder, stdout=-3) as it:
                    time.sleep(rng.random() * long[verb[0]])
                    it.kill()
                    it.wait()
                killed[verb[0]] += it.returncode == -signal.SIGKILL
                wrong["broken"] += not verify(folder / ".shinro/record", held).ok
                wrong["half"] += len(read(folder / ".shinro/record")) not in (0, wanted - 1, wanted, wanted + 1)
                target = folder / "record.zip"
                wrong["half an export"] += target.exists() and not _is_whole(target.read_bytes())
                _run(folder, verb, environ)
            found = read(folder / ".shinro/record")
            wrong["duplicate"] += len(found) not in (wanted, wanted + 1)  # a rotation that came through, and another
            wrong["broken"] += not verify(folder / ".shinro/record", held).ok
            shutil.rmtree(folder)
    print(f"commands killed: {dict(killed)} of {rounds} each; {wanted} entries in the end")
    print("  " + "; ".join(f"{name} {n}" for name, n in sorted(wrong.items())))


def _run(folder: Path, verb: tuple[str, ...], environ: dict[str, str]) -> float:
    start = time.monotonic()
    command = [*SHINRO, "record", *verb, "-p", "."]
    subprocess.run(command, env=environ, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def full(rounds: int, rng: random.Random) -> None:
    """Disks of a random size that fill up; then they get more room and the book goes on."""
    stops = Counter[str]()
    with tempfile.TemporaryDirectory() as top:
        bench = Bench(Path(top), rng)
        for n in range(rounds):
            disk = Path(tempfile.mkdtemp(dir=top))
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={rng.randrange(40, 260)}k", "tmpfs", disk], check=True)
            try:
                bench.folder, bench.acknowledged, bench.held = disk, set(), []
                for k in range(400):
                    operation, name = rng.choice(OPERATIONS), f"n{n}k{k}"
                    try:
                        bench.acknowledge(operation, name, bench.do(operation, name))
                    except (CannotGoOn, OSError) as stop:
                        codes = [p.code for p in stop.problems] if isinstance(stop, CannotGoOn) else ["ENOSPC"]
                        stops[f"{operation} {' '.join(codes)}"] += 1
                        break
                bench.look()
                subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
                bench.acknowledge(operation, name, bench.do(operation, name))
                bench.look()
            finally:
                subprocess.run(["umount", disk], check=True)
    print(f"full disks: {rounds}; stopped in {dict(stops)}; each went on after it got room")
    _told(bench)


SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
static long count, at, error; static int armed, sticky;
void shinro_arm(long k, long e, int s) { count = 0; at = k; error = e; sticky = s; armed = 1; }
long shinro_disarm(void) { armed = 0; return count; }
static int fails(void) {
  if (!armed) return 0;
  ++count;
  if (count == at || (sticky && count > at && at > 0)) { errno = error; return 1; }
  return 0;
}
#define WRAP(type, name, params, args) \
  type name params { static type (*real) params; if (!real) real = dlsym(RTLD_NEXT, #name); \
    return fails() ? (type) -1 : real args; }
WRAP(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
WRAP(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
WRAP(ssize_t, pwrite64, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
WRAP(ssize_t, pread, (int fd, void *b, size_t n, off_t o), (fd, b, n, o))
WRAP(ssize_t, pread64, (int fd, void *b, size_t n, off_t o), (fd, b, n, o))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, fdatasync, (int fd), (fd))
WRAP(int, ftruncate, (int fd, off_t n), (fd, n))
WRAP(int, ftruncate64, (int fd, off_t n), (fd, n))
WRAP(int, unlink, (const char *p), (p))
WRAP(int, rename, (const char *a, const char *b), (a, b))
WRAP(int, mkdir, (const char *p, mode_t m), (p, m))
WRAP(int, link, (const char *a, const char *b), (a, b))
"""


def errors(rounds: int, rng: random.Random) -> None:
    """Calls of libc that fail while an operation runs: write, pread, pwrite, fsync, ftruncate, unlink, rename, link."""
    if "SHINRO_SHIM" not in os.environ:
        with tempfile.TemporaryDirectory() as folder:
            source, shim = Path(folder, "shim.c"), Path(folder, "shim.so")
            source.write_text(SHIM)
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-w", "-o", shim, source, "-ldl"], check=True)
            environ = {**os.environ, "LD_PRELOAD": str(shim), "SHINRO_SHIM": "1"}
            subprocess.run([sys.executable, *sys.argv], env=environ, check=True)
        return
    libc = ctypes.CDLL(None)
    fired, ended = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as top:
        bench = Bench(Path(tempfile.mkdtemp(dir=top)), rng)
        n = 0
        while sum(fired.values()) < rounds:
            if n % BOOK == 0:
                bench.again()
            operation, name = rng.choice((*OPERATIONS, "first key")), f"n{n}"
            n += 1
            act = _act(bench, operation, name)
            at, code, sticky = rng.randrange(1, 60), rng.choice((errno.EIO, errno.ENOSPC)), rng.choice((True, False))
            libc.shinro_arm(ctypes.c_long(at), ctypes.c_long(code), ctypes.c_int(sticky))
            try:
                note, stop = act(), "done"
            except CannotGoOn as problems:
                found = problems.problems[0]
                note, stop = "", f"{found.code} {str(found.args.get('reason', '')).partition(chr(10))[0]}"
            except OSError as broken:
                note, stop = "", type(broken).__name__
            finally:
                count = libc.shinro_disarm()
            if count >= at:
                fired[operation] += 1
                ended[f"{'all from it on' if sticky else 'one'}: {stop}"] += 1
            if stop == "done":
                bench.acknowledge(operation, name, note)
            bench.look()
            # The same again, now that the disk is well: it must go, and write nothing twice.
            bench.acknowledge(operation, name, act())
            bench.look()
    print(f"injected errors: {sum(fired.values())} in {dict(fired)}; ended {dict(ended)}")
    _told(bench)


def _act(bench: Bench, operation: str, name: str) -> Callable[[], str]:
    if operation == "first key":
        return lambda: _first_key(bench, name)
    return lambda: bench.do(operation, name)


def _first_key(bench: Bench, name: str) -> str:
    folder = bench.folder / f"config{name}"
    writer(folder, "x", "a")
    bench.wrong["two first keys"] += len(list((folder / "keys").glob("*.pem"))) != 1
    return ""


def tamper(logs: int, rng: random.Random) -> None:
    """Every kind of tampering on every log, with checkpoints held of which one at least is behind the place."""
    missed, exact, first, alarms, calm = Counter[str](), Counter[str](), Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory() as top:
        for n in range(logs):
            store = Path(top, f"{n}", "record")
            for k in range(rng.randrange(2, 7)):
                months = range(1, rng.randrange(2, 9))
                write(
                    store,
                    [a_report(f"m{k}", month, rng.randrange(99), texts={"t": "x"}) for month in months],
                    a_writer(),
                    NOW,
                )
            held = [each.text for each in checkpoints(store)]
            parts = parts_of(store)
            for kind in KINDS:
                at = rng.randrange(1, len(parts.contents))
                behind = [text for size, text in parts.notes if size > at]
                given = [*rng.sample(held, rng.randrange(len(held))), rng.choice(behind), held[-1]]
                altered = kind(parts, at, rng)
                put(altered, Path(top, "other"))
                found = _verdict(Path(top, "other"), given)
                missed[kind.__name__] += found is not None and found.ok
                exact[kind.__name__] += found is not None and found.first_bad == at
                if kind in HELD_ONLY and found is not None:
                    first[kind.__name__] += _fails_first(parts, altered, found)
            for name, harmless in _harmless(store, parts, rng):
                put(parts, Path(top, "calm"))
                harmless(Path(top, "calm"))
                calm += 1
                calmly = _verdict(Path(top, "calm"), held)
                alarms[name] += calmly is None or not calmly.ok
    tried = len(KINDS) * logs
    print(f"tampering: {len(KINDS)} kinds x {logs} logs = {tried}; missed {sum(missed.values())}; ", end="")
    print(f"first bad entry named exactly {sum(exact[k.__name__] for k in NAMES_THE_ENTRY)}", end="")
    print(f" of {len(NAMES_THE_ENTRY) * logs} where the file shows it; false alarms {sum(alarms.values())} of {calm}")
    print(f"  the first held checkpoint behind the change fails, and none before it: {sum(first.values())}", end="")
    print(f" of {len(HELD_ONLY) * logs} rewritings with the key ({', '.join(kind.__name__ for kind in HELD_ONLY)})")
    print(f"  missed by kind: {dict(+missed) or 'none'}; alarms: {dict(+alarms) or 'none'}")


def _verdict(store: Path, held: list[str]) -> Verdict | None:
    """What verify finds; None where the file is none that it reads."""
    try:
        return verify(store, held)
    except CannotGoOn:
        return None


def _fails_first(parts: Parts, altered: Parts, found: Verdict) -> bool:
    """Whether held checkpoints hold up to the first entry that differs, and fail from there on."""
    pairs = enumerate(zip(parts.contents, altered.contents, strict=False))
    shorter = min(len(parts.contents), len(altered.contents))
    place = next((n for n, (old, new) in pairs if old != new), shorter)
    return all(each.holds == (each.checkpoint.size <= place) for each in found.held)


def _harmless(store: Path, parts: object, rng: random.Random) -> Iterator[tuple[str, Callable[[Path], object]]]:
    """What anybody may do."""
    del parts
    entry = rng.choice([each for each in read(store) if each.hashes])
    yield "as it is", lambda _: None
    yield "a text erased", lambda book: erase(book, entry.hashes["t"])
    yield "a name erased", lambda book: erase(book, entry.actor)
    yield "written on", lambda book: write(book, [a_report("later", 1)], a_writer(), NOW + timedelta(days=3))
    yield "another key", lambda book: rotate(book, a_writer(), a_key(2), NOW)
    yield "a key lost", lambda book: rotate(book, a_writer(), a_key(3), NOW, lost=True)
    yield "restated", lambda book: write(book, [_again(book)], a_writer(), NOW)


def _again(book: Path) -> Draft:
    entry = read(book)[1]
    return replace(a_restatement(entry.draft, entry.seq, 777))


def speed(entries: int, _: random.Random) -> None:
    with _folder() as folder:
        with _timed(f"write {entries} entries at once"):
            write(folder, [a_report(f"m{n}", 1 + n % 12, n) for n in range(entries)], a_writer(), NOW)
        with _timed("read them"):
            read(folder)
        with _timed("write 10 more"):
            write(folder, [a_report(f"n{n}", 1, n) for n in range(10)], a_writer(), NOW)
        with _timed("verify"):
            verify(folder)
        with _timed("export"):
            content = bundle(folder)
        print(f"{(folder / 'book.sqlite').stat().st_size:,} bytes of book, {len(content):,} of export")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    start = time.process_time()
    yield
    print(f"{what}: {time.process_time() - start:.2f} s of CPU")


def _told(bench: Bench) -> None:
    wrong = {name: n for name, n in bench.wrong.items() if name}
    print("  " + "; ".join(f"{name} {n}" for name, n in sorted(wrong.items())))


COMMANDS = {
    "kill": (kill, 500),
    "commands": (commands, 60),
    "full": (full, 100),
    "errors": (errors, 1000),
    "tamper": (tamper, 200),
    "speed": (speed, 10_000),
}

if __name__ == "__main__":
    command, often = COMMANDS[sys.argv[1]]
    rounds = int(sys.argv[2]) if sys.argv[2:] else often
    command(rounds, random.Random(20261126))  # noqa: S311 - the same draws every time
