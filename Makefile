# The two commands are `make run` and `make test`. Everything else serves them; all of it may be run again at no cost.
# Variables: PYTHON (3.11 to 3.13; the first that fits), VENV (.venv), JOBS (3): tests at the same time.

.SILENT:
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run test sandbox sandbox-test test-models system-run system-test lint types unit bench clean

PYTHON ?=
VENV ?= .venv
JOBS ?= 3
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(notdir $(PYTHON))
READY_TEST := $(VENV)/.ready-test-$(notdir $(PYTHON))
TEST_MODELS := starter small tiny embedder

# Only the program itself may read standard input and write to standard output: `echo question | make run` is a pipe.
ASIDE := </dev/null >&2

help:
	echo 'make run           install what is missing, fetch the starter model, open the window'
	echo '                   (without a display: chat in the terminal; from a pipe: answer and end)'
	echo 'make test          install what is missing, then lint, type check, import contracts and all tests'
	echo 'make lint | types | unit      one of these alone'
	echo 'make sandbox       build the Python that the model runs code in, when it is missing'
	echo 'make test-models   fetch the models that the tests use'
	echo 'make bench         run the benchmarks'
	echo 'make clean         remove the environment and caches; models and conversations stay'

run: $(READY)
	$(BIN)/python packaging/sandbox/build.py $(ASIDE) || true # without it, running Python is off, and says so
	$(BIN)/desktop-agent models pull --quiet starter embedder $(ASIDE)
	exec $(BIN)/desktop-agent

test: test-models lint types unit

system-run system-test: system-%:
	sh packaging/system-packages.sh $* '$(VENV)' '$(PYTHON)' $(ASIDE)

$(READY): pyproject.toml | system-run
	sh packaging/environment.sh run '$(VENV)' '$(PYTHON)' $(ASIDE)
	touch $@

$(READY_TEST): pyproject.toml | system-test
	sh packaging/environment.sh test '$(VENV)' '$(PYTHON)' $(ASIDE)
	touch $@ $(READY)

sandbox: $(READY)
	$(BIN)/python packaging/sandbox/build.py $(ASIDE)

sandbox-test: $(READY_TEST)
	$(BIN)/python packaging/sandbox/build.py $(ASIDE)

test-models: $(READY_TEST)
	$(BIN)/desktop-agent models pull --quiet $(TEST_MODELS) $(ASIDE)

lint: $(READY_TEST)
	$(BIN)/ruff check . </dev/null
	$(BIN)/ruff format --check . </dev/null
	$(BIN)/lint-imports </dev/null

types: $(READY_TEST)
	$(BIN)/mypy </dev/null

unit: test-models sandbox-test
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile </dev/null

bench: test-models sandbox-test
	set -- $(wildcard tests/benchmarks/*.py); \
	[ $$# -gt 0 ] || echo 'There are no benchmarks yet.'; \
	for script; do $(BIN)/python "$$script" </dev/null || exit 1; done

clean:
	[ ! -e '$(VENV)/pyvenv.cfg' ] || rm -rf '$(VENV)'
	rm -rf build dist *.egg-info .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +
