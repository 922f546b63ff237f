# make demo, make test and make check each set up all they need; the machine has to have Python 3.11 or newer, pip and make.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
AWARDS ?= 200000
RECORDS ?= 1400000
LINES ?= 100000
SECONDS ?= 3600
PAYEES ?= 1000000
ROWS ?= 20000000

.PHONY: help demo test check bench bench-formats bench-reconcile bench-history fuzz format lock clean

help:
	@echo "make demo    close the golden month of March 2024 and write its documents to build/demo"
	@echo "make test    run the tests"
	@echo "make check   check style, types and SQL"
	@echo "make bench   measure a generated month (AWARDS=$(AWARDS))"
	@echo "make bench-formats  measure the readers and writers of bank files (RECORDS=$(RECORDS))"
	@echo "make bench-reconcile  measure crediting registers against payments (PAYEES=$(PAYEES)), and statements of many debits"
	@echo "make bench-history  measure looks into the past of a large book (ROWS=$(ROWS))"
	@echo "make fuzz    feed the readers what no bank would send (SECONDS=$(SECONDS))"
	@echo "make format  write the code in the house style"
	@echo "make lock    renew the pinned requirements"
	@echo "make clean   remove what was built here, the virtual environment included"

demo: $(VENV)/ready
	$(BIN)/python -m fixtures.golden_march_2024.demo build/demo

test: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n logical --dist worksteal

check: $(VENV)/ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint ledgers

bench: $(VENV)/ready
	$(BIN)/python bench/month.py --awards $(AWARDS)

bench-formats: $(VENV)/ready-dev
	$(BIN)/python bench/formats.py --records $(RECORDS) --lines $(LINES)

bench-reconcile: $(VENV)/ready-dev
	$(BIN)/python bench/reconcile.py --payees $(PAYEES)
	$(BIN)/python bench/statements.py --lines 10000

bench-history: $(VENV)/ready
	$(BIN)/python bench/history.py --rows $(ROWS)

fuzz: $(VENV)/ready-fuzz
	$(BIN)/python bench/fuzz.py all --seconds $(SECONDS)

format: $(VENV)/ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made once, and brought up to date when the requirements have changed.
$(VENV)/ready: requirements.txt pyproject.toml
	@./.ci/environment $(VENV) requirements.txt
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt pyproject.toml
	@./.ci/environment $(VENV) requirements-dev.txt
	@touch $@ $(VENV)/ready

$(VENV)/ready-fuzz: requirements-fuzz.txt pyproject.toml
	@./.ci/environment $(VENV) requirements-fuzz.txt
	@touch $@

# The locks name no index: whichever one pip is set to use must offer files with these hashes.
LOCK := pip-compile --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header --no-emit-index-url \
	--no-emit-trusted-host --no-emit-find-links --quiet --extra build

lock: $(VENV)/ready-dev
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/$(LOCK) --output-file requirements.txt pyproject.toml
	$(BIN)/$(LOCK) --extra dev --output-file requirements-dev.txt pyproject.toml
	$(BIN)/$(LOCK) --extra fuzz --output-file requirements-fuzz.txt pyproject.toml
