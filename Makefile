# Every task by name: `make help` lists them. What is built lies under build/, in a folder for each flavour (a compiler and its
# sanitizers), so that one flavour never rebuilds another.

VERSION := 0.1.0

.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
export JOBS TIMEOUT # for tests/run: how many tests at once, and a test's seconds
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(JOBS)
endif
# Long command lines show with V=1.
QUIET := $(if $(V),,@)

# ---- what it needs from Debian --------------------------------------------------------------------------------------------
# a|b is satisfied by either; a is what gets installed.

BUILD_PACKAGES := gcc libc6-dev pkgconf|pkg-config curl tzdata \
	libmicrohttpd-dev libgnutls28-dev libjansson-dev libsqlite3-dev libyaml-dev nettle-dev zlib1g-dev libzstd-dev libicu-dev \
	libstemmer-dev libxml2-dev
TEST_PACKAGES := libcriterion-dev libcurl4-openssl-dev|libcurl4-gnutls-dev libxml2-utils python3 python3-icalendar
CHECK_PACKAGES := clang libclang-rt-dev|libclang-rt-14-dev clang-format cppcheck yamllint shellcheck gcovr

SERVER_LIBRARIES := libmicrohttpd gnutls jansson sqlite3 yaml-0.1 nettle icu-uc icu-i18n zlib libzstd libxml-2.0
# Those that pkg-config does not know.
OTHER_LIBRARIES := -lstemmer
TEST_LIBRARIES := criterion libcurl

# ---- how it is compiled ---------------------------------------------------------------------------------------------------

ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang
PKG_CONFIG ?= pkg-config

comma := ,
compiler := $(notdir $(firstword $(CC)))
OUT ?= build/$(compiler)$(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))

CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
	$(if $(WERROR),-Werror)

# A sanitizer ends the program at its first finding. Without one the binary is hardened.
ifneq ($(SANITIZE),)
SAFETY := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
else
SAFETY ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
SAFETY_LINK ?= -pie -Wl,-z,relro,-z,now
endif

COMPILE = $(CC) -std=c17 -D_GNU_SOURCE -DREADOUT_VERSION='"$(VERSION)"' -Iinclude -pthread $(CFLAGS) $(WARNINGS) $(SAFETY)
LINK = $(CC) -pthread $(CFLAGS) $(SAFETY) $(SAFETY_LINK) $(LDFLAGS)

# Only asked by the recipes, so that `make packages` works before pkg-config is there.
server_cflags = $(shell $(PKG_CONFIG) --cflags $(SERVER_LIBRARIES))
server_libs = $(shell $(PKG_CONFIG) --libs $(SERVER_LIBRARIES)) $(OTHER_LIBRARIES)
test_cflags = -Itests $(shell $(PKG_CONFIG) --cflags $(SERVER_LIBRARIES) $(TEST_LIBRARIES))
test_libs = $(shell $(PKG_CONFIG) --libs $(TEST_LIBRARIES) $(SERVER_LIBRARIES)) $(OTHER_LIBRARIES)

# ---- the server -----------------------------------------------------------------------------------------------------------

## Build and run

build: $(OUT)/readout ## compile build/readout (CC=clang, WERROR=1, SANITIZE=address,undefined)
ifeq ($(SANITIZE),)
	@ln -sfn $(OUT:build/%=%)/readout build/readout
endif

server_objects := $(patsubst %.c,$(OUT)/%.o,$(wildcard server/*.c server/*/*.c))

$(OUT)/readout: $(OUT)/server/main.o $(OUT)/readout.a
	@echo '  link     $@'
	$(QUIET)$(LINK) -o $@ $^ $(server_libs)

