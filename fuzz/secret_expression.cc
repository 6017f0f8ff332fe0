// An expression of a secret: an ordinary text, an error that repeats nothing of what stands around it, or a
// reference that is read again when it is written as an expression.
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "secrets/use/expression.h"

using namespace mullion;
using namespace mullion::secrets;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = parse_expression(text);
    const auto named = named_secret(text, {"o", "p"});
    if (!parsed.ok()) {
        FUZZ_CHECK(parsed.error().id == ErrorId::secrets_invalid && has_expression(text) && !named.ok());
        return 0;
    }
    if (!*parsed) return 0;
    FUZZ_CHECK(has_expression(text) && named.ok());
    const auto written = "<+secrets.getValue(\"" + reference_text(**parsed) + "\")>";
    const auto again = parse_expression(written);
    FUZZ_CHECK(again.ok() && *again == *parsed);
    return 0;
}
