# make run   the chat over the sample news at http://127.0.0.1:7860      (ARCHIVE=folder PORT=7861 MODEL=ollama:llama3.2)
# make test  the default tests; test-kill, test-scale, test-browser, test-fuzz, test-lies are the long ones; eval prints the quality figures, bench what things cost
PYTHON  ?= python3
VENV    ?= .venv
ARCHIVE ?= sample-archive
PORT    ?= 7860
MODEL   ?=
# A place that serves torch built for the CPU, such as https://download.pytorch.org/whl/cpu: PyPI's own build for
# Linux brings several GB of CUDA along.
TORCH_INDEX ?=
BIN := $(VENV)/bin

.PHONY: run test test-kill test-scale test-browser test-fuzz test-lies lint eval bench floors clean

run: $(VENV)/.run
	@# The sample news goes into a new archive, or into one that was begun with it; never among somebody's own articles.
	@if [ ! -e "$(ARCHIVE)/archive.db" ]; then mkdir -p "$(ARCHIVE)" && touch "$(ARCHIVE)/sample-news"; fi
	@if [ -e "$(ARCHIVE)/sample-news" ]; then $(BIN)/python -m ingest ingest/sample/news --archive "$(ARCHIVE)"; fi
	@$(BIN)/python app.py --archive "$(ARCHIVE)" --port $(PORT) $(if $(MODEL),--model $(MODEL))

# Two processes, each with one thread for torch: that is what two cores do fastest. The browser has the machine to itself.
BROWSER := tests/test_app.py tests/test_app_adding.py tests/test_app_feedback.py tests/test_app_receipt.py tests/test_app_sidebar.py
test: $(VENV)/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile $(BROWSER:%=--ignore=%)
	$(BIN)/python -m pytest -q $(BROWSER)

test-kill: $(VENV)/.test
	$(BIN)/python -m pytest -q -m kill

test-scale: $(VENV)/.test
	$(BIN)/python -m pytest -q -m scale --timeout 1800

test-browser: $(VENV)/.test
	$(BIN)/python -m pytest -q -m browser_matrix

test-fuzz: $(VENV)/.test
	$(BIN)/python -m pytest -q -m fuzz tests/test_fuzz_inputs.py

test-lies: $(VENV)/.test
	$(BIN)/python -m pytest -q -m "lies or real_server"

lint: $(VENV)/.test
	$(BIN)/ruff check .

eval: $(VENV)/.test
	$(BIN)/python -m eval sample
	$(BIN)/python -m eval multihop

# SIZES="1000 10000 100000 1000000": the last one takes an hour to fill and 15 GB of disk.
bench: $(VENV)/.test
	$(BIN)/python -m eval bench search $(if $(SIZES),--sizes $(SIZES))
	$(BIN)/python -m eval bench embedding

floors: $(VENV)/.test
	$(BIN)/python -m eval floors

# torch goes first and alone: as somebody else's dependency pip takes its CUDA build.
$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$$(grep '^torch==' constraints.txt)"
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[test]"
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
