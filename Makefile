# One-word commands. Each installs what it needs first (Debian packages, by tools/install-deps).
JOBS ?= 2
BUILD := build/dev

.PHONY: build release demo test unit asan fuzz bench fmt lint docs clean

build:
	@tools/install-deps
	@mkdir -p build; cmake --preset dev >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build $(BUILD) -j$(JOBS)

release:
	@tools/install-deps
	cmake --preset release
	cmake --build build/release -j$(JOBS)

demo: build
	@tools/demo $(BUILD)

test:
	@tools/install-deps --peers
	@tools/run-tests

# Unit tests only: seconds, no peers.
unit: build
	cd $(BUILD) && ctest --output-on-failure -L unit

asan:
	@tools/install-deps
	cmake --preset asan
	cmake --build build/asan -j$(JOBS)
	cd build/asan && ctest --output-on-failure -L unit

# Every fuzz target for FUZZ_SECONDS each.
FUZZ_SECONDS ?= 600
fuzz:
	@tools/install-deps
	@tools/fuzz $(FUZZ_SECONDS)

bench:
	@tools/install-deps --peers
	cmake --preset release
	cmake --build build/release -j$(JOBS) --target mullion bench_held bench_unwrap
	@tools/bench

fmt:
	git ls-files '*.cc' '*.h' | xargs clang-format-14 -i

lint:
	@tools/install-deps
	@tools/lint

docs: build
	tools/generate-docs $(BUILD)

clean:
	rm -rf build
