# `make run` and `make test` are all one needs; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv/bin
WITH_SERVICES := $(VENV)/python -m ij8.embedded.services up --profile
# compiled once instead of at each start of each process, which costs seconds where this is set
unexport PYTHONDONTWRITEBYTECODE
BOOTSTRAP_TEST := $(PYTHON) -m ij8.embedded.bootstrap --group test

.PHONY: help run test test-live proof lint bench chaos build services lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

run: ## the demo: installs what is missing, starts everything, prints the address (IJ8_PORT, 8008)
	@exec $(PYTHON) -m ij8.embedded.bootstrap --run

test: ## what CI runs; ARGS="-k name" narrows it
	@$(BOOTSTRAP_TEST)
	@$(VENV)/python -m ij8.embedded.browser
	@exec $(WITH_SERVICES) test -- $(VENV)/python -m pytest $(ARGS)

test-live: ## asks the real providers whose keys are in the environment (GEMINI_API_KEY, OPENAI_API_KEY, …)
	@$(BOOTSTRAP_TEST)
	@IJ8_LIVE=1 $(WITH_SERVICES) test -- $(VENV)/python -m pytest tests/live -n 0 -rs $(ARGS)

proof: ## every corpus whole: chaos, fuzz, hostile input, determinism, themes and widths
	@$(BOOTSTRAP_TEST)
	@$(VENV)/python -m ij8.embedded.browser
	@IJ8_PROOF=1 $(WITH_SERVICES) test -- $(VENV)/python -m pytest $(ARGS)
	@$(MAKE) --no-print-directory chaos
	@$(MAKE) --no-print-directory chaos ARGS="--server comfy"

lint: ## style, types and layers
	@$(BOOTSTRAP_TEST)
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports

bench: ## the figures for speed and memory, one JSON line each
	@$(BOOTSTRAP_TEST)
	@exec $(WITH_SERVICES) bench -- $(VENV)/python -m tests.bench $(ARGS)

chaos: ## kills and cancels under load, one JSON line per figure
	@$(BOOTSTRAP_TEST)
	@exec $(VENV)/python -m tests.chaos $(ARGS)

build: ## install the packages and build the front end
	@$(PYTHON) -m ij8.embedded.bootstrap

services: ## a database and a Redis for tests by hand; prints their addresses, Ctrl-C ends them
	@$(BOOTSTRAP_TEST)
	@exec $(WITH_SERVICES) test

lock: ## make the hashed locks in requirements/ from their .in files (names, versions and hashes only)
	@for group in core s3 sentry test node uv; do \
	  $(VENV)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --quiet requirements/$$group.in -o requirements/$$group.txt || exit 1; done

clean: ## remove what was installed, built and stored, the demo's data too
	@$(PYTHON) -m ij8.embedded.clean
