// DER: an element that is read is written again byte by byte.
#include <cstdint>

#include "check.h"
#include "encoding/der.h"

using namespace mullion::encoding;

namespace {

void walk(std::string_view bytes, int depth) {
    DerReader reader(bytes);
    std::string again;
    while (const auto element = reader.next()) {
        again += der_element(element->tag, element->content);
        FUZZ_CHECK(bytes.starts_with(again));
        FUZZ_CHECK(!DerReader(element->content).expect(0x1F).has_value());
        if (depth < 16) walk(element->content, depth + 1);
    }
    FUZZ_CHECK(!reader.at_end() || again == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    walk({reinterpret_cast<const char*>(data), size}, 0);
    return 0;
}
