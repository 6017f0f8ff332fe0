// SIDs, as text and as bytes: what is taken is the same again in both forms.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "rights/sid.h"

namespace {

void check(const mullion::rights::Sid& sid) {
    FUZZ_CHECK(!sid.sub_authorities().empty() && sid.sub_authorities().size() <= 15);
    FUZZ_CHECK(mullion::rights::parse_sid(sid.text()) == sid);
    FUZZ_CHECK(mullion::rights::read_binary_sid(sid.binary()) == sid);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto front = mullion::rights::parse_sid_front(input);
    const auto whole = mullion::rights::parse_sid(input);
    if (front) {
        FUZZ_CHECK(front->size <= size);
        FUZZ_CHECK(whole.has_value() == (front->size == size));
        check(front->sid);
    } else {
        FUZZ_CHECK(!whole);
    }
    const auto binary = mullion::rights::read_binary_sid(input);
    if (binary) {
        FUZZ_CHECK(binary->binary() == input);
        check(*binary);
    }
    return 0;
}
