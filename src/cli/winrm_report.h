// How `winrm` tells of what came back, on standard output and standard error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/exchange.h"
#include "core/error.h"
#include "winrm/command_line.h"

namespace mullion::cli {

// The WSMan code of a failure that Windows has a number for; nothing for one that only we know.
[[nodiscard]] std::optional<std::uint32_t> windows_code(const Error& error);

// What stands on standard error for a failed exchange: the fault as winrm formats it, its number and text,
// and what we would advise.
[[nodiscard]] std::string failure_text(const Error& error, const wsman::Message* answer,
                                       winrm::Format format);

// Standard output and standard error of a process that writes nothing else; on a terminal nothing that a host
// sent steers it.
class WinrmOutput {
public:
    // False when the reader has gone, or it could not be written: nothing more need be fetched.
    [[nodiscard]] bool print(std::string_view text);
    void complain(std::string_view text);
    // 0 while all was written.
    [[nodiscard]] int problem() const { return problem_; }

private:
    int problem_ = 0;
};

// A usage error in the namesake's words; gives the exit status.
int refuse_words(const Error& error);

}  // namespace mullion::cli
