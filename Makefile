# `make help` says what there is. Needed: make and Python 3.11 or later; uv is used where it is on the path.

PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: demo test lint bench dashboards flame faults mutants help parts

demo: .venv/installed ## a simulated contact centre: within half a minute a breach is raised and resolved; Ctrl-C ends it
	$(BIN)/sla-stream demo

# Two modules at a time: most tests wait for sessions, joins and starts. Each half has a Kafka of its own.
test: parts lint ## lint, then every test, with a real Kafka, Prometheus, Alertmanager and Chromium
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: .venv/installed ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed ## how fast it is, here
	$(BIN)/python -m benchmarks

dashboards: .venv/installed ## write config/grafana/dashboards from the code
	$(BIN)/python -m dashboards

flame: parts ## flame graphs of a worker catching up, in build/flame
	$(BIN)/python -m benchmarks.flame

faults: parts ## twenty campaigns of calls with everything going wrong, and every count compared; half an hour
	$(BIN)/python -m tests.faults

mutants: parts ## take out one guard at a time and see its tests fail
	$(BIN)/python -m tests.mutants

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

# The programs that the tests start for real.
parts: .venv/installed
	$(BIN)/python -m tests.parts.install

# Written last, so that an environment half made is made again.
.venv/installed: requirements.lock pyproject.toml
	rm -rf .venv
ifdef UV
	uv venv --quiet --python '>=3.11' .venv
	uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	uv pip install --quiet --python $(BIN)/python --no-deps --editable .
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
endif
	touch $@
