#include "cli/wiped_words.h"

#include <fmt/core.h>
#include <unistd.h>

#include "cli/write_all.h"
#include "core/secret.h"

namespace mullion::cli {

void wipe_words(const std::vector<std::string_view>& parts) {
    for (const auto part : parts) wipe_memory(const_cast<char*>(part.data()), part.size());  // NOLINT: argv
}

void warn_of_password(std::string_view program, std::string_view where) {
    (void)write_all(
        STDERR_FILENO,
        fmt::format("{}: warning: {} stood on the command line, where every user of this machine could "
                    "read it until now; it was wiped from the process list\n",
                    program, where));
}

}  // namespace mullion::cli
