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
	    while IFS=$$'\t' read -r name sentence; do printf '  make %-15s %s\n' "$$name" "$$sentence"; done

.PHONY: setup
setup: ## install what building needs: a C toolchain, Python, Rust (nothing when all is there)
	@scripts/setup

.PHONY: web
web: setup ## build the pages that the server embeds (nothing when they did not change)
	@scripts/build-web

.PHONY: build
build: setup web ## build the release binaries
	cargo build $(LOCKED) --release --package server --package runner --package probe --bins --features server/dagger
	scripts/build-zygote $(RELEASE)/code-runner-zygote.so $(LOCKED)

.PHONY: run
run: build ## start the server on 127.0.0.1:5000 (ARGS="..." are handed to `code-runner serve`)
	@scripts/prebuild languages
	@exec scripts/as-root $(RELEASE)/code-runner serve $(ARGS)

.PHONY: demo
demo: build ## start Code Runner and the educational platform with a class of made-up people, on this host alone
	@scripts/install-languages $(RELEASE)/code-runner java javascript python
	@scripts/demo $(RELEASE)/code-runner

.PHONY: languages
languages: build ## install the toolchains of all languages
	scripts/install-languages $(RELEASE)/code-runner

# The languages whose kit `make test` runs; see crates/executor/tests/boxes/kit.rs.
TESTED := c cpp go java javascript python rust typescript

# Bash is attacked as well, and newuidmap gives an ordinary user, as whom the server is tried, its ids.
.PHONY: toolchains
toolchains: binaries
	@scripts/install-languages $(DEBUG)/code-runner $(TESTED) bash
	@scripts/apt-install uidmap

