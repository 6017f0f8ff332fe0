// `winrm` and `winrs`: Windows' own command lines, in words that no command-line library reads. They are
// found by the name that the program was started under, or as commands of `mullion`.
#pragma once

#include <span>

namespace mullion::cli {

// The words behind the command's own name. They are memory that may be overwritten: passwords among them are
// wiped as soon as they were read. Gives the exit status.
using Words = std::span<char* const>;
[[nodiscard]] int run_winrm(Words words);
[[nodiscard]] int run_winrs(Words words);

}  // namespace mullion::cli
