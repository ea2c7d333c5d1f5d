# make run    sets everything up, starts the app and prints its address
# make test   sets everything up, then lint, types, layering and all tests

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# First and by exact version, so that a machine with a CPU build at hand takes that one.
TORCH := 2.13.0
WORKERS ?= 2

.PHONY: run test lint install system clean

run: $(VENV)/.installed system
	@$(BIN)/songloom serve

install: $(VENV)/.installed system

test: export OMP_NUM_THREADS ?= 1
test: $(VENV)/.installed-test
	@sh tools/system_packages.sh test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layering.py

system:
	@sh tools/system_packages.sh run

$(VENV)/.torch:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    { echo "Songloom needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv)."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --progress-bar off -q torch==$(TORCH)
	@touch $@

$(VENV)/.installed: $(VENV)/.torch pyproject.toml
	$(PIP) install --progress-bar off -q -e .
	$(BIN)/python -m core.audio.compiled
	@touch $@

$(VENV)/.installed-test: $(VENV)/.torch pyproject.toml
	$(PIP) install --progress-bar off -q -e '.[test]'
	$(BIN)/python -m core.audio.compiled
	@touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache
