# Two commands matter: `make run` and `make test`. Both need only Python 3.11+ and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
STAMP  := $(VENV)/.installed

.PHONY: help run test check fmt bench setup audit lock clean

help:
	@echo "make run     set up everything and start a demo insurer (web + worker)"
	@echo "make test    set up everything and run the tests"
	@echo "make check   formatting, lint, types, borders, translations"
	@echo "make fmt     format the code"
	@echo "make audit   ask the registries whether a dependency has a known weakness (needs the network)"
	@echo "make bench   measure what is promised about speed (docs/benchmarks.md)"

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(STAMP): $(UV) requirements/dev.lock pyproject.toml
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $(STAMP)

setup: $(STAMP)
	@$(BIN)/python tools/vendor_assets.py
	@$(BIN)/python tools/messages.py compile

run: setup
	@$(BIN)/anxin run --demo

test: setup
	@$(BIN)/python tools/browser.py
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python tools/messages.py check
	PYTHONPATH=src:tests $(BIN)/lint-imports
	$(BIN)/mypy

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

audit: setup
	@$(BIN)/python tools/audit.py

bench: setup
	@$(BIN)/python -m benchmarks

lock: $(UV)
	$(UV) pip compile --quiet pyproject.toml --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url -o requirements/run.lock
	$(UV) pip compile --quiet pyproject.toml --group dev --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url -o requirements/dev.lock

clean:
	rm -rf $(VENV) node_modules var
