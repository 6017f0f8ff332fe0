// How a script gets to a host over WinRM: by standard input of a PowerShell, since it is longer than a
// command line may be, and nothing secret is ever in one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"

namespace mullion::prepare {

// "powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand …": reads two lines.
[[nodiscard]] std::string remote_command();

// How a session comes to a host: a script does not cut that.
struct Way {
    bool https = true;
    std::uint16_t port = 5986;
    std::string logon;  // The setting below Service\Auth that lets it log on, "Negotiate"; empty: not known.
};

// Of ways to log on as they are given: known where there is one alone.
[[nodiscard]] std::string logon_of(const std::vector<std::string>& transports);

// The two lines: the session's way ("https:5986:Negotiate") with the new account's password, and the script;
// both in base64, since a host's code page could change the password.
[[nodiscard]] Secret remote_input(std::string_view script, const Way& way, const Secret* password);

}  // namespace mullion::prepare
