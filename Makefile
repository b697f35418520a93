# Layerloom. `make` or `make help` lists what there is; scripts/bootstrap.py installs whatever a target needs.

PYTHON ?= python3
BIN := .venv/bin
BOOTSTRAP := $(PYTHON) scripts/bootstrap.py
NPM := $(BIN)/python scripts/frontend.py npm
# The tests start processes of their own: more workers would only get in each other's way.
WORKERS ?= 2

LOCK = $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(UPGRADE)
LOCK_RUN = --override requirements/tensorflow-cpu.override.txt pyproject.toml requirements/tensorflow-cpu.in

.DEFAULT_GOAL := help
.PHONY: help run test test-frontend test-python test-applications test-e2e lint lint-python lint-frontend lint-client format client \
	bench examples lock lock-bench clean

help: ## List the targets
	@echo 'Layerloom: draw Keras models, train them, watch them learn.'
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo '  make run PORT=9000 DATA=/path HOST=127.0.0.1    PYTHON=python3.12 names the Python to start with'

run: export LAYERLOOM_PORT := $(or $(PORT),$(LAYERLOOM_PORT))
run: export LAYERLOOM_HOST := $(or $(HOST),$(LAYERLOOM_HOST))
run: export LAYERLOOM_HOME := $(or $(DATA),$(LAYERLOOM_HOME))
run: ## Install what is missing, then start Layerloom on 127.0.0.1:8000
	@$(BOOTSTRAP) run
	@exec $(BIN)/layerloom serve

test: test-frontend test-python test-e2e ## Install what the tests need, then run all of them

test-frontend: ## Run the frontend's tests
	@$(BOOTSTRAP) test
	@$(NPM) test

test-python: ## Run the engine's and the server's tests
	@$(BOOTSTRAP) test
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --ignore tests/e2e

test-applications: ## Import, build and export every architecture of keras.applications: minutes, gigabytes
	@$(BOOTSTRAP) test
	@APPLICATIONS=all $(BIN)/pytest --verbose --durations 0 tests/engine/models/test_applications.py

test-e2e: ## Drive a real browser through the real server
	@$(BOOTSTRAP) test
	@$(BIN)/pytest tests/e2e

lint: lint-python lint-frontend lint-client ## Check style, types, the direction of imports and the generated client

lint-python:
	@$(BOOTSTRAP) lint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

lint-frontend:
	@$(BOOTSTRAP) lint
	@$(NPM) run lint
	@$(NPM) run check

lint-client:
	@$(BOOTSTRAP) lint
	@$(BIN)/layerloom openapi | cmp - frontend/src/api/openapi.json || \
		{ echo 'The API has changed: run `make client`, which writes the frontend'"'"'s client anew.' >&2; exit 1; }
	@$(NPM) run generate -- --check

format: ## Format everything, and mend what can be mended
	@$(BOOTSTRAP) lint
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(NPM) run format

client: ## Generate the frontend's client from the server's OpenAPI document
	@$(BOOTSTRAP) lint
	@$(BIN)/layerloom openapi > frontend/src/api/openapi.json
	@$(NPM) run generate

bench: ## Measure the budgets; the results go to benchmarks/results (BENCH='throughput --quick' chooses)
	@$(BOOTSTRAP) bench
	@$(BIN)/python -m benchmarks $(BENCH)

examples: ## Train the textbooks' first models over REST, and write docs/examples.md (EXAMPLES='imdb --epochs 2' tries one)
	@$(BOOTSTRAP) lint
	@$(BIN)/python -m examples $(EXAMPLES)

lock: ## Lock the dependencies anew (UPGRADE=--upgrade takes newer ones)
	@$(BOOTSTRAP) lint
	@$(LOCK) $(LOCK_RUN) --output-file requirements/run.txt
	@$(LOCK) $(LOCK_RUN) --extra test --extra lint --extra lock --constraint requirements/run.txt \
		--output-file requirements/dev.txt
	@$(LOCK) requirements/build.in --constraint requirements/dev.txt --output-file requirements/build.txt

lock-bench: ## Lock PyTorch for the benchmark anew (UV_FIND_LINKS or UV_EXTRA_INDEX_URL says where its CPU build is)
	@$(BOOTSTRAP) lint
	@$(subst make lock,make lock-bench,$(LOCK)) --no-emit-find-links requirements/bench.in --constraint requirements/dev.txt \
		--output-file requirements/bench.txt

clean: ## Delete what was installed and built; never the data
	@rm -rf .venv .make .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	@rm -rf frontend/node_modules server/static
