# The two standing promises: `make demo` and `make test` set up what they need and work on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp

.PHONY: demo test lint typed-tree bench clean

demo: $(STAMP)-base
	$(BIN)/pipekeras examples/digits.pk

test: $(STAMP)-test
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(STAMP)-lint typed-tree
	$(BIN)/ruff check .
	cd build/typed && ../../$(BIN)/mypy --config-file ../../pyproject.toml

# The type checker sees the three packages as they are installed: grammar/ and repl/ under pipekeras/.
typed-tree:
	rm -rf build/typed && mkdir -p build/typed/pipekeras
	cd build/typed/pipekeras && ln -s ../../../pipekeras/* ../../../grammar ../../../repl .

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
