// DIR/shell-users, which the privileged process reads.
#include <cstddef>
#include <cstdint>
#include <string>

#include "check.h"
#include "monitor/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto names = mullion::monitor::parse_shell_users(text);
    // What is taken reads the same again, and no name can hide another in its line.
    std::string again;
    for (const auto& name : names) {
        FUZZ_CHECK(!name.empty() && name.find('\n') == std::string::npos &&
                   name.find('\0') == std::string::npos);
        again += name + "\n";
    }
    FUZZ_CHECK(mullion::monitor::parse_shell_users(again) == names);
    return 0;
}
