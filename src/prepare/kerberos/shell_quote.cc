#include "prepare/kerberos/shell_quote.h"

#include <fmt/core.h>

#include <algorithm>

namespace mullion::prepare {
namespace {

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

}  // namespace

Result<std::string> shell_quote(std::string_view text, std::string_view what) {
    if (text.size() > longest_shell_word)
        return Error{ErrorId::usage_invalid,
                     fmt::format("{} is longer than {} bytes", what, longest_shell_word)};
    if (std::any_of(text.begin(), text.end(), is_control))
        return Error{ErrorId::usage_invalid,
                     fmt::format("{} has a line end or another control character", what)};
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

}  // namespace mullion::prepare
