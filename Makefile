# make demo    landmarks on a photograph in a minute, then training on drawn faces
# make test    the whole test suite             make lint    ruff             make env    only set .venv up
# Each first creates .venv, or brings it up to date; that takes a moment when nothing changed.
PYTHON ?= $(or $(wildcard .venv/bin/python),python3)
RUN := .venv/bin/python
BOOTSTRAP = $(PYTHON) tools/misc/bootstrap.py

.PHONY: demo test lint env clean
demo:
	@echo 'make demo: 1. landmarks on a photograph (a minute or two the first time)'
	@echo '           2. what training needs (10 to 20 minutes the first time)'
	@echo '           3. training on drawn faces (about 5 minutes on 2 cores)'
	@$(BOOTSTRAP) --until light
	@PYTHONPATH=. $(RUN) tools/misc/demo.py --step photograph $(ARGS)
	@$(BOOTSTRAP)
	@$(RUN) tools/misc/demo.py --step training $(ARGS)

test:
	@echo 'make test: 1. sets .venv up (10 to 20 minutes the first time, most of it compiling mmcv)'
	@echo '           2. runs the whole test suite, a process for each core'
	@$(BOOTSTRAP)
	@$(RUN) -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

lint: env
	@$(RUN) -m ruff check .

env:
	@$(BOOTSTRAP)

clean:
	rm -rf build dist *.egg-info work_dirs .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
