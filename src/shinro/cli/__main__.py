"""`python -m shinro.cli`."""

from shinro.cli import process

process()
