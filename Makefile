# The commands that people and CI share.

.PHONY: test lint bench bench-draft coverage

test:            ## every test, on all cores
	python -m pytest -n auto --dist loadfile

coverage:        ## every test, with branch coverage of screener/
	python -m pytest -n auto --dist loadfile --cov --cov-report=term-missing:skip-covered --cov-fail-under=95

lint:            ## ruff, mypy --strict, and the lints of the rule files
	ruff check .
	ruff format --check .
	mypy
	screen lint

bench:           ## ratios against something measured in the same run
	python -m compileall -q screener
	python -m tests.bench

bench-draft:     ## how well real criteria are drafted: make bench-draft CORPUS=<folder>
	python -m compileall -q screener tests/bench
	python -m tests.bench.draft $(CORPUS) $(ARGS)
