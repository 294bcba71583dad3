# Few verbs. `make help` lists them.

GO       ?= go
PORT     ?= 4010
FUZZTIME ?= 60s
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS   = -s -w -X main.version=$(VERSION)

GOLANGCI_VERSION = v2.15.0
GOLANGCI         = bin/golangci-lint-$(GOLANGCI_VERSION)

# Packages that share data between goroutines.
CONCURRENT = ^github.com/mimus-dev/mimus(/mimustest|/cmd/mimus|/internal/(engine|saved|template|server|calls|resource|schema|store|api|access|hosting|node|outbound|transfer|tracing))?$$

# How often a node is killed.
KILLS    ?= 20

PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.DEFAULT_GOAL := help
.PHONY: help run build test lint race bench fuzz generate corpus conformance conformance-postman conformance-platform conformance-clients worldcheck postgres chaos release

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the petstore example (PORT=4010)
	$(GO) run ./cmd/mimus serve examples/petstore/openapi.yaml --port $(PORT)

build: ## build bin/mimus
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/mimus ./cmd/mimus

test: ## run all tests
	$(GO) test ./...

lint: $(GOLANGCI) ## run the linters (builds them into bin/ the first time)
	$(GOLANGCI) run ./...

$(GOLANGCI):
	@echo "building golangci-lint $(GOLANGCI_VERSION), once; this takes a minute or two"
	GOFLAGS= GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv bin/golangci-lint $@

# The corpus is left out: it says nothing about races and takes many times longer here.
race: ## run the concurrent packages under the race detector
	@pkgs=$$($(GO) list ./... | grep -E '$(CONCURRENT)'); \
	if [ -z "$$pkgs" ]; then echo "no concurrent packages yet"; else MIMUS_SHARED= $(GO) test -race -short $$pkgs; fi

bench: build ## measure the budgets and print a table; exit 1 when one is missed
	$(GO) build -o bin/bench ./bench
	bin/bench -mimus bin/mimus $(BENCHFLAGS)

fuzz: ## run every fuzz target for FUZZTIME (60s)
	@grep -rn --include='*_test.go' -oE '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's|^(.*)/[^/]+:[0-9]+:func (.*)$$|\1 \2|' | sort -u | \
	while read -r dir target; do \
		echo "fuzz $$dir $$target"; \
		$(GO) test "$$dir" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x </dev/null || exit 1; \
	done

generate: ## write the generated files again
	$(GO) generate ./...

corpus: ## run the corpus tests and the conformance floors (needs MIMUS_SHARED)
	@test -n "$(MIMUS_SHARED)" || { echo "set MIMUS_SHARED to the folder that holds corpus/ and conformance/"; exit 1; }
	MIMUS_SHARED=$(abspath $(MIMUS_SHARED)) $(GO) test -run '^TestCorpus' ./...
	$(MAKE) conformance conformance-postman conformance-platform conformance-clients worldcheck

conformance: build ## judge bin/mimus from outside and compare with the floors (needs MIMUS_SHARED)
	tools/conformance/run.py --mimus bin/mimus $(CONFORMANCEFLAGS)

conformance-postman: build ## judge what is done with collections, and compare with the floors (needs MIMUS_SHARED)
	tools/conformance/postman.py --mimus bin/mimus $(POSTMANFLAGS)

conformance-platform: build ## judge the management API from outside, and with Postman's own client (needs MIMUS_SHARED)
	tools/conformance/platform_api.py --mimus bin/mimus $(PLATFORMFLAGS)
	node tools/conformance/mcp.mjs --mimus bin/mimus

conformance-clients: build ## drive public SDKs against mocks of their APIs, and compare with the floor (needs MIMUS_SHARED)
	tools/conformance/run.py --mimus bin/mimus --part clients $(CLIENTSFLAGS)

worldcheck: build ## judge whether lists, items, filters and references agree, and compare with the floor (needs MIMUS_SHARED)
	$(GO) build -o bin/worldcheck ./tools/worldcheck
	tools/conformance/run.py --mimus bin/mimus --part world $(WORLDFLAGS)

postgres: ## run the tests that need PostgreSQL (MIMUS_TEST_POSTGRES=postgres://…)
	@test -n "$(MIMUS_TEST_POSTGRES)" || { echo "set MIMUS_TEST_POSTGRES to the URL of a database in which schemas may be made"; exit 1; }
	MIMUS_SHARED= $(GO) test -count=1 ./internal/store ./internal/node ./internal/api

chaos: build ## kill nodes and the database under load, and judge answers, changes and the log (KILLS=20)
	$(GO) build -o bin/chaos ./tools/chaos
	bin/chaos -mimus bin/mimus -kills $(KILLS) $(CHAOSFLAGS)

release: ## build static binaries for all platforms into dist/
	@rm -rf dist && mkdir dist
	@for p in $(PLATFORMS); do \
		os=$${p%/*}; arch=$${p#*/}; out=dist/mimus-$(VERSION)-$$os-$$arch; \
		if [ $$os = windows ]; then out=$$out.exe; fi; \
		echo "$$out"; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o "$$out" ./cmd/mimus || exit 1; \
	done
	@cd dist && sha256sum mimus-* > SHA256SUMS
