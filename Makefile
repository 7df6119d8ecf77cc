# `make` lists the targets. Nothing is needed but Python 3.11 or later with its venv module.

PYTHON ?= python3
PIP = -m pip --disable-pip-version-check --quiet install
VENV = .venv
BIN = $(VENV)/bin

# The demonstration's own environment and what it writes.
DEMO = demo-out
DEDUP = $(DEMO)/.venv/bin/dedup

.DEFAULT_GOAL = help
.PHONY: help venv tools test test-reference test-real test-hooks test-recipes lint types lexicons schema build check-build demo bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# Says what is missing in one line, before pip says it in many.
define need_python
@$(PYTHON) -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' || \
  { echo "Python 3.11 or later with venv is needed: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
endef

venv: $(VENV)/.installed ## Make .venv with the package and what its development needs

# The kernel is compiled anew where its source changed.
KERNEL = setup.py $(wildcard kernel/*)

$(VENV)/.installed: pyproject.toml $(KERNEL)
	$(need_python)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python $(PIP) -e '.[dev]'
	@touch $@

tools: ## Install the tools of other makers that tests compare with; without them these tests skip
	cd tests/tools && npm install --silent --no-audit --no-fund --no-package-lock

test: venv ## Run the tests
	$(BIN)/python -m pytest -n auto -m 'not real and not hooks and not recipes'

test-reference: venv ## Run the tests without the compiled kernel
	DEDUP_KERNEL=reference $(BIN)/python -m pytest -n auto -m 'not real and not hooks and not recipes'

test-real: venv ## Run the tests on real text; they skip themselves where it is absent
	@$(BIN)/python -m pytest -m 'real and not hooks' -rs; status=$$?; test $$status -eq 0 -o $$status -eq 5  # 5: there are none

test-hooks: venv ## Install the hooks with pre-commit in real repositories and commit through them
	$(BIN)/python -m pytest -m hooks -rs

test-recipes: venv ## Run the recipes of docs/ingestion.md that need Prefect, which is installed for it
	$(BIN)/python $(PIP) -e '.[dev,recipes]'
	@$(BIN)/python -m pytest -m recipes -rs

lint: venv ## Check formatting and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: venv ## Check the types
	$(BIN)/mypy

lexicons: venv ## Write the word lists of dedup/decide/lexicons anew from CLDR
	$(BIN)/python -m dedup.decide.lexicon_build

schema: venv ## Write docs/dedup.schema.json anew, for editors of dedup.toml
	$(BIN)/python -m dedup.config.schema > docs/dedup.schema.json

build: venv ## Build wheel and source distribution into dist/
	rm -rf dist
	$(BIN)/python -m build

# The wheel holds the kernel if there is a compiler; the source is installed as where there is none.
check-build: build ## Install both in fresh environments outside the checkout and run them there
	@set -eu; for package in "$$PWD"/dist/*.whl "$$PWD"/dist/*.tar.gz; do \
	  case "$$package" in *.whl) compiler=$${CC:-cc} ;; *) compiler=/nowhere/cc ;; esac; \
	  if command -v "$$compiler" > /dev/null; then kernel=compiled; else kernel=reference; fi; \
	  place=$$(mktemp -d); \
	  trap 'rm -rf "$$place"' EXIT; \
	  cp -R fixtures/articles "$$place"; \
	  $(PYTHON) -m venv "$$place/venv"; \
	  CC="$$compiler" "$$place/venv/bin/python" $(PIP) "$$package"; \
	  echo "== $${package##*/}"; \
	  ( cd "$$place"; unset PYTHONPATH; \
	    venv/bin/dedup --version; \
	    venv/bin/dedup --version | grep -q "(kernel: $$kernel)" || { echo "not the $$kernel kernel" >&2; exit 1; }; \
	    status=0; venv/bin/dedup check articles || status=$$?; \
	    test "$$status" -eq 1 || { echo "dedup check: exit status $$status, not 1" >&2; exit 1; } ); \
	  rm -rf "$$place"; \
	done

$(DEMO)/.venv/.installed: pyproject.toml $(KERNEL)
	$(need_python)
	$(PYTHON) -m venv --clear $(DEMO)/.venv
	$(DEMO)/.venv/bin/python $(PIP) -e .
	@touch $@

demo: $(DEMO)/.venv/.installed ## Clean the articles of fixtures/, show the difference, put everything back
	@rm -rf $(DEMO)/cleaned $(DEMO)/restored $(DEMO)/report.json $(DEMO)/report.md $(DEMO)/articles.diff
	@printf '\n== What would go: dedup clean fixtures/articles --prefer harbour.txt --diff (long lines cut)\n\n'
	@$(DEDUP) clean fixtures/articles --prefer harbour.txt --diff > $(DEMO)/articles.diff
	@LC_ALL=C.UTF-8 sed -E 's/^(.{95}).{5,}$$/\1 …/' $(DEMO)/articles.diff
	@printf '\n== What repeats: dedup check fixtures/articles --prefer harbour.txt\n\n'
	@$(DEDUP) check fixtures/articles --prefer harbour.txt || test $$? -eq 1
	@printf '\n== Cleaned: dedup clean fixtures/articles --prefer harbour.txt -o $(DEMO)/cleaned --report $(DEMO)/report.json\n\n'
	@$(DEDUP) clean fixtures/articles --prefer harbour.txt -o $(DEMO)/cleaned \
	  --report $(DEMO)/report.json --report $(DEMO)/report.md
	@printf '\n== Cleaned twice, nothing more goes: dedup check $(DEMO)/cleaned --prefer harbour.txt\n\n'
	@$(DEDUP) check $(DEMO)/cleaned --prefer harbour.txt
	@printf '\n== And back, in a copy: dedup restore $(DEMO)/report.json --root $(DEMO)/restored\n\n'
	@cp -R $(DEMO)/cleaned $(DEMO)/restored
	@$(DEDUP) restore $(DEMO)/report.json --root $(DEMO)/restored
	@diff -r fixtures/articles $(DEMO)/restored
	@echo "fixtures/articles and $(DEMO)/restored are the same, byte for byte"
	@printf '\nTo look at: $(DEMO)/articles.diff, $(DEMO)/cleaned, $(DEMO)/report.json, $(DEMO)/report.md\n'

bench: venv ## Measure recall, accuracy and speed, beside other tools
	$(BIN)/python -m benchmarks.recall || test $$? -eq 2  # 2: there is no text to measure on
	$(BIN)/python -m benchmarks.accuracy || test $$? -eq 2
	$(BIN)/python -m benchmarks.kernel
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.page || test $$? -eq 2  # 2: there is no browser

clean: ## Remove everything that make made
	rm -f dedup/_kernel.*.so dedup/_kernel.*.pyd
	rm -rf $(VENV) $(DEMO) benchmarks/.data benchmarks/.peers build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find dedup tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
