// UTF-8, UTF-16 and code page 437: every conversion that succeeds can be taken back.
#include <cstdint>

#include "check.h"
#include "encoding/code_page.h"
#include "encoding/utf16.h"

using namespace mullion::encoding;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        const auto wide = utf8_to_utf16(input, order);
        FUZZ_CHECK(wide.has_value() == is_utf8(input));
        if (wide) FUZZ_CHECK(utf16_to_utf8(*wide, order) == input);
        if (const auto narrow = utf16_to_utf8(input, order))
            FUZZ_CHECK(utf8_to_utf16(*narrow, order) == input);
    }
    const std::string shown = to_valid_utf8(input);
    FUZZ_CHECK(is_utf8(shown));
    if (is_utf8(input)) FUZZ_CHECK(shown == input);
    FUZZ_CHECK(utf8_to_cp437(cp437_to_utf8(input)) == input);
    FUZZ_CHECK(utf8_to_cp437(input).size() <= size);
    return 0;
}
