// Whom the monitor may become. The network process is not believed: it could ask for anyone.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "os/user.h"

namespace mullion::monitor {

// A user with everything that becoming them takes.
struct Person {
    os::User user;
    std::vector<gid_t> groups;
    bool change = false;  // False: it is who we are already.
};

// What stood in the way, for SpawnFailed.
struct Refusal {
    int error = 0;  // errno
    std::string step;
};

// The names in a shell-users file, one per line; blank lines and lines beginning with # are passed over.
// A last line without its end is no name. Pure. Nothing for a text with a NUL or over 4096 names.
[[nodiscard]] std::vector<std::string> parse_shell_users(std::string_view text);

class Policy {
public:
    explicit Policy(std::string state_directory) : directory_(std::move(state_directory)) {}

    // As root: only names in DIR/shell-users, which must be a regular file (no link) of root's that nobody
    // else can write. It is read for each start, so that a change counts at once. Not as root: only oneself.
    // Also whom PAM has let in since this process began.
    [[nodiscard]] Result<Person> person(const std::string& name, Refusal& refusal) const;

    // PAM has let in that user: remembers it. uid 0 must be in the list besides. Errors: serve.rights
    [[nodiscard]] Result<void> let_in_by_pam(const std::string& name, uid_t uid);

private:
    [[nodiscard]] Result<void> allowed(const std::string& name) const;
    std::string directory_;
    std::set<std::string> by_pam_;
};

}  // namespace mullion::monitor
