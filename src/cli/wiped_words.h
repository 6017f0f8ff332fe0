// The words of a command line that may hold passwords.
#pragma once

#include <string_view>
#include <vector>

namespace mullion::cli {

// Overwrites those parts of our own argv: what `ps` shows, and what a core dump would hold. They are of
// memory that is ours to change, and views of them are empty text afterwards, though not shorter.
void wipe_words(const std::vector<std::string_view>& parts);

// On standard error: that a password stood where every user of the machine could read it.
void warn_of_password(std::string_view program, std::string_view where);

}  // namespace mullion::cli
