// `mullion serve status`: whether this machine's service runs, and how it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/machine.h"

namespace mullion::cli {

inline constexpr const char* usual_state = "/var/lib/mullion";

struct StatusListener {
    std::string url;              // "http://*:5985/wsman", with the real port where the service said it.
    std::vector<std::string> at;  // Addresses of this machine; only the service knows them.
    std::string source;           // "GPO", "CommandLine" or "Compatibility", where it is not the file's.
};

struct ServeStatus {
    std::string state;  // The directory.
    UnitState unit;
    std::optional<int> pid;  // Of who holds the directory's lock; nothing: it does not run.
    std::string version;     // What it says itself, over its socket; empty: it does not answer.
    std::string problem;     // Why it does not answer.
    std::vector<StatusListener> listeners;  // Those that are enabled.
    bool asked = false;                     // The service said them; else winrm.yaml and policy.d do.
    std::vector<std::string> errors;        // The last of the journal, oldest first.
    bool journal = false;                   // There is one to be looked at.
};

// LSB's: 0 it runs, 3 it does not, 4 it runs and does not answer.
[[nodiscard]] int exit_status_of(const ServeStatus& status);
[[nodiscard]] std::string status_text(const ServeStatus& status);
[[nodiscard]] std::string status_json(const ServeStatus& status);
// Of what the journal has of the unit (`-o cat`), the last five that tell of an error.
[[nodiscard]] std::vector<std::string> last_errors(const std::string& journal);

// The whole command. `output` is "text" or "json".
[[nodiscard]] int serve_status(const std::string& state, const std::string& output);

}  // namespace mullion::cli
