# Two commands matter: `make run` and `make test`. Both need only Python 3.11+ and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
# Where Python is told to keep nothing compiled, each of the tests' processes would compile the whole product again.
export PYTHONDONTWRITEBYTECODE :=
STAMP  := $(VENV)/.installed

.PHONY: help run test check check-rules check-types fmt bench setup audit lock clean

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

# Three processes on two cores: tests of killed workers and of browsers wait more than they work.
test: setup
	@$(BIN)/python tools/browser.py
	@$(BIN)/python -m compileall -q -j 2 src
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# What needs no database and judges the whole tree in seconds; the rest of tests/architecture runs with the tests.
QUICK_RULES := tests/architecture/test_code_rules.py tests/architecture/test_models.py \
	tests/architecture/test_personal_data_register.py tests/architecture/test_audit.py \
	tests/architecture/test_holdings.py tests/architecture/test_merge_rules.py \
	tests/architecture/test_permission_table.py::test_every_address_has_exactly_one_row_and_every_row_an_address \
	tests/architecture/test_permission_table.py::test_every_row_says_what_the_code_says \
	tests/architecture/test_permission_table.py::test_every_page_of_ours_declares_its_permission \
	tests/architecture/test_permission_table.py::test_every_permission_in_the_table_exists

# Two cores: the types take as long as all the rest.
check: setup
	@$(MAKE) --no-print-directory -j 2 check-rules check-types

check-rules:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -q -p no:randomly $(QUICK_RULES)
	$(BIN)/python tools/messages.py check
	PYTHONPATH=src:tests $(BIN)/lint-imports

check-types:
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
