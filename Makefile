# Two commands do everything on a fresh machine: `make chat` and `make test`.
PYTHON ?= python3
LIBRARY ?= assistant/sample
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -qq -c constraints.txt

.PHONY: chat test check format evaluate benchmark faults fuzz clean

chat: $(VENV)/.installed  ## Ask the sample library, or your own: make chat LIBRARY=PATH
	@$(BIN)/youju chat "$(LIBRARY)" $(ARGS)

test: $(VENV)/.tested-with  ## All tests; browser tests are skipped where there is no Chromium
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

check: $(VENV)/.tested-with  ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.tested-with
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

evaluate: $(VENV)/.installed  ## Retrieval, answers and refusals on public questions
	$(BIN)/python -m assistant.evaluation.run $(ARGS)

benchmark: $(VENV)/.installed  ## Ratios against plain baselines, in one run
	$(BIN)/python -m assistant.evaluation.benchmark $(ARGS)

faults: $(VENV)/.tested-with  ## Every fault at every step of every kind of update: a quarter of an hour
	YOUJU_FAULTS=all $(BIN)/pytest tests/index/faults -s $(ARGS)

fuzz: $(VENV)/.fuzzed-with  ## Random files for the readers, a minute each: make fuzz ARGS="docx html --seconds 600"
	$(BIN)/python -m tests.fuzz.readers $(ARGS)

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .fuzz

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing into $(VENV): a few minutes, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check -q --upgrade pip
	@$(PIP) -e .
	@touch $@

$(VENV)/.tested-with: $(VENV)/.installed
	@$(PIP) -e '.[dev]'
	@touch $@

$(VENV)/.fuzzed-with: $(VENV)/.tested-with
	@$(PIP) -e '.[dev,fuzz]'
	@touch $@
