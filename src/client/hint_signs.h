// The signs that hints_of() looks for. In the room only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/error.h"

namespace mullion::client {

// Where a sign holds. Numbers, and names of types, members and errors, are the same on a Windows of every
// language; a sentence is its language's alone. A share is a path \\server\share.
enum class Sign { number, name, sentence, share };

// One thing to be found: a number (also in decimal, signed or not, and as the exit code), or a text, whatever
// its case; a name or a share in the command as well.
struct Mark {
    Sign sign;
    std::string_view text;
    std::uint32_t number = 0;
};

// All of one row's groups must be there; of a group, one mark.
struct SignRow {
    ErrorId hint;
    std::span<const Mark> one_of;
    std::span<const Mark> and_one_of = {};
};
[[nodiscard]] std::span<const SignRow> sign_rows();

}  // namespace mullion::client
