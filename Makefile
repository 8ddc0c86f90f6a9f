# `make demo` and `make test` are all that a newcomer needs; each sets itself up in .venv, inside the project.
# Written for any make since 3.81 (the one of macOS).

PYTHON ?= python3
WORKERS ?= 2
UV ?= uv
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input

.PHONY: demo test check bench setup words postgres browser lock wheel format clean
.DEFAULT_GOAL := test

demo: words
	@$(BIN)/shinro demo

test: words postgres browser
	$(BIN)/pytest -n $(WORKERS)

check: words
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: words
	$(BIN)/python bench/run.py

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: $(READY)

# A .venv that works is kept (`make clean` to change its Python).
$(READY): requirements.lock pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "shinro needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { test "`id -u`" = 0 && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; } || \
	  { echo "$(PYTHON) has no venv module; install it: sudo apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  $(PYTHON) -m venv --clear .venv
	@echo "Installing the locked packages into .venv ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

words: setup
	@$(BIN)/python hatch_build.py

postgres: setup
	@$(BIN)/python tests/postgres.py

browser: setup
	@$(BIN)/python tests/browser.py

# For every platform, with hashes, naming no registry. `make lock LOCK=--upgrade` takes newer versions.
lock:
	$(UV) pip compile --quiet --no-config --universal --python-version 3.11 --group dev --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url $(LOCK) pyproject.toml -o requirements.lock

# Builds dist/*.whl, ready for `uv tool install` or pipx.
wheel: words
	@rm -rf dist
	@$(BIN)/hatchling build -t wheel

clean:
	rm -rf .venv dist build
