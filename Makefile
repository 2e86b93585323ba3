# Wijzer. `make help` says what there is. Every target sets up what it needs, once.

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .cache/stamps

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench gallery texts package clean
.DELETE_ON_ERROR:

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-9s %s\n", $$1, $$2 }' Makefile

setup: $(STAMPS)/python $(STAMPS)/npm $(STAMPS)/texts $(STAMPS)/functions-worker $(STAMPS)/debian ## Install everything, also what only the tests need

run: ## Start Wijzer on this machine (CHAT=0: without the chats; the ports: docs/settings.md)
	@$(MAKE) -s -j2 $(STAMPS)/texts $(STAMPS)/npm-run
	@exec $(BIN)/python -m localhost

test: setup ## Run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(STAMPS)/python ## Lint, formatting, types, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## Measure everything and renew docs/benchmarks.md
	$(BIN)/python -m bench

gallery: setup ## Draw every card, light and dark, wide and narrow, in .local/gallery
	$(BIN)/python -m scripts.gallery

texts: $(STAMPS)/python ## Collect the texts for translation and compile the catalogues
	$(BIN)/python -m scripts.texts collect
	$(BIN)/python -m scripts.texts compile

package: $(STAMPS)/python-run ## Build the Teams app and the connector (HOST= BOT_APP_ID= API_CLIENT_ID= TENANT_ID=)
	@test -n "$(HOST)" || { echo "Say for what: make package HOST=wijzer.CITY.be BOT_APP_ID=… API_CLIENT_ID=… TENANT_ID=…" >&2; exit 1; }
	$(BIN)/python -m scripts.package "$(HOST)" "$(BOT_APP_ID)" "$(API_CLIENT_ID)" "$(TENANT_ID)"

clean: ## Remove everything that was installed or made here; your data in .local stays
	rm -rf .venv node_modules .cache dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
	find locales -name '*.mo' -delete

# What has been set up has a stamp, newer than what it was made from. Python compiles a module when it is first used,
# and keeps that: compiling all of them takes longer than installing them.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --no-compile

$(STAMPS)/python-run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Wijzer needs Python 3.11, 3.12 or 3.13. Choose one: make run PYTHON=python3.13" >&2; exit 1; }
	@echo "Installing the Python packages (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@# These two are the local host's: its clock, which Azure has itself, and what the local tenant checks calls with
	@$(PIP) -r requirements.txt -c requirements-dev.txt croniter jsonschema
	@mkdir -p $(@D) && touch $@

$(STAMPS)/python: requirements-dev.txt $(STAMPS)/python-run
	@echo "Installing the Python packages for development (once)"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(STAMPS)/npm-run: package-lock.json
	@command -v npm >/dev/null || { echo "Wijzer's chats need Node.js 20 or newer, with npm" >&2; exit 1; }
	@echo "Installing the chats (once)"
	@npm ci --omit=dev --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $@

$(STAMPS)/npm: package-lock.json
	@command -v npm >/dev/null || { echo "Wijzer's chats need Node.js 20 or newer, with npm" >&2; exit 1; }
	@echo "Installing the npm packages (once)"
	@npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $(STAMPS)/npm-run $@

$(STAMPS)/texts: $(STAMPS)/python-run $(wildcard locales/*/LC_MESSAGES/*.po)
	@$(BIN)/python -m scripts.texts compile
	@touch $@

$(STAMPS)/functions-worker: tests/functions/worker-requirements.txt $(STAMPS)/python
	@echo "Installing Microsoft's Functions worker for the tests (once)"
	@$(PIP) --upgrade --target .cache/functions-worker --no-deps --ignore-requires-python -r $<
	@touch $@

$(STAMPS)/debian: scripts/debian.sh
	@scripts/debian.sh
	@mkdir -p $(@D) && touch $@
