// What PowerShell writes on its standard error: errors come out as text, and what is none stays as it is.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "checks/powershell.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto plain = checks::plain_errors(input);
    if (input.find("#< CLIXML") == std::string_view::npos) FUZZ_CHECK(plain == input);
    FUZZ_CHECK(plain.size() <= size + 3 * size);  // U+FFFD has three bytes.
    return 0;
}
