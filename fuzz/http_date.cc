// The Date field: what is taken for a date is one of the four-digit years, to the second.
#include <cstdint>

#include "check.h"
#include "http/date.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto date = mullion::http::parse_date(text);
    if (!date) return 0;
    FUZZ_CHECK(size == 29 && text.ends_with(" GMT"));
    FUZZ_CHECK(date->time_since_epoch().count() >= -62'167'219'200);  // Year 0.
    FUZZ_CHECK(date->time_since_epoch().count() <= 253'402'300'800);  // The end of 9999.
    return 0;
}
