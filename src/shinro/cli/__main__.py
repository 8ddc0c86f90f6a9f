"""`python -m shinro.cli`."""

from shinro.cli import main

main()
