# One command each, on a fresh machine with git, make and Python 3.11 or later:
#   make demo   grades the shipped example, to the screen and to demo/arvosanat.xlsx
#   make test   runs all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := constraints.txt

.PHONY: demo test lint types imports docs messages release-check bench check clean

demo: $(VENV)/.installed
	@mkdir -p demo
	@$(BIN)/kurssi validate implementations || true
	@$(BIN)/kurssi workload implementations/KH00BT03-2024.yaml
	$(BIN)/kurssi grade implementations/KH00BT03-2024.yaml -o demo/arvosanat.xlsx

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 src
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin src

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev
	$(BIN)/python scripts/docs.py --check
	$(BIN)/python scripts/architecture.py --check

messages: $(VENV)/.installed-dev
	$(BIN)/python scripts/messages.py --check

# Beside `make check`, before a release: every sentence has its translation.
release-check: $(VENV)/.installed-dev
	$(BIN)/python scripts/messages.py --check --release
	KURSSI_RELEASE=1 $(BIN)/python -m pytest tests/test_languages.py

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

check: lint types imports messages docs test

clean:
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kurssi needs Python 3.11 or later; say which one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@# an older pip writes a start script that costs a third of the start-up
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) --upgrade pip

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[dev]'
	@touch $@
