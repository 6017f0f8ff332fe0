// What `mullion serve` takes from the process that faces the network, beside its user's rights.
#pragma once

#include <string>

#include "core/log.h"
#include "core/result.h"

namespace mullion::cli {

class Confinement {
public:
    Confinement(bool wanted, Logger& log) : wanted_(wanted), log_(log) {}

    // While it is root: the files of the machine, but for the state directory, are read-only, and people's
    // are not there. A container that forbids this is one to serve in all the same; it is warned of.
    void take_files(const std::string& state, const std::string& keytab);
    // When it is not any more, and before any byte of the network: system calls. Tells the log what is in
    // force. Errors: serve.rights
    [[nodiscard]] Result<void> take_system_calls();

private:
    bool wanted_;
    Logger& log_;
    std::string files_ = "it sees the machine's files as its user does";
};

}  // namespace mullion::cli
