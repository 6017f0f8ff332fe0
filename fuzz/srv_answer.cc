// DNS' answer to who serves a realm: every host is a name, and they are few and in order.
#include <cstdint>
#include <string_view>

#include "check.h"
#include "tickets/srv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::tickets;
    const auto records = read_srv_answer({reinterpret_cast<const char*>(data), size});
    if (!records) return 0;
    FUZZ_CHECK(records->size() <= 16);
    for (std::size_t i = 0; i < records->size(); ++i) {
        const auto& one = (*records)[i];
        FUZZ_CHECK(one.port != 0 && srv_name(one.host));
        FUZZ_CHECK(i == 0 || (*records)[i - 1].priority <= one.priority);
    }
    return 0;
}
