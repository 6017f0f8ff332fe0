// What a service says when it says no: whatever it is, a bounded line is made of it, and a decision.
#include <string_view>

#include "aws/retry.h"
#include "aws/service_error.h"
#include "check.h"
#include "core/printable.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    using namespace mullion::aws;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    for (const auto& error :
         {read_json_error(400, text, ""), read_xml_error(403, text), read_json_error(400, "", text)}) {
        // Each byte becomes four characters at most: "\x1b".
        FUZZ_CHECK(error.code.size() <= 800 && error.message.size() <= 4000);
        FUZZ_CHECK(one_line(error.code) == error.code && one_line(error.message) == error.message);
        for (const bool temporary : {false, true}) (void)class_of(error, temporary);
        FUZZ_CHECK(!to_string(cause_of(error)).empty());
    }
    (void)parse_retry_after(text);
    return 0;
}
