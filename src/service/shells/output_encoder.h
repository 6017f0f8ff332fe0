// Output of a command in the code page of its shell, chunk by chunk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mullion::service {

inline constexpr std::uint32_t code_page_utf8 = 65001;
inline constexpr std::uint32_t code_page_437 = 437;

// Programs on Linux write UTF-8. For 65001 their bytes pass as they are; for 437 characters are translated,
// also those that two chunks share.
class OutputEncoder {
public:
    explicit OutputEncoder(std::uint32_t code_page) : code_page_(code_page) {}
    [[nodiscard]] std::string encode(std::string_view chunk);
    [[nodiscard]] std::string finish();  // What is left of a character that never ended.

private:
    std::uint32_t code_page_;
    std::string held_;  // The beginning of a character; at most 3 bytes.
};

}  // namespace mullion::service
