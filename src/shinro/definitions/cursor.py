"""A cursor over the tokens of one expression: what stands here, what must, and what to say where it does not."""

from __future__ import annotations

from shinro.definitions.tokens import MAX_DEPTH, MAX_LENGTH, Kind, Mistake, Source, Token, tokens


class Cursor:
    """Reads tokens one after another; every mistake is placed at the token that it is about."""

    def __init__(self, source: Source, start: int = 0) -> None:
        """Reads from an offset on. Raises Mistake where the text does not even fall into tokens."""
        self.source = source
        self._tokens = tokens(source, start)
        self._index = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        """The token that stands here."""
        return self._tokens[self._index]

    def next_is(self, kind: Kind, *values: str, ahead: int = 0) -> bool:
        """Whether a token of the kind (and one of the values, if any are given) stands here, or so many tokens on."""
        token = self._tokens[min(self._index + ahead, len(self._tokens) - 1)]
        return token.kind == kind and (not values or token.value in values)

    def advance(self) -> Token:
        """The token that stands here, left behind."""
        token = self.token
        self._index += 1
        return token

    def take(self, kind: Kind, *values: str) -> Token | None:
        """The same if it is of the kind and values; otherwise nothing moves."""
        return self.advance() if self.next_is(kind, *values) else None

    def demand(self, kind: Kind, *values: str) -> Token:
        """The same; Q101 or Q121 where something else, or nothing, stands here."""
        token = self.take(kind, *values)
        if token is None:
            raise self.missing(*values)
        return token

    def deeper(self) -> None:
        """One parenthesis more; Q107 where they are too many for a reader."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.mistake("Q107", length=MAX_LENGTH, depth=MAX_DEPTH)

    def shallower(self) -> None:
        """One parenthesis less."""
        self._depth -= 1

    def finish(self) -> None:
        """The end of the text; Q123 where something still stands after a whole expression."""
        if not self.next_is("end"):
            raise self._misfit() or self.mistake("Q123", found=self.found)

    @property
    def found(self) -> str:
        """The token that stands here, as written."""
        return self.source.text[self.token.at : self.token.end]

    def mistake(self, code: str, **args: object) -> Mistake:
        """A mistake at the token that stands here."""
        return self.source.mistake(code, self.token.at, **args)

    def missing(self, *signs: str) -> Mistake:
        """One of the signs or words is missing here; without any, a value is."""
        expected = {"expected": " ".join(f"`{sign}`" for sign in signs)} if signs else {}
        if self.next_is("end"):
            return self.mistake("Q121" if signs else "Q122", **expected)
        return self._misfit() or self.mistake("Q101" if signs else "Q120", found=self.found, **expected)

    def _misfit(self) -> Mistake | None:
        """A word that clings to the number before it: a unit that we do not know."""
        before = self._tokens[self._index - 1] if self._index else None
        if before and before.kind == "number" and before.end == self.token.at and self.token.kind in ("name", "word"):
            return self.source.mistake("Q115", before.at, text=self.source.text[before.at : self.token.end])
        return None
