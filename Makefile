# The commands of this project; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint gates bench tour openapi accept
# One at a time: cargo shares the cores itself, and two of it wait for each other.
.NOTPARALLEL:

# Tests run under nextest where it is installed. It gives each test a process of its own, so one
# throw-away Postgres is started for them all.
TESTS := $(if $(shell command -v cargo-nextest),nextest run,test --no-fail-fast --lib --bins --tests)
WITH_POSTGRES := cargo run --quiet --example with_postgres --

help: ## List these commands.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: ## Install what is missing to run and test: Postgres, a C compiler.
	@scripts/setup

run: ## Install what is missing, build, and start the service; SINERGI_* and DATABASE_URL set it.
	@scripts/setup run
	cargo run --release -- serve

# Examples in comments are tests too; without one the runner would only cost a build.
test: setup ## Run all tests; ARGS goes to the runner, as in ARGS=pledges.
	@! grep -rqE '^ *//[/!] *```' src || cargo test --quiet --doc
	$(WITH_POSTGRES) cargo $(TESTS) $(ARGS)

check: lint test gates ## All that must hold before a change lands.

lint: ## Format, clippy and rustdoc, each without a warning; the committed document is that of the code.
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --quiet
	@"$$(scripts/debug-binary)" openapi | diff --unified=1 openapi/openapi.json - \
		|| { echo 'The document has changed: read the difference, then run: make openapi'; false; }

gates: setup ## The outside judges of the document, the service and the dependencies.
	scripts/gates $(ARGS)

bench: ## Run the benchmarks; NAME=api runs one.
	@scripts/setup bench
	@scripts/bench $(NAME)

tour: setup ## Play the story through HTTP as the several clients, on an empty database.
	SINERGI_LOG=warn cargo run --release -- tour

openapi: ## Write openapi/openapi.json anew.
	mkdir -p openapi
	"$$(scripts/debug-binary)" openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

accept: openapi ## Take what the code gives now for what is expected of it: the document.
