# One command each, on a fresh machine with git, make and Python 3.11 or later:
#   make demo   grades the shipped example, to the screen and to demo/arvosanat.xlsx
#   make test   runs all tests
# Beside them make test-long (more examples) and make test-spawn (processes as macOS and Windows start them).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := constraints.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Exactly the files whose hashes stand in constraints.txt, and no code of a package runs while it is installed.
EXACTLY := $(PIP) --require-hashes --only-binary :all: -c $(CONSTRAINTS)
NEEDS := $(BIN)/python scripts/constraints.py --requirements
SMOKE := $(addprefix tests/test_,$(addsuffix .py,cases verify lock workbook workbooks_in plan writing feedback student_pages))

TESTS := $(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: demo test test-long test-spawn lint types imports docs docs-site messages audit sbom floors constraints release-check bench check clean
.PHONY: vscode app test-app wheel bundle

demo: $(VENV)/.installed
	@mkdir -p demo
	@$(BIN)/kurssi validate implementations || true
	@$(BIN)/kurssi workload implementations/KH00BT03-2024.yaml
	$(BIN)/kurssi grade implementations/KH00BT03-2024.yaml -o demo/arvosanat.xlsx

test: $(VENV)/.installed-dev
	$(TESTS)

# Three times the generated examples of make test: every night, and before a release.
test-long: $(VENV)/.installed-dev
	HYPOTHESIS_PROFILE=long $(TESTS)

# Processes start anew, as macOS and Windows start them, and not as copies.
test-spawn: $(VENV)/.installed-dev
	KURSSI_PROCESSES=spawn $(TESTS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/constraints.py --check

types: $(VENV)/.installed-dev
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 src
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin src

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev
	$(BIN)/python scripts/docs.py --check
	$(BIN)/python scripts/architecture.py --check
	$(BIN)/python scripts/guide.py --check
	$(BIN)/python scripts/pictures.py --check

# The guide as a site, in site/fi and site/en; a link that leads nowhere is an error.
docs-site: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file docs/mkdocs.fi.yml --site-dir $(CURDIR)/site/fi
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file docs/mkdocs.en.yml --site-dir $(CURDIR)/site/en
	cp docs/site.html site/index.html

messages: $(VENV)/.installed-dev
	$(BIN)/python scripts/messages.py --check

# Known holes in what runs in CI and in the packages; what cannot be asked from here is skipped by name.
audit: $(VENV)/.installed-audit
	$(BIN)/python scripts/audit.py

# The bill of materials of a release.
sbom: $(VENV)/.installed-dev
	$(BIN)/python scripts/sbom.py dist/kurssi.cdx.json

# The lowest versions that pyproject.toml allows, of what kurssi needs and of what that needs, do what is needed of them.
floors: $(VENV)/.installed-renew
	$(BIN)/python scripts/constraints.py --lowest > $(VENV)/lowest.txt
	$(PYTHON) -m venv --clear $(VENV)/floors
	$(VENV)/floors/bin/python -m pip install --quiet --disable-pip-version-check -r $(VENV)/lowest.txt
	$(VENV)/floors/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(VENV)/floors/bin/python -m pytest $(SMOKE)

# The newest versions that pyproject.toml allows, with their hashes; asks the package index.
constraints: $(VENV)/.installed-renew
	$(BIN)/python scripts/constraints.py --update

# Beside `make check`, before a release: every sentence has its translation, nothing is known against any package, and
# the bill of materials is made.
release-check: $(VENV)/.installed-dev $(VENV)/.installed-audit sbom floors
	$(BIN)/python scripts/messages.py --check --release
	KURSSI_RELEASE=1 $(BIN)/python -m pytest tests/test_languages.py
	$(BIN)/python scripts/audit.py --everything

# The extension for VS Code, tested without it and packed: editors/vscode/kurssi.vsix. Needs npm.
vscode: $(VENV)/.installed-lsp
	cd editors/vscode && npm ci && KURSSI=$(CURDIR)/$(BIN)/kurssi npm test && npm run package

# The page that needs no installation: dist/app/kurssi.html, and the same as a folder for a web server. Needs Node.js.
app: dist/app/kurssi.html

APP := build/app
WEB := $(wildcard web/*.mjs web/src/*)
PAGE := $(shell find src/kurssi -name '*.py' -o -name '*.mo' -o -name '*.html')

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

dist/app/kurssi.html: $(VENV)/.installed web/node_modules/.package-lock.json $(WEB) $(PAGE) scripts/app.py
	$(BIN)/python scripts/app.py $(APP)
	node web/pack.mjs $(APP)
	node web/build.mjs $(APP) dist/app

# Types, lint and tests of the page; what needs a browser is skipped by name where none can be had.
test-app: dist/app/kurssi.html
	cd web && npm run --silent types && npm run --silent lint && npm test --silent
	cd web && npm run --silent test:browser

# The wheel, and every command of it in a fresh environment for each Python from 3.11 on that is found; with pip, uv, pipx.
wheel: $(VENV)/.installed
	$(BIN)/python scripts/try_wheel.py

# A folder with kurssi and its Python (dist/kurssi), for computers without one; every command of it is tried.
bundle: $(VENV)/.installed $(VENV)/.installed-lsp $(VENV)/.installed-bundle
	$(BIN)/python scripts/bundle.py

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

check: lint types imports messages docs test

clean:
	rm -rf $(VENV) demo site build dist web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kurssi needs Python 3.11 or later; say which one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@# an older pip writes a start script that costs a third of the start-up
	$(BIN)/python scripts/constraints.py --exact pip > $(VENV)/needs-pip.txt
	$(PIP) --require-hashes -r $(VENV)/needs-pip.txt

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	$(NEEDS) build > $(VENV)/needs-build.txt
	$(EXACTLY) -r $(VENV)/needs-build.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# .installed-dev, .installed-audit, .installed-renew: what pyproject.toml names for them, beside kurssi itself
$(VENV)/.installed-%: $(VENV)/.installed
	$(NEEDS) $* > $(VENV)/needs-$*.txt
	$(EXACTLY) -r $(VENV)/needs-$*.txt
	@touch $@
