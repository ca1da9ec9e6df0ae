# One command each; quiet, and nothing is done twice. `make run` is what a newcomer needs, `make test` what a developer needs.
.DEFAULT_GOAL := help
.PHONY: help run test lint types bench bench-linkage bench-linkage-quality fuzz dev clean lock
SHELL := /bin/sh

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AS_OF := 2026-10-01
export DAGSTER_HOME := $(CURDIR)
export PADAN_INBOX ?= $(CURDIR)/data_samples/inbox
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/$(VENV)/pycache

help:
	@printf '%s\n' \
	  'make run    run the whole job on the sample inbox: database, map and report' \
	  'make test   run all tests (make lint, make types: the rest of the checks)' \
	  'make dev    open the Dagster UI on http://127.0.0.1:3000' \
	  'make bench  time the job at a larger scale' \
	  'make fuzz   give each parser damaged input, SECONDS=600 each' \
	  'make bench-linkage  linkage against Splink and recordlinkage, at three sizes' \
	  'make bench-linkage-quality  how good the links are, over seeds and damage' \
	  'make clean  remove everything that these commands made'

run: $(VENV)/.installed
	@$(BIN)/padan run

dev: $(VENV)/.installed
	@mkdir -p .dagster && $(BIN)/dagster dev --module-name pipelines.definitions --host 127.0.0.1 --port 3000

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -n 3 --no-loadscope-reorder  # one more than the two processors: many tests wait for the disk

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.whole_job

# Minutes at the smallest size, an hour at all three; goes on where it stopped. PEOPLE="200000" measures that size alone.
bench-linkage: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.linkage $(if $(PEOPLE),--people $(PEOPLE))

# Links against the truth over seeds, damage and strata; intervals; what each idea adds. Goes on where it stopped.
bench-linkage-quality: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.linkage_quality $(if $(ONLY),--only $(ONLY))

# Ten minutes for each of fifteen parsers; what went wrong is kept in build/fuzz with its input. ONLY="dates,xlsx" takes these alone.
fuzz: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.fuzz --seconds $(or $(SECONDS),600) $(if $(ONLY),--only $(ONLY))

clean:
	@rm -rf $(VENV) .padan .dagster .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info

# The exact versions of everything, from a fresh environment; names no index and no host.
lock:
	@rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet '.[dev]' \
	  && { echo '# Exact versions for pip install -c requirements.lock; made by `make lock`.'; \
	       build/lock/bin/python -m pip freeze --exclude padan --exclude pip --exclude setuptools; } > requirements.lock \
	  && rm -rf build

$(VENV)/.installed: pyproject.toml requirements.lock
	@scripts/install $(VENV) $(PYTHON)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@scripts/install $(VENV) $(PYTHON) dev
	@touch $@
