# make predict: install the core and predict.   make test: install what the tests need and run them all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: predict test lint

predict: $(VENV)/.core
	$(BIN)/spikecast predict --surrogate sre --neuron lapicque

test: $(VENV)/.test
	$(BIN)/python -m pytest -m "not alone" -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder
	$(BIN)/python -m pytest -m alone

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(VENV)/.core: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -c constraints.txt -e .
	touch $@

$(VENV)/.test: $(VENV)/.core
	# Most of what comes is never imported: Python compiles what is.
	$(BIN)/pip install --quiet --no-compile -c constraints.txt -e '.[all]'
	touch $@
