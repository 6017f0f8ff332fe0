// Thresholds: what is read prints as a range that means the same, and an alert outside is none inside.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "checks/bytes.h"
#include "checks/threshold.h"

namespace {

using mullion::checks::Range;

void check_same(const Range& range, std::string_view text) {
    const auto printed = range.print();
    const auto again = Range::parse(printed);
    // What a unit makes of a number of many digits has an exponent, which no option may have.
    if (printed.find('e') != std::string::npos) return;
    FUZZ_CHECK(printed.size() > 200 || again.has_value());
    if (!again) return;
    FUZZ_CHECK(again->print() == printed);
    for (const double value : {-1e9, -1.0, -0.5, 0.0, 0.25, 1.0, 80.0, 1024.0, 1e18})
        FUZZ_CHECK(again->alerts(value) == range.alerts(value));
    FUZZ_CHECK(text.size() <= 200);
    (void)range.print(1e9, true);
    (void)range.print(3.5);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto range = Range::parse(text)) check_same(*range, text);
    if (const auto range = Range::parse(text, true)) FUZZ_CHECK(Range::parse(text).has_value());
    double seconds = 0;
    for (const char c : text.substr(0, 16)) seconds = seconds * 97.5 + c;
    FUZZ_CHECK(!mullion::checks::format_duration(seconds, "d").empty());
    FUZZ_CHECK(!mullion::checks::format_bytes(seconds).empty());
    return 0;
}
