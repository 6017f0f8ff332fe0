// Advice for who typed `winrm` or `winrs`: most of it is written for `mullion run`, whose options these two
// take in one word, or do not have.
#pragma once

#include <string>
#include <string_view>

namespace mullion::cli {

// The line with the switches that the namesakes have; empty when it is about what they have not.
[[nodiscard]] std::string in_namesake_words(std::string_view line);

}  // namespace mullion::cli
