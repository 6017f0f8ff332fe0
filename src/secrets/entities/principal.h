// On whose behalf, and for what: every call of the library names both.
#pragma once

#include <string>

namespace mullion::secrets {

// Today the account of this machine that runs the command; roles come with the control plane.
struct Principal {
    std::string name;  // "operator" or "uid:1000"
};

// Goes into the audit log as it is; never a secret.
struct Purpose {
    std::string action;   // "run", "check", "test", "rotate" …
    std::string host;     // Empty: none.
    std::string command;  // Empty: none; bounded, printable.
};

}  // namespace mullion::secrets
