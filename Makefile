# Everything a newcomer runs; each target does its own set-up.
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin

.PHONY: setup demo test lint bench chaos pins

setup: .venv/ready

.venv/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	@exec $(BIN)/mingbai demo --port $(PORT)

test: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal --durations=15

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

# 100 random kill -9 over 100,000 deliveries on both stores, or on one: make chaos STORE=sqlite.
# docs/chaos.md tells what it needs.
chaos: setup
	$(BIN)/python benchmarks/chaos.py $(if $(STORE),--store $(STORE))

# Renews the pinned versions; needs uv.
pins:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade requirements/dev.in -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements/dev.txt requirements/runtime.in -o requirements/runtime.txt
