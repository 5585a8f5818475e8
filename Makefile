# The two standing promises: `make demo` and `make test` set up what they need and work on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
PEERS := .venv-peers

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

bench: $(PEERS)/.stamp
	$(PEERS)/bin/python -m benchmarks

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

# The peers have an environment of their own: they pin versions that nothing else needs. Those that cannot be installed are
# left out, and the benchmark says which.
$(PEERS)/.stamp: pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	for peer in keras jax torch tensorflow-cpu; do \
	  $(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check $$peer || true; done
	@touch $@

clean:
	rm -rf $(VENV) $(PEERS) build *.egg-info
