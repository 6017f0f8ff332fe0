# One-word commands. Each installs what it needs first (Debian packages, by tools/install-deps).
JOBS ?= 2
BUILD := build/dev

.PHONY: build release demo test unit asan fuzz fuzz-merge soak bench fmt lint docs clean

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

# Every fuzz target for FUZZ_SECONDS each, or all together for FUZZ_CPU_HOURS of processor time. The result is in build/fuzz/report.txt.
FUZZ_SECONDS ?= 600
FUZZ_CPU_HOURS ?=
fuzz:
	@tools/install-deps
	@tools/fuzz $(if $(FUZZ_CPU_HOURS),--cpu-hours $(FUZZ_CPU_HOURS),$(FUZZ_SECONDS))

# What fuzzing learned and found becomes seeds, which every test run replays.
fuzz-merge:
	@tools/install-deps
	@tools/fuzz --merge

# Mixed load and faults for SOAK_SECONDS; memory must stay flat.
SOAK_SECONDS ?= 1800
soak: build
	@tools/soak $(SOAK_SECONDS)

bench:
	@tools/install-deps --peers
	cmake --preset release
	cmake --build build/release -j$(JOBS) --target mullion bench_held bench_unwrap bench_service_load bench_cim bench_scrape_load bench_secrets bench_tls_floor
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
