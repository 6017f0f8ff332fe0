// What `winrm` and `winrs` take beside their namesakes' switches: --state=DIR, --password-file=FILE,
// --credential=REF with --store=FILE and its like, --sddl=TEXT, --grant=NAME:RIGHTS, --revoke=NAME:RIGHTS and
// every connection option of the option table, each in one word. The namesakes pass over words that begin
// with "--", so these are in nobody's way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/host_secrets.h"
#include "cli/password.h"
#include "target/option_table.h"

namespace mullion::cli {

struct OwnOptions {
    target::GivenOptions given;
    PasswordSource password;
    std::string credential;  // Of the secret store.
    SecretWords secrets;
    std::string state = "/var/lib/mullion";
    // Of winrm configSDDL.
    std::string sddl;
    std::vector<std::string> grants;
    std::vector<std::string> revokes;

    // Whether something of a connection was given.
    [[nodiscard]] bool reaches_hosts() const {
        return !given.flags.empty() || password.given() || !credential.empty();
    }
    [[nodiscard]] bool changes_rights() const { return !sddl.empty() || !grants.empty() || !revokes.empty(); }
};

// They would be passed over everywhere else.
[[nodiscard]] Error only_for_config_sddl();

enum class Where { anywhere, before_the_command };

// Takes them out of `words`. Errors: usage.invalid, for a value that is missing or wrong.
[[nodiscard]] Result<OwnOptions> take_own_options(std::vector<std::string_view>& words, Where where);

}  // namespace mullion::cli
