# make run    the page on http://127.0.0.1:7860, over the sample archive
# make test   format check, lint, types and tests
# See README.md for the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where pip finds a CPU build of torch, if the default index would bring CUDA:
#   make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
ADDRESS ?= --host 127.0.0.1 --port 7860
# Python of an environment that has the peers of ../shared/peers, for bench-speed
PEERS ?=
# make run LOCK=1 installs exactly the files whose hashes requirements.lock has
LOCK ?=
TOOLS := var/tools/bin

export HF_HUB_OFFLINE ?= 1
export GRADIO_ANALYTICS_ENABLED ?= False
export TOKENIZERS_PARALLELISM ?= false

.PHONY: run test check test-slow bench bench-quality bench-speed bench-kill bench-soak bench-scale fuzz lock audit clean

run: $(VENV)/user
	$(BIN)/python -m qa info > /dev/null
	$(BIN)/python app.py $(ADDRESS)

test: check
	$(BIN)/python -m pytest

check: $(VENV)/developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test-slow: $(VENV)/developer
	$(BIN)/python -m pytest -m slow

bench: bench-quality bench-speed

bench-quality: $(VENV)/developer
	$(BIN)/python tests/bench/quality.py

bench-speed: $(VENV)/developer
	$(BIN)/python tests/bench/speed.py $(if $(PEERS),--peers $(PEERS))

bench-kill: $(VENV)/developer
	$(BIN)/python tests/bench/kill.py

bench-soak: $(VENV)/developer
	$(BIN)/python tests/bench/soak.py

bench-scale: $(VENV)/developer
	$(BIN)/python tests/bench/scale.py

fuzz: $(VENV)/developer
	$(BIN)/pip install --quiet -r requirements-fuzz.txt
	$(BIN)/python tests/bench/fuzz.py

lock: $(TOOLS)/uv
	$(BIN)/pip freeze | grep == | grep -v -e '^torch=' -e '^nvidia' > var/tools/installed.txt
	$(TOOLS)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python $(BIN)/python \
		--constraint var/tools/installed.txt --output-file requirements.lock requirements.txt

# Needs the database of vulnerabilities at pypi.org.
audit: $(TOOLS)/uv
	$(TOOLS)/pip-audit --requirement requirements.lock --require-hashes --disable-pip

$(TOOLS)/uv: | $(BIN)/python
	$(BIN)/python -m venv var/tools
	$(TOOLS)/pip install --quiet uv==0.13.9 pip-audit==2.10.1

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/user: requirements.txt | $(BIN)/python
	$(if $(TORCH_INDEX),$(BIN)/pip install --index-url $(TORCH_INDEX) $(shell grep '^torch==' requirements.txt))
	$(BIN)/pip install $(if $(LOCK),--require-hashes -r requirements.lock,-r requirements.txt)
	touch $@

$(VENV)/developer: requirements-dev.txt $(VENV)/user
	$(BIN)/pip install -r requirements-dev.txt
	touch $@
