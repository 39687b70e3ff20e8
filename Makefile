# make demo    landmarks on a real photograph, in minutes       make test    the whole test suite
# make lint    ruff                                             make env     only set .venv up
# Each first creates .venv, or brings it up to date; that takes a moment when nothing changed.
PYTHON ?= $(or $(wildcard .venv/bin/python),python3)
RUN := .venv/bin/python

.PHONY: demo test lint env clean
demo: env
	@$(RUN) tools/misc/demo.py $(ARGS)

test: env
	@$(RUN) -m pytest $(ARGS)

lint: env
	@$(RUN) -m ruff check .

env:
	@$(PYTHON) tools/misc/bootstrap.py

clean:
	rm -rf build dist *.egg-info work_dirs .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
