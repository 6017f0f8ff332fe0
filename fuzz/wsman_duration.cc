#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "wsman/envelope.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = wsman::parse_duration({reinterpret_cast<const char*>(data), size});
    if (!value) return 0;
    if (value->count() < 0) std::abort();
    if (wsman::parse_duration(wsman::format_duration(*value)) != value) std::abort();
    if (wsman::parse_duration(wsman::format_duration_long(*value)) != value) std::abort();
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(*value);
    if (wsman::parse_duration(wsman::format_duration_days(*value)) != Duration(whole)) std::abort();
    return 0;
}
