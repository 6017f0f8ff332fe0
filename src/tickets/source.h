// Whom tickets are for, and what proves it.
#pragma once

#include <string>
#include <vector>

#include "core/secret.h"

namespace mullion::tickets {

// A program of the operator's that gets the ticket, as Ansible runs it: COMMAND WORDS PRINCIPAL, with the
// password on its standard input.
struct Kinit {
    std::string command;    // Empty: none.
    std::string arguments;  // Words in place of ours (-f for delegation), quoted as in a shell.
    std::vector<std::string> environment;  // Names of variables that it gets beside PATH and KRB5_CONFIG.
    friend bool operator==(const Kinit&, const Kinit&) = default;
};

// Where the ticket-granting ticket comes from; the first that is given counts.
struct Source {
    std::string client;  // "alice", "alice@REALM"; empty with a cache: whoever's it is.
    std::string keytab;
    Secret password;
    Kinit kinit;        // With a password.
    std::string cache;  // An existing one, with neither of them (kinit_mode manual); empty: the default one.
};

[[nodiscard]] bool same_source(const Source& a, const Source& b);

}  // namespace mullion::tickets
