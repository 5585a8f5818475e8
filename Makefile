# The two standing promises: `make demo` and `make test` set up what they need and work on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp

.PHONY: demo test lint bench docs clean

demo: $(STAMP)-base
	$(BIN)/pipekeras examples/digits.pk

test: $(STAMP)-test
	$(BIN)/python -m pytest

lint: $(STAMP)-lint
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP)-bench
	$(BIN)/python -m benchmarks

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP)-base: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(STAMP)-test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(STAMP)-lint: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lint]'
	@touch $@

# Peers are compared where they can be installed; the benchmark says which are missing.
$(STAMP)-bench: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]' \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
