# make demo   shows completions on a small example package, as an editor would
# make test   runs linters, type checker, import contracts and all tests
# Both set up a virtual environment of their own first (.venv), with progress while llama.cpp compiles.

SHELL := /bin/bash -o pipefail
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Extra parts to install: "train" brings PyTorch, and with it the tests of models/training.
EXTRAS ?=
# How many test files run at a time; each has servers and engines of its own.
TEST_JOBS ?= 2
# Passed to llama.cpp's build; for a GPU: make demo CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_CUDA=ON"
export CMAKE_ARGS ?= -DLLAVA_BUILD=OFF
# llama.cpp's code for Intel's AMX ends the process in the first request (ggml-org/llama.cpp issue 20824): leave it out.
NO_AMX := $(shell $(CC) -mno-amx-int8 -E -x c /dev/null >/dev/null 2>&1 && echo -mno-amx-int8)
export CFLAGS += $(NO_AMX)
export CXXFLAGS += $(NO_AMX)
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test lint clean

help:
	@sed -n 's/^# make/make/p' Makefile

demo: $(VENV)/.ready
	@$(BIN)/python -P -E -m codenook demo

test: $(VENV)/.ready-dev$(if $(EXTRAS),-$(EXTRAS)) lint
	$(BIN)/python -P -m pytest -n $(TEST_JOBS) --dist loadfile $(PYTEST_ARGS)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.llama: constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("codenook needs Python 3.11 or later: make PYTHON=python3.11 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@echo "llama.cpp: compiling, about 10 minutes on two cores (log: $(VENV)/llama.log)"
	@$(PIP) install -v -c constraints.txt llama-cpp-python 2>&1 | tee $(VENV)/llama.log | $(PYTHON) tools/build_progress.py \
		|| { tail -n 30 $(VENV)/llama.log; echo "llama.cpp could not be compiled; the whole log is $(VENV)/llama.log"; exit 1; }
	@touch $@

$(VENV)/.ready: $(VENV)/.llama pyproject.toml
	@echo "codenook: installing"
	@$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@echo "codenook: installing what the tests need"
	@$(PIP) install -q -c constraints.txt -e ".[dev]"
	@touch $@

$(VENV)/.ready-dev-%: $(VENV)/.ready-dev
	@echo "codenook: installing the part '$*'"
	@$(PIP) install -q -c constraints.txt -e ".[dev,$*]"
	@touch $@