# All of the server but main(): for the binary, the tests and the fuzz targets alike. The folders are newer when a file is gone.
$(OUT)/readout.a: $(filter-out $(OUT)/server/main.o,$(server_objects)) $(wildcard server/*/.)
	@rm -f $@
	@ar rcs $@ $(filter %.o,$^)

$(OUT)/server/%.o: server/%.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo '  compile  $@'
	$(QUIET)$(COMPILE) $(server_cflags) -MMD -MP -c -o $@ $<

# The files that are built in (`.incbin`), which -MMD does not see; those of the pages also as gzip makes them.
web_files := $(wildcard server/web/*.* server/web/vendor/*/*.*)
$(OUT)/server/base/embedded.o: private CFLAGS += -DREADOUT_BUILT='"$(OUT)"'
$(OUT)/server/base/embedded.o: openapi.yaml $(web_files) $(web_files:%=$(OUT)/%.gz) \
	$(wildcard migrations/sqlite/*.sql server/ingest/*.ndjson server/text/lexicon/*.txt)

$(OUT)/server/web/%.gz: server/web/%
	@mkdir -p $(@D)
	@gzip -9nc $< >$@

# The flags of the last build: touched when they change, and then every object is made anew.
$(OUT)/flags: FORCE
	@command -v $(firstword $(CC)) >/dev/null && $(PKG_CONFIG) --exists $(SERVER_LIBRARIES) || \
		{ echo 'A compiler or a library is missing; `make packages` installs them.' >&2; exit 1; }
	@mkdir -p $(@D)
	@echo $(COMPILE) $(LINK) >$@.new
	@cmp -s $@ $@.new || cp $@.new $@

LISTEN ?= 127.0.0.1:8080
DATABASE ?= build/readout.db

run: packages-build ## build, load the demonstration record, serve (LISTEN=127.0.0.1:8080, DATABASE=build/readout.db)
	@$(MAKE) build SANITIZE=
	build/readout serve --demo --listen $(LISTEN) --database $(DATABASE)

PREFIX ?= /usr/local

install: build ## copy the binary and its systemd units (PREFIX=/usr/local, DESTDIR=)
	install -D -m 755 $(OUT)/readout $(DESTDIR)$(PREFIX)/bin/readout
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's,/usr/local,$(PREFIX),' docker/readout.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/readout.service
	install -m 644 docker/readout.socket $(DESTDIR)$(PREFIX)/lib/systemd/system/readout.socket

docker: ## build the image readout:VERSION
	docker build -f docker/Dockerfile -t readout:$(VERSION) -t readout:latest .

packages: ## install what is missing to build, run and test (apt-get, as root or by sudo)
	@.ci/packages '$(SERVER_LIBRARIES) $(TEST_LIBRARIES)' $(BUILD_PACKAGES:%='%') $(TEST_PACKAGES:%='%')

packages-build: ## … only to build and run
	@.ci/packages '$(SERVER_LIBRARIES)' $(BUILD_PACKAGES:%='%')

packages-check: ## … also for check, fuzz and coverage
	@.ci/packages '$(SERVER_LIBRARIES) $(TEST_LIBRARIES)' $(BUILD_PACKAGES:%='%') $(TEST_PACKAGES:%='%') $(CHECK_PACKAGES:%='%')

# ---- the tests ------------------------------------------------------------------------------------------------------------
# One program holds all tests; those in tests/api drive the binary over HTTP. Criterion cannot live inside the thread sanitizer:
# with SANITIZE=thread the plain program drives a binary that is watched.

## Test and measure

TEST_SANITIZE = $(if $(filter undefined,$(origin SANITIZE)),address$(comma)undefined,$(SANITIZE))

test: packages ## run all tests, with SANITIZE=address,undefined unless told (ONLY='claims/*' picks some)
	@$(MAKE) test-run SANITIZE=$(TEST_SANITIZE)

ifeq ($(SANITIZE),thread)
test-run: $(OUT)/readout
	@$(MAKE) test-programs SANITIZE=
	@tests/run $(OUT) build/$(compiler) '$(ONLY)'
else
test-run: $(OUT)/readout test-programs
	@tests/run $(OUT) $(OUT) '$(ONLY)'
endif

test-programs: $(OUT)/tests.run $(OUT)/exercised

objects_of = $(patsubst %.c,$(OUT)/%.o,$(1))
exercised_main := tests/support/exercised_main.c
support_sources := $(filter-out $(exercised_main),$(wildcard tests/support/*.c))

$(OUT)/tests.run: $(call objects_of,$(wildcard tests/*_test.c tests/*/*_test.c) $(support_sources)) $(OUT)/readout.a \
		$(wildcard tests/*/.)
	@echo '  link     $@'
	$(QUIET)$(LINK) -o $@ $(filter %.o %.a,$^) $(test_libs)

# Fails when an operation of the contract, or a status that it declares, never came up in the tests.
$(OUT)/exercised: $(call objects_of,$(exercised_main)) $(OUT)/readout.a
	@echo '  link     $@'
	$(QUIET)$(LINK) -o $@ $^ $(server_libs)

$(OUT)/tests/%.o: tests/%.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo '  compile  $@'
	$(QUIET)$(COMPILE) $(test_cflags) -MMD -MP -c -o $@ $<

coverage: packages-check ## run the tests and write build/coverage/index.html
	@find build -path '*/coverage-objects/*.gcda' -delete 2>/dev/null; mkdir -p build/coverage
	@$(MAKE) test-run SANITIZE= SAFETY= SAFETY_LINK= OUT=build/coverage-objects CFLAGS='-O0 -g --coverage -fprofile-update=atomic'
	gcovr --root . --filter server/ --object-directory build/coverage-objects --exclude-unreachable-branches \
		--html-details build/coverage/index.html --print-summary

bench: packages ## measure beside a bare libmicrohttpd (BENCH='--claims 100000', BENCH=--growth, PEERS=1: Bun, fastify)
	@$(MAKE) bench-programs $(if $(PEERS),peers) SANITIZE=
	READOUT_BINARY=build/$(compiler)/readout build/$(compiler)/bench $(if $(PEERS),--peers build/peers) $(BENCH)

# Each trial breaks something under the real binary: a kill, a disk, a file. Scratch is build/faults; some want root, to mount.
FAULTS_PACKAGES := strace
ROUNDS ?= 100
SEED ?= 1

faults: packages-faults ## break what can break: kill, power, disk, files, … (ONLY=kill,disk ROUNDS=100 SEED=1)
	@$(MAKE) faults-run SANITIZE=

faults-run: $(OUT)/readout $(OUT)/disk.so
	@python3 tests/faults/faults.py $(OUT)/readout $(OUT)/disk.so build/faults --only '$(ONLY)' --rounds $(ROUNDS) --seed '$(SEED)'

# Goes between SQLite and its files, by LD_PRELOAD.
$(OUT)/disk.so: tests/faults/disk.c $(OUT)/flags
	@echo '  link     $@'
	$(QUIET)$(COMPILE) -fPIC -shared -o $@ $< $$($(PKG_CONFIG) --cflags --libs sqlite3)

packages-faults: packages-build
	@.ci/packages '$(SERVER_LIBRARIES)' python3 $(FAULTS_PACKAGES:%='%')

# A tame load for as long as SOAK_MINUTES says, on a store under build/soak.
SOAK_MINUTES ?= 30

soak: packages-build ## a tame mixed load, and whether anything grows that should not (SOAK_MINUTES=30)
	@$(MAKE) soak-run SANITIZE=

soak-run: $(OUT)/readout
	@python3 tests/soak/soak.py $(OUT)/readout build/soak --minutes $(SOAK_MINUTES)

# The annotated texts and the sets; they are no part of this repository.
SHARED ?= ../shared

evaluate: packages ## measure how well it reads and compares (SHARED=../shared: texts and sets); writes tests/evaluation.md
	@$(MAKE) evaluate-run SANITIZE=

evaluate-run: $(OUT)/readout $(OUT)/likeness
	@python3 tests/text/evaluate.py $(OUT)/readout $(OUT)/likeness $(SHARED) tests/evaluation.md

$(OUT)/likeness: $(call objects_of,tests/text/likeness.c) $(OUT)/readout.a
	@echo '  link     $@'
	$(QUIET)$(LINK) -o $@ $^ $(server_libs)

# What the bench compares with on request. Nothing else needs it, nor Node.js and npm.
peers: build/peers/bun/installed build/peers/fastify/installed
	@cp tests/bench/peers/schema.sql build/peers/
	@cp tests/bench/peers/bun/server.js build/peers/bun/
	@cp tests/bench/peers/fastify/server.js build/peers/fastify/
	@ln -sf node_modules/$$(cd build/peers/bun/node_modules && ls -d @oven/bun-linux-*)/bin/bun build/peers/bun/bun
	@ln -sf "$$(command -v node)" build/peers/fastify/node

build/peers/%/installed: tests/bench/peers/%/package.json tests/bench/peers/%/package-lock.json
	@$(call has_node,20) || { echo 'The peers need Node.js 20 or newer with npm.' >&2; exit 1; }
	$(npm_install)

has_node = node -e 'process.exit(parseInt(process.versions.node) < $(1) ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null

# Where npm finds nothing ready-made it calls a make of its own, which must not take this one's flags.
define npm_install
@mkdir -p $(@D) && cp $^ $(@D)
@echo '  install  $(@D)'
$(QUIET)cd $(@D) && env -u MAKEFLAGS npm ci --no-audit --no-fund --loglevel=error
@touch $@
endef

bench-programs: $(OUT)/readout $(OUT)/bench

$(OUT)/bench: $(call objects_of,$(wildcard tests/bench/*.c)) $(OUT)/readout.a
	@echo '  link     $@'
	$(QUIET)$(LINK) -o $@ $^ $(server_libs)

# libFuzzer, so clang. Crashes stay in tests/fuzz/crashes and are tried first; the corpora grow under build/fuzz/corpus.
FUZZ_SECONDS ?= 60

fuzz: packages-check ## run each fuzz target (FUZZ_SECONDS=60)
	@$(MAKE) fuzz-run CC=$(CLANG) SANITIZE=fuzzer-no-link,address,undefined OUT=build/fuzz

fuzz_targets := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

fuzz-run: $(fuzz_targets:%=$(OUT)/%)
	@tests/fuzz/run $(OUT) $(FUZZ_SECONDS) $(fuzz_targets)

$(fuzz_targets:%=$(OUT)/%): $(OUT)/%: $(OUT)/tests/fuzz/%.o $(OUT)/readout.a
	@echo '  link     $@'
	$(QUIET)$(LINK) -fsanitize=fuzzer -o $@ $^ $(server_libs)

# Each trial attacks a server of its own on loopback, and has an end. What comes from PyPI lives in build/attacks/venv alone.
ATTACK_PACKAGES := sqlmap slowhttptest nghttp2-client wrk chromium openssl python3 python3-venv

packages-attacks:
	@.ci/packages '$(SERVER_LIBRARIES)' $(BUILD_PACKAGES:%='%') $(ATTACK_PACKAGES:%='%')

attacks: packages-attacks ## attack it: schemathesis, sqlmap, slow clients, floods, hostile bytes (ONLY=raw,sql SECONDS=100)
	@$(MAKE) attacks-run SANITIZE=

attacks-run: $(OUT)/readout build/attacks/venv/installed
	@python3 tests/attacks/run $(OUT)/readout build/attacks --only '$(ONLY)' $(if $(SECONDS),--seconds $(SECONDS))

build/attacks/venv/installed: tests/attacks/requirements.txt
	$(pip_install)

define pip_install
@python3 -m venv --clear $(@D)
@echo '  install  $(@D)'
$(QUIET)$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
@touch $@
endef

# The pages, in a browser: Debian's Chromium without a window, which needs half the time. Node.js and Chromium may be there from
# elsewhere.
NODE_PACKAGES = $(shell $(call has_node,18) || echo nodejs npm)
WEB_PACKAGES = $(NODE_PACKAGES) $(if $(or $(CHROMIUM),$(shell command -v chromium-headless-shell)),,chromium-headless-shell)

packages-web: packages-build
	@.ci/packages '$(SERVER_LIBRARIES)' $(WEB_PACKAGES:%='%')

test-web: packages-web ## try the pages in Chromium (ONLY=claims; ONLY=every PICTURES=1: the picture that the README shows)
	@$(MAKE) test-web-run SANITIZE=

test-web-run: $(OUT)/readout build/web/installed
	@READOUT_BINARY=$(OUT)/readout READOUT_WEB_TOOLS=build/web CHROMIUM="$${CHROMIUM:-$$(command -v chromium-headless-shell)}" \
		timeout 900 node --test --test-reporter=spec --test-concurrency=2 tests/web/$(or $(ONLY),*).test.mjs

build/web/installed: tests/web/package.json tests/web/package-lock.json
	$(npm_install)

# Clients are made of the contract as the program serves it, at release time; nothing of them is kept here. The test installs them
# as they are packed. The MCP client is the official one.
packages-clients: packages-build
	@.ci/packages '$(SERVER_LIBRARIES)' $(NODE_PACKAGES:%='%') python3 python3-venv

clients: packages-clients ## make and pack the typed clients, TypeScript and Python (build/clients)
	@$(MAKE) clients-run SANITIZE=

test-clients: packages-clients ## try the typed clients and the official MCP client against the server (ONLY=mcp)
	@$(MAKE) test-clients-run SANITIZE=

typescript_client := build/clients/readout-client-$(VERSION).tgz
python_client := build/clients/readout_client-$(VERSION)-py3-none-any.whl

clients-run: $(typescript_client) $(python_client)

build/clients/openapi.json: $(OUT)/readout tests/clients/contract.py
	@mkdir -p $(@D)
	@rm -f $(@D)/contract.db*
	$(QUIET)$(OUT)/readout migrate --log off --database $(@D)/contract.db >/dev/null
	$(QUIET)$(OUT)/readout get /openapi.json --log off --database $(@D)/contract.db | \
		python3 tests/clients/contract.py $(VERSION) >$@

$(typescript_client): build/clients/openapi.json build/clients/installed $(wildcard tests/clients/typescript/*)
	@echo '  generate $@'
	@mkdir -p build/clients/typescript && cp tests/clients/typescript/* build/clients/typescript
	$(QUIET)cd build/clients/typescript && sed -i 's/"version": "[^"]*"/"version": "$(VERSION)"/' package.json && \
		../node_modules/.bin/openapi-typescript ../openapi.json --output schema.d.ts >../typescript.log 2>&1 && \
		../node_modules/.bin/tsc && npm pack --pack-destination .. --loglevel=error >>../typescript.log

$(python_client): build/clients/openapi.json build/clients/venv/installed $(wildcard tests/clients/python/*)
	@echo '  generate $@'
	$(QUIET)cd build/clients && rm -rf python && PATH="$$PWD/venv/bin:$$PATH" openapi-python-client generate --path openapi.json \
		--config ../../tests/clients/python/config.yaml --meta setup --fail-on-warning --output-path python >python.log && \
		cp ../../tests/clients/python/README.md python && \
		venv/bin/pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir . ./python

build/clients/installed: tests/clients/package.json tests/clients/package-lock.json
	$(npm_install)

build/clients/venv/installed: tests/clients/requirements.txt
	$(pip_install)

test-clients-run: $(OUT)/readout clients-run
	@READOUT_BINARY=$(OUT)/readout tests/clients/run build/clients $(typescript_client) $(python_client) '$(ONLY)'

vendor: ## fetch what others wrote for the pages again, as server/web/vendor/VENDORED has it
	@server/web/vendor/fetch build/vendor

# ---- the checks -----------------------------------------------------------------------------------------------------------

## Check

sources := $(wildcard include/readout/*.h include/readout/*/*.h server/*.c server/*/*.[ch] tests/*.[ch] tests/*/*.[ch])
scripts := .ci/run .ci/packages tests/clients/run tests/run tests/fuzz/run tests/lint/run server/web/vendor/fetch

