// What a check keeps between two runs: what is read is kept again as the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "checks/state_file.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const checks::Series series{"cpu", "web01", 5985};
    const auto read = checks::parse_state({reinterpret_cast<const char*>(data), size}, series);
    if (!read.ok()) return 0;
    const auto printed = checks::print_state(*read, series);
    const auto again = checks::parse_state(printed, series);
    FUZZ_CHECK(again.ok());
    FUZZ_CHECK(*again == *read);
    return 0;
}
