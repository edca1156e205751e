# `make run` sets everything up and starts it; `make test` sets everything up and passes the tests.
# Settings can follow the word: make run PORT=8001. Needs Python 3.11 or newer with venv, make and git.

PYTHON ?= python3
VENV := .venv
IN_VENV := $(VENV)/bin/python
PIP := $(IN_VENV) -m pip --quiet --disable-pip-version-check
N ?= 100000
PART ?=
KILLS ?= 200
CONVERSATIONS ?= 5000
SEED ?= 7
ROUNDS ?= 1
OUTAGE ?= 60

.PHONY: run test bench soak clean

run: $(VENV)/.runs
	@$(IN_VENV) manage.py run

test: $(VENV)/.tests
	@$(IN_VENV) -m tests

bench: $(VENV)/.tests
	@$(IN_VENV) -m tests.bench $(N) $(PART)

soak: $(VENV)/.tests
	@SOAK_KILLS=$(KILLS) SOAK_CONVERSATIONS=$(CONVERSATIONS) SOAK_SEED=$(SEED) STORM_ROUNDS=$(ROUNDS) STORM_OUTAGE=$(OUTAGE) \
		$(IN_VENV) -m tests -s -m slow tests/interactions/ingest/test_proof.py tests/interactions/ingest/test_storm.py

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Readback needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing). Name one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "'$(PYTHON)' has no venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(IN_VENV) -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	@touch $@

$(VENV)/.runs: requirements.txt $(VENV)/.made
	@echo "Installing what Readback needs; the first time takes about a minute"
	@$(PIP) install --requirement requirements.txt
	@touch $@

# Dependency groups need pip 25.1; what a venv brings may be older.
$(VENV)/.tests: pyproject.toml $(VENV)/.runs
	@echo "Installing what the tests need"
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --group dev
	@touch $@

clean:
	rm -rf $(VENV)