# Named one by one, each has to be there: one that is not found must not look like one that passed.
LANGUAGES := $(patsubst languages/%/language.toml,%,$(wildcard languages/*/language.toml))

.PHONY: test-languages
test-languages: binaries ## install the toolchains of all languages and run the kit of each
	scripts/install-languages $(DEBUG)/code-runner
	scripts/as-root $(DEBUG)/code-runner languages test $(LANGUAGES)

.PHONY: test-further-languages
test-further-languages: ## the same for those whose kit is no part of `make test`
	@$(MAKE) test-languages LANGUAGES="$(filter-out $(TESTED),$(LANGUAGES))"

.PHONY: test-compilers
test-compilers: toolchains ## what makes C and C++ compile quickly changes neither code nor messages
	tests/compilers/check

# For the tests of the store of several nodes, which start a server of their own.
.PHONY: postgres
postgres:
	@scripts/setup-postgres

.PHONY: test
test: setup check toolchains postgres ## fmt, clippy, licences and every test; the last line counts them
	@scripts/test $(LOCKED)

.PHONY: dagger-live
dagger-live: setup ## run submissions on a real Dagger Engine (_EXPERIMENTAL_DAGGER_RUNNER_HOST=...); without one, list what would be run
	cargo build $(LOCKED) --package runner --bins
	cargo test $(LOCKED) --package executor --features dagger --test dagger_live -- --nocapture $(ARGS)

.PHONY: test-dagger-kits
test-dagger-kits: toolchains ## the kits of languages in containers, of which `make test` runs a part
	CODE_RUNNER_WHOLE_KITS=1 $(AS_ROOT) cargo test $(LOCKED) --package executor --features dagger --test dagger -- kit

# The whole workspace, since what it is built on has the same features then as in `make test`, and is built already.
.PHONY: test-otel
test-otel: setup ## what the feature `otel` adds, and a build without `dagger`: clippy, and spans as a collector sees them
	cargo clippy $(LOCKED) --workspace --all-targets --features server/otel -- -D warnings
	cargo test $(LOCKED) --workspace --features server/dagger,server/otel --test it -- traces

.PHONY: check
check: setup ## fmt, clippy and licences, without the tests
	cargo fmt --all --check
	cargo clippy $(LOCKED) --workspace --all-targets --features server/dagger -- -D warnings
	scripts/licences

# The tests start these programs, and cargo builds a binary only for tests of its own package.
.PHONY: binaries
binaries: setup web
	cargo build $(LOCKED) --workspace --bins --features server/dagger
	scripts/build-zygote $(DEBUG)/code-runner-zygote.so $(LOCKED)

# A test build whose wall can have holes, apart from everything that is ever run for others.
HOLES := target/holes/x86_64-unknown-linux-gnu/debug/code-runner

.PHONY: holes
holes: setup
	CARGO_TARGET_DIR=target/holes cargo build $(LOCKED) --package server --package runner --package probe --bins \
	    --features server/holes,runner/holes
	CARGO_TARGET_DIR=target/holes scripts/build-zygote --debug $(dir $(HOLES))code-runner-zygote.so $(LOCKED) --features holes

BATTERY := scripts/as-root $(RELEASE)/battery

.PHONY: battery
battery: build toolchains
	cargo build $(LOCKED) --release --package battery

.PHONY: attacks
attacks: battery ## post every hostile program over HTTP: as root, as an ordinary user (ARGS="--full --only A-041")
	$(BATTERY) check
	$(BATTERY) run --server $(RELEASE)/code-runner --path root --path user $(ARGS)

.PHONY: attacks-further
attacks-further: battery ## those in C, Python and Bash again, under load, and where starts are strict
	$(BATTERY) run --server $(RELEASE)/code-runner --path root --loaded-only --report attacks/report-loaded.json $(ARGS)
	$(BATTERY) run --server $(RELEASE)/code-runner --path strict --language c --language python --language bash \
	    --report attacks/report-strict.json $(ARGS)

.PHONY: attack-controls
attack-controls: battery holes ## open each hole in a test build, and see that the programs aimed at it notice
	$(BATTERY) controls --server $(HOLES) $(ARGS)

.PHONY: soak
soak: battery ## 10,000 submissions with attacks among them; nothing may be left
	$(BATTERY) soak --server $(RELEASE)/code-runner $(ARGS)

.PHONY: chaos
chaos: build ## kill a server at random, cut its power, and start it with 10,000 waiting (ARGS="--only kills --seed 7")
	@scripts/install-languages $(RELEASE)/code-runner bash c javascript python
	@scripts/apt-install e2fsprogs strace
	scripts/as-root tests/chaos/check $(RELEASE)/code-runner $(ARGS)

.PHONY: test-clock
test-clock: build ## set the clock under a server that works, in a virtual machine whose clock is its own
	@scripts/install-languages $(RELEASE)/code-runner python
	CODE_RUNNER_CHAOS_OWNS_THE_CLOCK=1 scripts/vm-cgroup2 -- tests/chaos/check $(RELEASE)/code-runner --only clock

.PHONY: bench-neighbour
bench-neighbour: battery ## measure how much a submission suffers beside each attack
	$(BATTERY) neighbour --server $(RELEASE)/code-runner $(ARGS)

.PHONY: bench
bench: build ## measure submissions next to bare commands, for more than an hour (ARGS="--only python --rounds 50")
	@scripts/install-languages $(RELEASE)/code-runner $(TESTED)
	@scripts/apt-install bubblewrap crun
	scripts/as-root bench/run $(ARGS)

.PHONY: bench-overload
bench-overload: build ## ten times as much at once as may wait, and a key beside one that floods the queue
	scripts/as-root bench/overload $(ARGS)

.PHONY: bench-grade
bench-grade: build ## grade a made-up course of 200 submissions twice
	scripts/as-root bench/grade $(RELEASE)/code-runner $(ARGS)

.PHONY: bench-model
bench-model: ## say how many nodes an exam minute takes: docs/scaling.md and its charts, from bench/fleet/constants.toml
	bench/fleet/model $(ARGS)

.PHONY: test-model
test-model: ## hold the formulas of that model to a simulation, and the page to the model
	bench/fleet/check

.PHONY: test-postgres
test-postgres: setup ## the tests of the store on the PostgreSQL of other Debian releases, 13 and 17
	program=$$(cargo test $(LOCKED) --package store --test it --no-run --message-format json-render-diagnostics | \
	    sed -n '/"name":"it"/s/.*"executable":"\([^"]*\)".*/\1/p') && scripts/as-root tests/postgres/check "$$program" $(ARGS)

.PHONY: bench-database
bench-database: setup ## what one PostgreSQL can do for a fleet, beside pgbench on the same server
	@scripts/setup-postgres
	cargo build $(LOCKED) --release --package store --example ceiling
	scripts/as-root bench/fleet/database --store $(CURDIR)/$(RELEASE)/examples/ceiling $(ARGS)

.PHONY: bench-workers
bench-workers: build ## submissions a second with one worker node and with two, which share a PostgreSQL
	@scripts/install-languages $(RELEASE)/code-runner python
	@scripts/setup-postgres
	scripts/as-root bench/fleet/workers $(ARGS)

.PHONY: chaos-fleet
chaos-fleet: build ## kill, stop and divide API nodes, workers and PostgreSQL, have its standby take over, and upgrade all of them under load (ARGS="--former PROGRAM")
	@scripts/install-languages $(RELEASE)/code-runner bash c javascript python
	@scripts/setup-postgres
	scripts/as-root tests/chaos/check $(RELEASE)/code-runner --only fleet,network,failover,upgrade $(ARGS)

.PHONY: bench-charts
bench-charts: ## make docs/performance.md and its charts of what `make bench` measured
	bench/charts

.PHONY: bench-profile
bench-profile: build ## show where the processor time of Python submissions goes, in docs/performance.md
	@scripts/apt-install linux-perf strace
	scripts/as-root bench/profile $(ARGS)

.PHONY: bench-languages
bench-languages: languages ## send the README's submission to every language, and measure
	bench/languages

.PHONY: test-browser
test-browser: binaries ## use the Swagger UI in a real, headless Chromium
	@scripts/apt-install chromium chromium-driver
	scripts/as-root tests/browser/swagger.py --screenshot target/swagger.png

.PHONY: test-web
test-web: binaries ## the pages, in a real, headless Chromium (ARGS="web/tests/browser/pages.test.ts")
	@scripts/apt-install chromium
	@scripts/install-languages $(DEBUG)/code-runner python c javascript
	scripts/test-web $(ARGS)

.PHONY: screenshots
screenshots: binaries ## take the pictures of docs/images (ARGS="playground")
	@scripts/apt-install chromium
	@scripts/install-languages $(DEBUG)/code-runner python c javascript
	scripts/screenshots $(ARGS)

.PHONY: test-openapi
test-openapi: binaries ## send a server thousands of requests made from its OpenAPI document, and hold its answers to it
	@python3 -c 'import ensurepip, venv' 2>/dev/null || scripts/apt-install python3-venv
	scripts/as-root tests/openapi/check $(DEBUG)/code-runner $(ARGS)

.PHONY: test-containers
test-containers: build ## ask `code-runner doctor` in containers made as engines make them
	@scripts/apt-install runc
	scripts/as-root scripts/test-containers $(RELEASE)/code-runner

.PHONY: deb
deb: build ## make the Debian package of what was built: target/deb/*.deb
	@scripts/deb $(RELEASE)

.PHONY: check-deploy
check-deploy: ## the part of test-deploy that takes seconds: scripts, YAML, kustomize, units, and that files agree
	@tests/deploy/check --quick

.PHONY: test-deploy
test-deploy: build ## check deploy/ by the programs that read it, and install the Debian package in a virtual machine
	@scripts/apt-install curl procps
	tests/deploy/check $(RELEASE) $(ARGS)

.PHONY: test-images
test-images: build ## build the images of deploy/ on Debian's packages, and use them with Podman
	scripts/as-root tests/deploy/images $(RELEASE)

.PHONY: test-cgroup2
test-cgroup2: battery ## the box tests and attacks in a virtual machine whose host has cgroup v2 alone
	scripts/test-cgroup2

.PHONY: clean
clean: ## remove everything built (not data/ and logs/)
	cargo clean
