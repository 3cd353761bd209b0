# invoiced: `make help` lists the targets.
SHELL := /bin/bash
SWIFT := scripts/swift

# Where `make install` puts things. The daemon looks for its templates under /usr/share/invoiced.
DESTDIR ?=
PREFIX ?= /usr
# The build that is installed: release (static Swift runtime) or debug.
CONFIGURATION ?= release
# Non-empty: `make demo KEEP=1` leaves the demo's daemon and sandbox running.
KEEP ?=

programs := invoiced invoicectl invoiced-sse
bin := $(DESTDIR)$(PREFIX)/bin
share := $(DESTDIR)$(PREFIX)/share
lib := $(DESTDIR)$(PREFIX)/lib

.DEFAULT_GOAL := help
.PHONY: help packages build release demo test test-crash test-systemd fuzz check fmt bench install install-programs install-files clean
.PHONY: deb test-package release-programs

help: ## list the targets
	@echo 'invoiced sends invoices by e-mail, each exactly once.'
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22
	@echo
	@echo '  make install DESTDIR=… PREFIX=$(PREFIX)     make demo KEEP=1'

packages: ## install missing Debian packages that a build needs
	@scripts/packages build

build: packages ## build the programs for development (.build/debug)
	$(SWIFT) build

release: packages release-programs ## build optimised programs that include the Swift runtime (.build/release)

# Does not check the Debian packages, for callers that have already done so.
release-programs:
	for program in $(programs); do \
	  $(SWIFT) build -c release --static-swift-stdlib --disable-local-rpath -Xlinker -znow --product "$$program" || exit; done

demo: ## send a sample month through a Gmail stand-in on this machine; KEEP=1 leaves it running
	@KEEP='$(KEEP)' demo/run

test: ## run every test
	@scripts/packages test
	@scripts/test

# CRASH_SEED=N and MODEL_SEED=N fix the random seeds. `make test` has a short form.
CRASH_KILLS ?= 240
POWER_CUTS ?= 60
MODEL_HISTORIES ?= 2000

test-crash: ## CRASH_KILLS kills of the daemon (240), POWER_CUTS power failures (60), MODEL_HISTORIES random histories (2000)
	@scripts/packages test
	$(SWIFT) build --build-tests
	CRASH_KILLS='$(CRASH_KILLS)' POWER_CUTS='$(POWER_CUTS)' MODEL_HISTORIES='$(MODEL_HISTORIES)' \
	  $(SWIFT) test --skip-build --disable-xctest --filter '^(CrashTests\.|StoreTests\.RandomHistoryTests)'

test-systemd: build ## run the tests under a real systemd; needs root
	@Tests/systemd/run

test-package: ## build the Debian package, and install, upgrade and remove it on Debian 12 and 13; needs root
	@scripts/packages test
	@Tests/package/run

# `make test` runs each for a minute.
FUZZ_SECONDS ?= 60

fuzz: packages ## run each fuzzer for FUZZ_SECONDS (60)
	@scripts/fuzz '$(FUZZ_SECONDS)'

check: ## lint: format, shell, docs, manual pages, units, catalogs
	@scripts/lint

fmt: ## format the Swift sources
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

bench: packages ## measure mails per second, CPU, memory, lists of 20,000, and how fast events reach one browser and 5,000
	@scripts/packages bench || echo 'The bench goes on: what needs these packages is skipped or fails by itself.'
	@bench/run

install: release install-programs install-files ## install the release build, units, manual pages (DESTDIR=, PREFIX=)

# Installs what is in .build/$(CONFIGURATION), without building it.
install-programs:
	install -d '$(bin)'
	install -m 755 $(addprefix .build/$(CONFIGURATION)/,$(programs)) '$(bin)'
	strip --strip-debug $(addprefix '$(bin)'/,$(programs))

install-files:
	install -d '$(lib)/systemd/system' '$(lib)/sysusers.d' '$(lib)/tmpfiles.d' '$(share)/invoiced/templates' \
	  '$(share)/doc/invoiced/docs/images' '$(share)/doc/invoiced/examples'
	for unit in systemd/*.service systemd/*.socket systemd/*.timer; do \
	  sed 's,/usr/bin/invoice,$(PREFIX)/bin/invoice,' "$$unit" >'$(lib)/systemd/system/'"$${unit##*/}" || exit; \
	  chmod 644 '$(lib)/systemd/system/'"$${unit##*/}"; done
	install -m 644 systemd/sysusers.d/*.conf '$(lib)/sysusers.d'
	install -m 644 systemd/tmpfiles.d/*.conf '$(lib)/tmpfiles.d'
	install -m 644 examples/templates/* '$(share)/invoiced/templates'
	install -m 644 systemd/invoiced.yaml '$(share)/invoiced'
	install -m 644 LICENSE README.md CHANGELOG.md '$(share)/doc/invoiced'
	install -m 644 docs/*.md '$(share)/doc/invoiced/docs'
	install -m 644 docs/images/*.png '$(share)/doc/invoiced/docs/images'
	install -D -m 644 -t '$(share)/man/man1' man/*.1
	install -D -m 644 -t '$(share)/man/man5' man/*.5
	install -D -m 644 -t '$(share)/man/man8' man/*.8
	install -D -m 644 -t '$(lib)/systemd/catalog' systemd/catalog/*.catalog
	install -d '$(share)/bash-completion/completions'
	install -m 644 completions/invoicectl.bash '$(share)/bash-completion/completions/invoicectl'
	install -m 644 completions/invoiced.bash '$(share)/bash-completion/completions/invoiced'
	ln -sf invoiced '$(share)/bash-completion/completions/invoiced-sse'
	install -D -m 644 -t '$(share)/zsh/vendor-completions' completions/_*
	install -D -m 644 -t '$(share)/fish/vendor_completions.d' completions/*.fish
	install -m 644 examples/*.yaml '$(share)/doc/invoiced/examples'
	install -D -m 644 -t '$(share)/doc/invoiced/examples/nginx' examples/nginx/*.conf
	install -D -m 644 -t '$(lib)/systemd/system-preset' systemd/preset/*.preset
	for file in $$(cd examples/systemd && find * -type f); do \
	  install -D -m 644 "examples/systemd/$$file" '$(share)/doc/invoiced/examples/systemd/'"$$file" || exit; done

deb: release ## build the Debian package, in .build/deb
	@scripts/packages deb
	@scripts/deb

clean: ## remove build results and the demo's folder
	rm -rf .build .build-fuzz .demo
