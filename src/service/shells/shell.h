// A shell: what Create said, its commands, and when it was used last. Values of Shells; lives on its
// executor.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/mechanism.h"
#include "core/clock.h"
#include "rights/sid.h"
#include "service/shells/output_encoder.h"
#include "service/shells/shell_command.h"

namespace mullion::service {

// [MS-WSMV] 2.2.4.38: at least a minute, whatever IdleTimeout says; the highest is what Windows takes.
inline constexpr Duration shortest_idle{60'000};
inline constexpr Duration longest_idle{0x7FFFFFFF};

struct Shell {
    std::string id;  // Upper case.
    std::string name;
    std::string owner;    // The account's name.
    rights::Sid account;  // The account.
    std::string unix_user;
    std::string client_ip;
    // What the log-on which opened the shell handed over, for what is done elsewhere in its owner's name;
    // null mostly. Each command gets the ticket in a cache of its own; a password, none. Wiped at the end of
    // shell and connection.
    std::shared_ptr<const auth::Delegated> delegated;
    std::vector<std::pair<std::string, std::string>> environment;
    std::string working_directory;
    std::string input_streams;
    std::string output_streams;
    std::uint32_t code_page = code_page_utf8;
    Duration idle_timeout{};
    std::optional<Duration> lifetime;  // As the client wanted it; MaxShellRunTime may be shorter.
    MonotonicTime created{};
    MonotonicTime last_used{};
    unsigned in_use = 0;  // Requests that are on it now; such a shell is not idle.
    bool closed = false;
    std::string ended_because;  // Where it was ended and nobody deleted it: what whoever waits is told.
    std::size_t bytes = 0;      // What Create said, roughly.
    // What Get and Enumerate tell of Create.
    std::string locale;
    std::string data_locale;
    bool profile_loaded = true;
    bool utf16 = false;  // The charset of its Create.

    std::vector<std::shared_ptr<ShellCommand>> commands;  // In the order they began.
    std::set<std::string> starting;                       // Ids of commands that are about to begin.

    [[nodiscard]] bool has_input(std::string_view stream) const { return lists(input_streams, stream); }
    [[nodiscard]] bool has_output(std::string_view stream) const { return lists(output_streams, stream); }
    [[nodiscard]] std::shared_ptr<ShellCommand> command(const std::string& upper_id) const {
        for (const auto& one : commands)
            if (one->id() == upper_id) return one;
        return nullptr;
    }

private:
    // Names of streams are separated by blanks. [MS-WSMV] 2.2.4.37
    [[nodiscard]] static bool lists(std::string_view names, std::string_view stream) {
        return (" " + std::string(names) + " ").find(" " + std::string(stream) + " ") != std::string::npos;
    }
};

}  // namespace mullion::service
