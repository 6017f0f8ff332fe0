// The configuration of a state directory: read whole, and its file changed so that nothing that somebody else
// wrote meanwhile is lost.
#pragma once

#include <functional>
#include <string>

#include "core/result.h"
#include "state/config_tree.h"

namespace mullion::state {

// Does disk work, and waits for other programs that change the directory: on worker threads.
class ConfigStore {
public:
    ConfigStore(std::string state, ConfigLayer command_line)
        : state_(std::move(state)), command_line_(std::move(command_line)) {}

    [[nodiscard]] const std::string& path() const { return state_; }
    // Errors: config.invalid with file and line, usage.file
    [[nodiscard]] Result<ConfigTree> read() const;

    // Where two trees differ, and whose that is, for people: "DIR/winrm.yaml (of root), DIR/policy.d (of
    // root)".
    [[nodiscard]] std::string different_files(const ConfigTree& a, const ConfigTree& b) const;

    // What the file is to say, given all that is there now.
    using Edit = std::function<Result<ConfigLayer>(const ConfigTree&)>;
    // Between reading and writing; an error leaves the file as it is.
    using Approve = std::function<Result<void>(const ConfigTree&)>;
    // What is in force then. Errors: those of read(), of the two, state.locked, state.directory
    [[nodiscard]] Result<ConfigTree> change(const Edit& edit, const Approve& approve = nullptr) const;

private:
    std::string state_;
    ConfigLayer command_line_;
};

}  // namespace mullion::state
