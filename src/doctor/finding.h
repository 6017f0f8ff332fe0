// What one check came to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mullion::doctor {

enum class State {
    ok,
    failed,
    skipped,  // Not asked, or nothing to ask about; `seen` says why.
    warning,  // All works, and should not stay so.
};
[[nodiscard]] std::string_view to_string(State state);

struct Finding {
    std::string check;  // "tcp", "logon ntlm"
    State state = State::ok;
    std::string seen;                       // One line, for people.
    std::optional<Error> error;             // Set exactly when it failed, or is a warning.
    std::vector<std::string> on_host = {};  // Commands to run on the host.
    std::vector<std::string> here = {};     // Commands and options for this machine.
    // In the place of what the error's row says, where the evidence says more.
    std::optional<std::vector<std::string>> own_likely = {}, own_next = {};
    std::string because = {};  // The check whose failure kept this one from being made.

    // The likely causes, and what else to do: the error's own.
    [[nodiscard]] std::vector<std::string> likely() const;
    [[nodiscard]] std::vector<std::string> next() const;
};

[[nodiscard]] Finding fine(std::string seen);
// There is nothing to check, and what comes below does not mind.
[[nodiscard]] Finding not_checked(std::string why);
[[nodiscard]] Finding skipped_because(std::string check, std::string_view more = {});
[[nodiscard]] Finding failed(Error error);
[[nodiscard]] Finding warned(ErrorId id, std::string seen);

}  // namespace mullion::doctor
