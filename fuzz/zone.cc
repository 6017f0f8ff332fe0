// Files of the tz database: each is a zone whose offsets are offsets, or none.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "checks/zone.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto zone = mullion::checks::Zone::parse({reinterpret_cast<const char*>(data), size});
    if (!zone) return 0;
    for (const std::int64_t at : {INT64_MIN, std::int64_t{0}, std::int64_t{1773144000}, INT64_MAX}) {
        const auto offset = zone->offset_at(at);
        FUZZ_CHECK(offset >= -93'600 && offset <= 93'600);
    }
    return 0;
}
