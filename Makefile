# Everything runs in .venv, made from the lock files on first use. `make` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
MEMBERS := router local $(patsubst %/,%,$(dir $(wildcard subgraphs/*/pyproject.toml)))
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
           --no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help setup up down test check format compose proto lock bench fuzz

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv from the lock files (every other target does it when needed)

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "The venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the locked packages into .venv ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

up: $(STAMP) ## Start the whole platform at http://localhost:8080/graphql (Ctrl-C stops it)
	@exec $(BIN)/python -m local up

down: $(STAMP) ## Stop a platform that was started in the background
	@$(BIN)/python -m local down

test: $(STAMP) ## Run every test
	@$(BIN)/python -m pytest -q

check: $(STAMP) ## Lint, types, import contracts, sizes, generated files up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

format: $(STAMP) ## Format the code and fix what can be fixed
	@$(BIN)/ruff check -q --fix . || true
	@$(BIN)/ruff format .

compose: $(STAMP) ## supergraph.yaml -> supergraph.graphql, or what is wrong
	@$(BIN)/python -m router compose --config supergraph.yaml --output supergraph.graphql

proto: $(STAMP) ## Generate the gRPC stubs beside their contracts
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m grpc_tools.protoc -I . --python_out=. --grpc_python_out=. \
	  --mypy_out=. --mypy_grpc_out=. $(sort $(wildcard proto/*/v1/*.proto))

lock: $(STAMP) ## Resolve every pyproject.toml into its lock file (versions and hashes)
	@$(COMPILE) pyproject.toml $(MEMBERS:%=%/pyproject.toml) --group dev -o requirements-dev.lock
	@for member in $(MEMBERS); do \
	  $(COMPILE) $$member/pyproject.toml -c requirements-dev.lock -o $$member/requirements.lock; \
	done

bench: $(STAMP) ## Measure the composer and the router (see benchmarks/)
	@$(BIN)/python -m benchmarks.compose
	@$(BIN)/python -m benchmarks.router

fuzz: $(STAMP) ## Differential and fuzz tests without end, side by side; the first failure ends it
	@FUZZ=1 $(BIN)/python -m pytest -q -x -n 8 --maxschedchunk 1 tests/properties
