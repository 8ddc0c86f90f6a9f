"""Documents in every form: how long and how large, and whether any hostile text does anything in any of them.

    python bench/forms.py            the time and the size of each form of the tests' sample, in both languages
    python bench/forms.py hostile    each hostile string in every text of a document, in every form, and in a browser

Out: CPU seconds of the first rendering of a process (its libraries and fonts with it) and of the next ones, bytes; the
number of files, of those in which something acts, and of those in which the text is not to be found.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from playwright.sync_api import Browser

from browser import browsing
from documents import PARTS, STRINGS, replaced, sample
from inertness import acting, read, squeezed
from shinro.reports.document import Document
from shinro.reports.rendering import FORMS, Form, render

AGAIN = 5
WIDTH = 390  # of a phone
SHOWN = 60  # letters of a long text that must be found together
IN_OUR_FONTS = re.compile(r"[ -~\t\r\n\u3040-\u9fff]+")
ONE = """
import resource, sys
sys.path.insert(0, {tests!r})
from documents import sample
from shinro.reports.rendering import render
render(sample({lang!r}), {form!r})
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
"""


def main() -> None:
    if sys.argv[1:] == ["hostile"]:
        hostile()
    else:
        speed()


def speed() -> None:
    print("form lang  first CPU s  peak MB  next CPU s    bytes")
    pairs = [(form, lang) for form in FORMS for lang in ("ja", "en")]
    every = [cold(form, lang) for form, lang in pairs]  # first of all: a child is told its parent's peak
    for (form, lang), (first, peak) in zip(pairs, every, strict=True):
        file = render(sample(lang), form)
        began = time.process_time()
        for _ in range(AGAIN):
            render(sample(lang), form)
        warm = (time.process_time() - began) / AGAIN
        print(f"{form:4} {lang}   {first:10.2f}  {peak:7} {warm:10.3f}  {len(file):8,}")


def cold(form: Form, lang: str) -> tuple[float, int]:
    code = ONE.format(tests=sys.path[0], lang=lang, form=form)
    out = subprocess.run((sys.executable, "-c", code), check=True, capture_output=True, text=True).stdout.split()
    return float(out[0]), int(out[1])


def hostile() -> None:
    with browsing() as browser:
        for form in FORMS:
            files = acted = lost = 0
            for text in STRINGS:
                document = Document("en", "t", "s", "c", "d", (PARTS,), "f", ("k",))
                file = render(replaced(document, lambda _, text=text: text), form)
                acts = acting(form, file) + (ran(browser, file) if form == "html" else [])
                found = squeezed(text)[:SHOWN] in read(form, file)
                files += 1
                acted += bool(acts)
                lost += not found and (form != "pdf" or IN_OUR_FONTS.fullmatch(text) is not None)
                if acts or (not found and form != "pdf"):
                    print(form, ascii(text[:40]), acts[:3], "found" if found else "lost")
            print(f"{form:4} {files} files, {acted} act, {lost} without their text")


def ran(browser: Browser, file: bytes) -> list[str]:
    """What a page asked for, said or ran in a browser, its policy taken away."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 900})
    page, seen = context.new_page(), list[str]()
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.set_content(file.decode().replace("Content-Security-Policy", "x"))
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    wide, done = page.evaluate("[document.documentElement.scrollWidth, window.ran]")
    context.close()
    return [*seen, *(["ran"] if done is not None else []), *([f"{wide} wide"] if wide > WIDTH else [])]


if __name__ == "__main__":
    main()
