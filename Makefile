# Each target does all the set-up that it needs; what is already there is not done again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TORCH ?= torch
SERVE ?= 1

.PHONY: demo test test-services setup assets serve lint clean

demo: setup ## Generate a shop, assess it, and serve the result at http://127.0.0.1:8000
	@$(BIN)/python manage.py migrate --verbosity 0
	@GOVERN_LOG_LEVEL=$${GOVERN_LOG_LEVEL:-WARNING} $(BIN)/python manage.py demo $(if $(filter 0,$(SERVE)),--no-serve,)

test: setup ## Lint, types, import rules, migrations and all tests
	@echo "test: style"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@echo "test: import rules"
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@echo "test: migrations and system checks"
	@$(BIN)/python manage.py makemigrations --check --dry-run && $(BIN)/python manage.py check
	@echo "test: types"
	@$(BIN)/mypy
	@echo "test: tests"
	@$(BIN)/python -m pytest -n 3 --dist loadfile

test-services: setup ## The tests that touch a database, a broker or Spark, on PostgreSQL and Redis where they answer
	@$(BIN)/python -c 'import pyspark' 2>/dev/null || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,spark]'
	@$(BIN)/python tests/services.py

setup: $(READY) assets ## A virtual environment in .venv with the pinned packages, and the front-end assets

$(READY): pyproject.toml constraints.txt
	@echo "setup: creating the virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Govern needs Python 3.11 or later; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@echo "setup: installing PyTorch (the largest package; a few minutes on a slow line)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $(TORCH)
	@echo "setup: installing the other packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $(READY)

assets: $(READY)
	@$(BIN)/python -m govern_app.assets

serve: setup ## Serve what is in GOVERN_HOME, with a worker beside it
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py serve

lint: setup ## Mend what ruff can mend
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

clean: ## Remove the environment and all that was built, but not the data in var/
	rm -rf $(VENV) node_modules static/vendor staticfiles
