// Rules that fields of several kinds have; for this folder only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "secrets/entities/validate.h"

namespace mullion::secrets {

inline constexpr std::size_t longest_word = 1024;

// One line that nothing steers. Empty is fine.
[[nodiscard]] std::optional<Fault> check_line(std::string_view field, std::string_view text,
                                              std::size_t longest = longest_word);
// The same, and something must be there: "LABEL cannot be empty".
[[nodiscard]] std::optional<Fault> check_given(std::string_view field, std::string_view text,
                                               std::string_view label, std::size_t longest = longest_word);
// Lines, with tabs.
[[nodiscard]] std::optional<Fault> check_lines(std::string_view field, std::string_view text,
                                               std::size_t longest);
[[nodiscard]] std::optional<Fault> check_words(std::string_view field, const std::vector<std::string>& words,
                                               std::size_t most);
[[nodiscard]] std::optional<Fault> check_pairs(std::string_view field,
                                               const std::map<std::string, std::string>& pairs,
                                               std::size_t most);
// `empty` is said of a reference that is missing.
[[nodiscard]] std::optional<Fault> check_reference(std::string_view field, const Reference& reference,
                                                   std::string_view empty);
// Absolute, on the machine that uses it.
[[nodiscard]] std::optional<Fault> check_path(std::string_view field, std::string_view path,
                                              std::string_view label);

[[nodiscard]] std::optional<Fault> check_credential(const WinRmCredential& credential);
[[nodiscard]] std::optional<Fault> check_aws_kms(const AwsKmsConnector& connector);

}  // namespace mullion::secrets

// Returns the fault from the enclosing function, if there is one.
#define MULLION_CHECK(expression)                                    \
    do {                                                             \
        if (auto mullion_fault = (expression)) return mullion_fault; \
    } while (false)
