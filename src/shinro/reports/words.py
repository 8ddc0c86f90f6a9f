"""Words: the sentences of the catalogs, in the reader's language, by stable keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ja")
VARIABLES = ("SHINRO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
FOLDER = Path(__file__).parent.parent / "locale"


class _Fields(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogs of one language, all domains as one, with English behind them."""

    lang: str
    catalogs: NullTranslations

    def say(self, key: str, /, **args: object) -> str:
        """The sentence of a key, its fields filled in; the English one where there is none, then the key itself."""
        return self.catalogs.gettext(key).format_map(_Fields(args))

    def plural(self, key: str, n: int, /, **args: object) -> str:
        """The same, in the form that a number of things asks for; the number fills the field `n`."""
        return self.catalogs.ngettext(key, key, n).format_map(_Fields(args, n=n))

    def knows(self, key: str) -> bool:
        """Whether the key has a sentence, in this language or in English."""
        return self.catalogs.gettext(key) != key


@cache
def words(lang: str, folder: Path = FOLDER) -> Words:
    """The words of a language. Cost: its catalogs and the English ones are read once a process."""
    every = NullTranslations()
    for path in sorted((folder / lang / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as catalog:
            every.add_fallback(GNUTranslations(catalog))
    if lang != ENGLISH:
        every.add_fallback(words(ENGLISH, folder).catalogs)
    return Words(lang, every)


def say(tell: Words, key: str, /, **args: object) -> str:
    """`Words.say` as a function."""
    return tell.say(key, **args)


def language(asked: str | None, environ: Mapping[str, str], project: tuple[str, ...] = ()) -> str:
    """The language to speak: `--lang`, then the environment, then the project's first, then English.

    A name of a language that shinro does not speak counts as not said, and so do C and POSIX.
    """
    said = (asked, *(environ.get(name) for name in VARIABLES), *project)
    return next((lang for lang in map(_spoken, said) if lang), ENGLISH)


def _spoken(name: str | None) -> str | None:
    """`ja_JP.UTF-8`, `ja-JP` or `JA` as `ja`; None where it is not one of ours."""
    short = (name or "").replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return short if short in LANGUAGES else None
