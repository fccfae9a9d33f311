# Lantai. Two commands on a fresh machine: `make demo` (set up, run the main job, serve) and `make test`.
PYTHON ?= python3
SERVE  ?= 1
PORT   ?= 8501
BIN    := .venv/bin
export OMP_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup system demo serve test check bench format clean

help:  ## what you can ask for
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: system .venv/.ready  ## system packages where allowed, then .venv with pinned versions

system:
	@missing=""; for p in $$(cat system-packages.txt); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing:$$missing"; apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  else echo "Some system packages are missing; run:  sudo apt-get install -y$$missing"; fi; fi

# torch first: the pinned version resolves to the CPU build, while a bare `torch` would bring several GB of CUDA.
.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Lantai needs Python 3.11; name it with make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q torch==2.13.0
	$(BIN)/pip install -q -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup  ## the whole story on an invented hospital, then the portal (SERVE=0 stops after the story)
	$(BIN)/lantai demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

serve: setup  ## serve an initialised home
	$(BIN)/lantai serve --port $(PORT)

test: setup  ## all tests
	$(BIN)/pytest -q

check: setup  ## lint, types, import rules; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup  ## the benches that need no outside data
	$(BIN)/python -m bench.crypto
	$(BIN)/python -m bench.store
	$(BIN)/python -m bench.scale --passages 10000
	$(BIN)/python -m bench.worlds --worlds 50 --rounds 200

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv var build *.egg-info
