# The commands of the project. Everything lives in this folder: Python packages in .venv, data in .data (CRM_DATA_DIR);
# nothing is installed into the system. The first command makes the environment, later ones reuse it.

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# Installs 190 packages in seconds where pip takes a minute.
UV_VERSION := 0.13.9
PYTHON ?= python3
# Test processes; 0 runs all tests in one. A file's tests stay together, so that what they share is made once.
WORKERS ?= 2
# Further arguments for pytest, such as TESTS=tests/sync/test_window.py
TESTS ?=

# `include.…` is imported from here, the Magento connection form from plugins/: Airflow's API server finds it only there.
export PYTHONPATH := $(CURDIR):$(CURDIR)/plugins$(if $(PYTHONPATH),:$(PYTHONPATH))
# Container images like to set this; without compiled modules each Airflow process takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE

# An option of a command, left out when its variable is empty.
option = $(if $(2),--$(1) '$(2)')

.DEFAULT_GOAL := help
.PHONY: help demo test up run report segment check bench dictionary migrate erase token suppress psql backup restore down environment requirements format clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(STAMP)  ## a simulated store becomes a warehouse, a report and a segment file, through Airflow
	@exec $(PY) -m include.orchestration.launch.demo

test: $(STAMP)  ## all tests: files of short ones, then whole journeys
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

up: $(STAMP)  ## Airflow with its UI on 127.0.0.1:8080 until Ctrl-C; CRM_UI_PORT= for another port
	@exec $(PY) -m include.orchestration.launch.up

run: $(STAMP)  ## the whole chain once; CHANNEL= ENTITY= narrow it, IDS= NUMBER= FROM= TO= FULL=1 DRY_RUN=1 say what to read
	@exec $(PY) -m include.orchestration.launch.run $(call option,channel,$(CHANNEL)) $(call option,entity,$(ENTITY)) \
		$(call option,ids,$(IDS)) $(call option,number,$(NUMBER)) $(call option,from,$(FROM)) $(call option,to,$(TO)) \
		$(if $(FULL),--full) $(if $(DRY_RUN),--dry-run)

report: $(STAMP)  ## a report as a table, with its definition: NAME= of it, ROWS= how many; without NAME= the list
	@exec $(PY) -m include.orchestration.launch.with_dotenv include.reports.show $(NAME) $(call option,rows,$(ROWS))

segment: $(STAMP)  ## a segment in words, its size and a masked sample: NAME= of it, ROWS= how many; without NAME= the list
	@exec $(PY) -m include.orchestration.launch.with_dotenv include.segments.show $(NAME) $(call option,rows,$(ROWS))

check: $(STAMP)  ## format, lint, types, spelling, contract tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/sqlfluff lint --processes 2 sql
	$(VENV)/bin/codespell
	$(PY) -m pytest -m contract

bench: $(STAMP)  ## the benchmarks; prints ratios
	@exec $(PY) -m benchmarks

erase: $(STAMP)  ## forget a person for good: asks for the e-mail, which no log, form or history sees
	@exec $(PY) -m include.orchestration.launch.erase

token: $(STAMP)  ## what the form of maintain_erase_person takes in place of an e-mail; asks for the e-mail
	@exec $(PY) -m include.orchestration.launch.erase --token

suppress: $(STAMP)  ## keep an address out of every export: asks for the e-mail; CHANNEL= narrows it, LIFT='why' takes it back
	@exec $(PY) -m include.orchestration.launch.suppress $(call option,channel,$(CHANNEL)) $(call option,lift,$(LIFT))

dictionary: $(STAMP)  ## write sql/DATA_DICTIONARY.md anew, from what declares the tables
	@exec $(PY) -m include.dictionary

migrate: $(STAMP)  ## bring the warehouse to this version's tables, as a login that owns them (sql/roles.sql)
	@exec $(PY) -m include.orchestration.launch.with_dotenv include.warehouse.migrate up

psql: $(STAMP)  ## a prompt on the warehouse
	@exec $(PY) -m include.orchestration.launch.with_dotenv include.warehouse.psql

backup: $(STAMP)  ## the warehouse and the key of its guests into a folder, TO= or one below the data folder
	@exec $(PY) -m include.orchestration.launch.with_dotenv include.warehouse.backup save $(if $(TO),'$(TO)')

restore: $(STAMP)  ## fill an empty warehouse FROM= such a folder; REPLACE=1 drops what is there
	@exec $(PY) -m include.orchestration.launch.with_dotenv include.warehouse.backup restore $(if $(FROM),'$(FROM)') $(if $(REPLACE),--replace)

down: $(STAMP)  ## stop the embedded PostgreSQL, which otherwise stays up between commands
	@exec $(PY) -m include.orchestration.launch.with_dotenv include.warehouse.server stop

environment: $(STAMP)  ## only make .venv

format: $(STAMP)  ## write the formatting that `make check` asks for
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

requirements: $(STAMP)  ## pin again what requirements.in and tests/requirements.in ask for
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt tests/requirements.in -o tests/requirements.txt

clean:  ## remove .venv and caches; the data folder stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find benchmarks dags include plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +

# One file for 3.11 to 3.13: markers where they differ. The header names this target, not the machine it ran on.
COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements"

# The stamp comes last: an interrupted installation is taken up again, a finished one only when the files change.
$(STAMP): requirements.txt tests/requirements.txt
	@$(VENV)/bin/uv --version >/dev/null 2>&1 || $(MAKE) --no-print-directory $(VENV)/bin/uv
	@echo "Installing packages into $(VENV) ..."
	@$(VENV)/bin/uv pip install --quiet --python $(PY) -r requirements.txt -r tests/requirements.txt
	@touch $@

.PHONY: $(VENV)/bin/uv
$(VENV)/bin/uv:
	@for python in $(PYTHON) python3.13 python3.12 python3.11; do \
	  if $$python -I -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; \
	  then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "No Python 3.11, 3.12 or 3.13 with its venv module was found; install one (on Debian also python3-venv)," \
	    "or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$found ..."; \
	$$found -I -m venv --clear $(VENV) && $(PY) -I -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
