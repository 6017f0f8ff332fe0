// `winrs [-switch[:value]]… COMMAND`, read into a value.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "winrm/endpoint.h"

namespace mullion::winrm {

struct WinrsRequest {
    std::optional<Endpoint> remote;  // Nothing: localhost.
    bool ssl = false;                // Also where no -remote says to what.
    std::string user;
    std::optional<Secret> password;          // Nothing beside a user: to be asked for.
    bool unencrypted = false;                // Means nothing over https.
    std::optional<std::uint32_t> timeout_s;  // Deprecated there: the shell's lifetime.
    std::string directory;
    std::vector<std::pair<std::string, std::string>> environment;  // In their order, names once.
    bool no_echo = false;
    bool no_profile = false;
    bool allow_delegate = false;
    bool compression = false;
    std::string command;  // The words behind the switches, joined with blanks.
};
struct WinrsHelp {};
using WinrsLine = std::variant<WinrsHelp, WinrsRequest>;

// Whether a word that stands before the command is a switch: it begins with '-', or with the one '/' that it
// has before its ':' (Windows knows no command that begins with '/'; elsewhere "/bin/echo" is one).
[[nodiscard]] bool is_winrs_switch(std::string_view word);

// `words` are argv without the program's name. The command begins at the first word that is no switch, or
// behind "--"; what follows is the command's, switches too. Errors: usage.invalid, whose detail is for
// standard error; exit status 1.
[[nodiscard]] Result<WinrsLine> parse_winrs_line(std::span<const std::string_view> words);

// The parts that are passwords, for whoever holds the words to wipe (see clear_parts() of winrm).
[[nodiscard]] std::vector<std::string_view> winrs_clear_parts(std::span<const std::string_view> words);

}  // namespace mullion::winrm
