# make predict: install the core and predict.   make test: install what the tests need and run them all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What was compiled once is kept, wherever the machine would not: every process of the tests would compile torch anew.
unexport PYTHONDONTWRITEBYTECODE
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.PHONY: predict test lint

predict: $(VENV)/.core
	$(BIN)/spikecast predict --surrogate sre --neuron lapicque

# As many processes as cores: threads of theirs would only be in each other's way.
test: $(VENV)/.test
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(VENV)/.core: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	# Most of what comes is never imported: Python compiles what is.
	$(BIN)/pip install --quiet --no-compile -c constraints.txt -e .
	touch $@

$(VENV)/.test: pyproject.toml constraints.txt
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-compile -c constraints.txt -e '.[all]'
	# The core is part of it.
	touch $(VENV)/.core $@
