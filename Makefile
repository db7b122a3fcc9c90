# Everything runs in a virtual environment of its own: a system Python may refuse to install.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= reports/office
# Whom the report is for; the project file in data/office says it otherwise.
ME ?=
# Two workers: results do not depend on it.
WORKERS ?= 2

.PHONY: report test lint nightly bench data clean

report: $(VENV)/installed
	$(BIN)/netanalytics report data/office $(if $(ME),--me $(ME)) --out $(OUT)
	$(BIN)/netanalytics report data/office --group --out $(OUT)/group
	@echo "Open $(OUT)/index.html and $(OUT)/group/index.html"

# A file's tests stay together, so that what they share is made once; each worker has a core, and
# linear algebra on more threads than cores would only make them wait for one another.
test: export OPENBLAS_NUM_THREADS = 1
test: $(VENV)/developing lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope

lint: $(VENV)/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

nightly: $(VENV)/developing
	$(BIN)/python -m pytest -m nightly

bench: $(VENV)/developing
	$(BIN)/python -m pip install --quiet ".[bench]"
	$(BIN)/python -m benchmarks.measures

data: $(VENV)/installed
	$(BIN)/python -m netanalytics.datasets data/office --seed 7

clean:
	rm -rf $(VENV) build dist reports/office

$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@
