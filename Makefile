# Every task of the project, by name. `make help` lists them.
# The work itself is in scripts/, so that each step can also be run alone.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# rustup's folder may be newer than the shell that started make.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

# .cargo/config.toml names the target, and so it is part of the path of every binary.
RELEASE := target/x86_64-unknown-linux-gnu/release
DEBUG := target/x86_64-unknown-linux-gnu/debug

# In continuous integration a Cargo.lock that does not fit the manifests is an error.
LOCKED := $(if $(CI),--locked)

# Test programs that make boxes run as root; building does not.
AS_ROOT := CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="$(CURDIR)/scripts/as-root"

.PHONY: help
help: ## list every target
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | \
	    while IFS=$$'\t' read -r name sentence; do printf '  make %-14s %s\n' "$$name" "$$sentence"; done

.PHONY: setup
setup: ## install what building needs: a C toolchain, Python, Rust (nothing when all is there)
	@scripts/setup

.PHONY: build
build: setup ## build the release binaries
	cargo build $(LOCKED) --release --package server --package runner --package probe --bins

.PHONY: run
run: build ## start the server on 127.0.0.1:5000 (ARGS="..." are handed to `code-runner serve`)
	@exec scripts/as-root $(RELEASE)/code-runner serve $(ARGS)

.PHONY: languages
languages: build ## install the toolchains of all languages
	scripts/install-languages $(RELEASE)/code-runner

# The languages whose kit `make test` runs; see crates/executor/tests/boxes/kit.rs.
TESTED := c cpp go java javascript python rust typescript

.PHONY: toolchains
toolchains: binaries
	@scripts/install-languages $(DEBUG)/code-runner $(TESTED)

# Named one by one, each has to be there: one that is not found must not look like one that passed.
LANGUAGES := $(patsubst languages/%/language.toml,%,$(wildcard languages/*/language.toml))

.PHONY: test-languages
test-languages: binaries ## install the toolchains of all languages and run the kit of each
	scripts/install-languages $(DEBUG)/code-runner
	scripts/as-root $(DEBUG)/code-runner languages test $(LANGUAGES)

.PHONY: test
test: setup check toolchains ## fmt, clippy, licences and every test; the last line counts them
	@scripts/test $(LOCKED)

.PHONY: check
check: setup ## fmt, clippy and licences, without the tests
	cargo fmt --all --check
	cargo clippy $(LOCKED) --workspace --all-targets -- -D warnings
	scripts/licences

# The tests start these programs, and cargo builds a binary only for tests of its own package.
.PHONY: binaries
binaries: setup
	cargo build $(LOCKED) --workspace --bins

.PHONY: attacks
attacks: toolchains ## run the hostile programs of attacks/ in real boxes
	$(AS_ROOT) cargo test $(LOCKED) --package executor --test boxes -- --nocapture

.PHONY: bench
bench: build ## measure throughput and latency
	bench/run

.PHONY: bench-languages
bench-languages: languages ## send the README's submission to every language, and measure
	bench/languages

.PHONY: test-browser
test-browser: binaries ## use the Swagger UI in a real, headless Chromium
	@scripts/apt-install chromium chromium-driver
	scripts/as-root tests/browser/swagger.py --screenshot target/swagger.png

.PHONY: test-cgroup2
test-cgroup2: toolchains ## run the box tests in a virtual machine whose host has cgroup v2 alone
	scripts/test-cgroup2

.PHONY: clean
clean: ## remove everything built (not data/ and logs/)
	cargo clean
