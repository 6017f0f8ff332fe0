// `winrm configSDDL [default|URI]`: who may use the service, or one resource of it. The descriptor is fetched
// and put back by whoever calls: over WS-Management, or over this machine's own socket.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "rights/names.h"

namespace mullion::cli {

// What is to be changed; with nothing of it a person edits.
struct SddlChange {
    std::vector<std::string> grants;   // "Remote Management Users:read,execute"
    std::vector<std::string> revokes;  // The same, or a name alone: all its rights.
    std::optional<std::string> sddl;   // As a whole; not along with the others.
};

// Where it is.
struct SddlPlace {
    std::string name;  // "RootSDDL of web01"
    std::function<Result<std::string>()> get;
    std::function<Result<void>(const std::string& sddl)> put;
};

// Gives the text as the person left it.
using EditText = std::function<Result<std::string>(const std::string& text)>;

// Puts the descriptor only if it changed. Gives what to tell: what changed, and what is remarkable about it.
// Errors: usage.invalid (nonsense, with its line; a change that would shut everyone out), usage.unsupported
// (a descriptor that cannot be judged here), those of `get`, `put` and `edit`
[[nodiscard]] Result<std::string> config_sddl(const SddlChange& change, const SddlPlace& place,
                                              const rights::Names& names, const EditText& edit);

// In $VISUAL, $EDITOR or vi, on the terminal. Errors: usage.file
[[nodiscard]] Result<std::string> edit_in_editor(const std::string& text);

}  // namespace mullion::cli
