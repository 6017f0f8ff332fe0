// Base64 and hex: what decodes has this one spelling.
#include <algorithm>
#include <cstdint>

#include "check.h"
#include "encoding/base64.h"
#include "encoding/hex.h"

using namespace mullion::encoding;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    FUZZ_CHECK(base64_decode(base64_encode(input)) == input);
    FUZZ_CHECK(from_hex(to_hex(input)) == input);
    if (const auto bytes = base64_decode(input)) {
        std::string text(input);
        std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
        FUZZ_CHECK(base64_encode(*bytes) == text);
    }
    if (const auto bytes = from_hex(input)) FUZZ_CHECK(bytes->size() * 2 == size);
    return 0;
}
