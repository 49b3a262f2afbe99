# Genjin: `make run` to try it, `make test` and `make check` before a commit.
# All paths are relative: make splits an absolute one at its spaces.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
# Installed once for each content of a lock, whatever git did to the files' times.
LOCAL := .venv/.local-$(shell cksum < requirements-local.txt | cut -d' ' -f1)
DEV := .venv/.dev-$(shell cksum < requirements-dev.txt | cut -d' ' -f1)
LOCK := $(PY) -m uv pip compile --quiet --universal --generate-hashes --only-binary :all: \
	--python-version 3.11 --no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test check prove bench fix lock manage clean

help: ## Say what each command does
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /|/' | \
		while IFS='|' read -r name does; do printf '  make %-8s %s\n' "$$name" "$$does"; done

run: $(LOCAL) ## Start everything on this machine (PORT=, HOST=); Ctrl-C stops it
	@$(PY) -m crm.run

test: $(DEV) ## Run all tests on throw-away servers (ARGS= for pytest)
	@$(PY) -m pytest -n auto --dist loadgroup --no-loadscope-reorder $(ARGS)

check: $(DEV) ## Format, lint, types, imports, migrations, translations, vendored files; changes nothing
	@$(PY) -m tests.checks

prove: $(DEV) ## Run the reliability scenarios (PROVE=long for hours), races of 200, 100,000 histories of leads, and all properties
	@PROVE=$${PROVE:-short} $(PY) -m pytest tests/reliability $(ARGS)
	@PROVE=$${PROVE:-short} $(PY) -m pytest $$(grep -rl --include=*.py "from tests.racing" tests) $(ARGS)
	@GENJIN_HISTORIES=$${HISTORIES:-100000} GENJIN_LIVE_HISTORIES=$${LIVE_HISTORIES:-300} $(PY) -m pytest tests/filings/test_properties.py tests/filings/test_live_histories.py $(ARGS)
	@GENJIN_EXAMPLES=$${EXAMPLES:-10} $(PY) -m pytest $$(grep -rl --include=*.py "import examples" tests) $(ARGS)

bench: $(DEV) ## Measure pages and the engine against their floor (SCALE= customers, or movements); says ratios
	@$(PY) -m bench.pages
	@$(PY) -m bench.engine
	@$(PY) -m bench.filing
	@$(PY) -m bench.ledger
	@$(PY) -m bench.ages

fix: $(DEV) ## Format the code and mend what the linter can
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --fix .

lock: $(DEV) ## Write the locks anew from requirements*.in
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-local.in -c requirements.txt -o requirements-local.txt
	@$(LOCK) requirements-dev.in -c requirements-local.txt -o requirements-dev.txt

manage: $(LOCAL) ## Run a management command: make manage ARGS="help"
	@$(PY) manage.py $(ARGS)

clean: ## Remove caches and the virtual environment; data under var/ stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		"Genjin needs Python 3.11 or newer as $(PYTHON). Name another one: make PYTHON=python3.12 run" \
		>&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python could not make a virtual environment; see" \
		"the lines above (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@touch .venv/.made

.venv/.local-%: | .venv/.made
	@echo "Installing the Python packages (once)..."
	@$(PIP) install -qq --require-hashes --only-binary :all: -r requirements-local.txt
	@rm -f .venv/.local-* && touch $@

.venv/.dev-%: | .venv/.made
	@echo "Installing the Python packages for tests and checks (once)..."
	@$(PIP) install -qq --require-hashes --only-binary :all: -r requirements-dev.txt
	@rm -f .venv/.dev-* && touch $@
