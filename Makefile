# All that a person or a CI does here. `make help` lists it.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
export PORT ?= 8000
SEEDS ?= 1000
STEPS ?= 100
FIRST ?= 1
NUMBER ?= +22370000001
# What is pinned must not be shadowed by packages of the caller's own.
unexport PYTHONHOME PYTHONPATH

.PHONY: run demo dial test test-worlds test-rest check bench simulate help

run: $(STAMP)  ## Serve on 127.0.0.1:$PORT (8000; `make run PORT=9000`) with everything around it, until Ctrl-C
	@exec $(BIN)/python -m sandbox run --with-parent

demo: $(STAMP)  ## Play the main job on a private world: three citizens, their screens and their SMS
	@exec $(BIN)/python -m sandbox demo

dial: $(STAMP)  ## Dial the running sandbox (`make dial NUMBER=+22370000011`: a wallet that refuses)
	@test -f "$${SARALI_HOME:-.sarali}/environment" \
		|| { echo "Nothing is running here: start it with make run" >&2; exit 1; }
	@set -a; . "$$(realpath "$${SARALI_HOME:-.sarali}")/environment"; exec $(BIN)/flask --app wsgi dial --number $(NUMBER)

# The worlds of many processes mostly wait: one after the other, beside all the other tests, and
# what they print comes last.
WORLDS := tests/chaos tests/e2e

test: check  ## All that CI runs: the checks, then every test
	@$(MAKE) --jobs=2 --keep-going test-worlds test-rest

test-worlds:
	@$(BIN)/python -m pytest $(WORLDS) > .worlds.log 2>&1; ended=$$?; cat .worlds.log; exit $$ended

test-rest:
	$(BIN)/python -m pytest $(WORLDS:%=--ignore=%)

check: $(STAMP)  ## Style, types, import rules, and every screen in every language
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m ussd_app menus --languages fr,bm,ff,ses,en > /dev/null
	$(BIN)/python -m ussd_app menus --production > /dev/null

bench: $(STAMP)  ## Measure speed, as ratios inside one run: turns, payments, growth to a million of them, memory
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.dialects
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.payments
	$(BIN)/python -m benchmarks.history

simulate: $(STAMP)  ## Play SEEDS seeds of trouble (1000; `make simulate SEEDS=50 STEPS=200 FIRST=1`), and say what was survived
	SIMULATE_SEEDS=$(SEEDS) SIMULATE_STEPS=$(STEPS) SIMULATE_FIRST=$(FIRST) \
		$(BIN)/python -m pytest tests/simulation/test_simulation.py -q -s -k no_seed --log-level=CRITICAL

help:  ## Show this list
	@sed -nE 's/^([a-z]+):.*  ## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

$(STAMP): requirements-dev.txt requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Sarali needs Python 3.11 or newer, as in: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing the pinned packages in .venv (once)..." >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@
