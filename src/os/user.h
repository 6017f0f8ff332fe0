// Users of this machine, and the one way to become another.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::os {

struct User {
    std::string name;
    uid_t uid = static_cast<uid_t>(-1);  // Never 0 by default: no identity is no one.
    gid_t gid = static_cast<gid_t>(-1);
    std::string home;
    std::string shell;
};

// Nothing when there is no such user. May block (NSS). Errors: serve.rights (the look-up itself failed)
[[nodiscard]] Result<std::optional<User>> find_user(const std::string& name);
[[nodiscard]] Result<std::optional<User>> find_user(uid_t uid);
// All groups of the user, the primary one included. May block (NSS).
[[nodiscard]] std::vector<gid_t> groups_of(const User& user);
// Nothing when there is no such group. May block (NSS). Errors: serve.rights (the look-up itself failed)
[[nodiscard]] Result<std::optional<gid_t>> find_group(const std::string& name);
[[nodiscard]] Result<std::optional<std::string>> find_group_name(gid_t gid);  // Alike.
// The user this process runs as (effective id). Errors: serve.rights
[[nodiscard]] Result<User> current_user();
[[nodiscard]] bool is_root();

// For good: supplementary groups, gid, uid, no capabilities, no new privileges by exec, not dumpable; then
// tries to come back, and fails when that works. Without root only the current user can be "dropped" to. Call
// it while the process has one thread. Errors: serve.rights
[[nodiscard]] Result<void> drop_to_user(const User& user);

}  // namespace mullion::os