check: check-format check-house check-scripts check-code ## every check below

check-format: packages-check ## the layout of the C sources
	@clang-format --dry-run -Werror $(sources)

check-house: packages-check ## the rules of the house: arrows, banned functions, long functions, … (tests/lint)
	@$(MAKE) build SANITIZE=
	@CC='$(CC)' FLAGS='$(WARNINGS) -Werror' tests/lint/run

check-scripts: packages-check ## the YAML files and the shell scripts
	@yamllint --strict -c tests/lint/yamllint.yaml openapi.yaml docker/compose.yaml
	@shellcheck $(scripts)

check-code: packages-check ## what cppcheck finds
	@mkdir -p build/cppcheck
	@cppcheck --quiet --std=c11 --library=posix --library=gnu --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --suppress=unknownMacro --suppress=varFuncNullUB \
		--suppress=comparePointers:server/base/embedded.c --error-exitcode=1 --template=gcc -j $(JOBS) \
		--cppcheck-build-dir=build/cppcheck -D_GNU_SOURCE -DREADOUT_VERSION='"$(VERSION)"' -Iinclude server

format: packages-check ## lay the C sources out
	clang-format -i $(sources)

everything: build test-programs bench-programs ## compile the server, the tests and the bench

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^## / { print "\n" substr($$0, 4) } \
		/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

FORCE:
.PHONY: FORCE build run install docker packages packages-build packages-check test test-run test-programs coverage bench \
	attacks attacks-run packages-attacks faults faults-run packages-faults test-web test-web-run packages-web \
	clients clients-run test-clients test-clients-run packages-clients \
	evaluate evaluate-run soak soak-run vendor \
	bench-programs peers fuzz fuzz-run check check-format check-house check-scripts check-code format everything clean help

-include $(wildcard $(OUT)/server/*.d $(OUT)/server/*/*.d $(OUT)/tests/*.d $(OUT)/tests/*/*.d)
