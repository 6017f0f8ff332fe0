// What an operator or an inventory writes as a host: never crashes, and what is accepted means the same
// again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "target/option_table.h"
#include "target/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    using namespace mullion::target;
    if (const auto target = parse_target(text, {}); target.ok()) {
        const auto again = parse_target(target.value().url(), {});
        if (!again.ok() || again.value().url() != target.value().url()) std::abort();
    }
    Target target;
    for (const auto& row : option_table()) (void)row.set(target, text).ok();
    return 0;
}
