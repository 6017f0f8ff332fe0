// Failures in winrm's words.
#pragma once

#include <string>
#include <utility>

#include "core/error.h"

namespace mullion::winrm {

// `text` is what standard error shows, whole.
[[nodiscard]] inline Error refuse(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

// With the word that winrm begins most of them with.
[[nodiscard]] inline Error refuse_with_error(std::string text) {
    return refuse("Error: " + std::move(text));
}

[[nodiscard]] inline Error refuse_with_error(std::string text, std::string advice) {
    auto error = refuse_with_error(std::move(text));
    error.advice.push_back(std::move(advice));
    return error;
}

}  // namespace mullion::winrm
