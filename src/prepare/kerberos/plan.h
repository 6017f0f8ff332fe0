// What `mullion prepare kerberos` is to prepare: an operator's words, checked and with every default filled
// in.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace mullion::prepare {

inline constexpr std::size_t most_kdcs = 16;
inline constexpr std::size_t most_host_lines = 64;
inline constexpr std::size_t most_aliases = 8;

// As they were written; empty where an option was left out.
struct KerberosWords {
    std::string realm;
    std::vector<std::string> kdcs;  // Each HOST[:PORT], or several with commas.
    std::string admin_server, domain;
    std::vector<std::string> hosts;  // ADDRESS=NAME[,ALIAS…]
    std::string keytab, keytab_to, keytab_owner;
    std::string principal, target;
    bool only_undo = false;  // Then the realm is all that it takes.
};

struct KerberosPlan {
    std::string realm;
    std::vector<std::string> kdcs;
    std::string admin_server, domain;
    std::vector<std::string> host_lines;  // As /etc/hosts has them: "10.0.0.5 dc1.example.com dc1".
    std::string keytab, keytab_to, keytab_owner;
    std::string principal;  // With its realm; empty: the keytab's first, or no test ticket.
    std::string target;     // Of which doctor is asked.
};

// Errors: usage.invalid, which names the option and what it may be.
[[nodiscard]] Result<KerberosPlan> plan_kerberos(const KerberosWords& words);

}  // namespace mullion::prepare
