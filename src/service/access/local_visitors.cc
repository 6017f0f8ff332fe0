#include "service/access/local_visitors.h"

#include <fmt/core.h>

#include "os/user.h"

namespace mullion::service {
namespace {

Result<std::string> name_of(uid_t uid) {
    MULLION_ASSIGN(const auto user, os::find_user(uid));
    // A container may have no entry for whom it runs as: known by the number then, and no shell runs as that.
    return user ? user->name : fmt::format("uid-{}", uid);
}

}  // namespace

Result<LocalVisitors> LocalVisitors::make(uid_t owner) {
    MULLION_ASSIGN(std::string name, name_of(owner));
    MULLION_ASSIGN(std::string root, name_of(0));
    return LocalVisitors(owner, std::move(name), std::move(root));
}

std::optional<auth::Identity> LocalVisitors::admit(const net::LocalUser& user) const {
    if (user.uid != 0 && user.uid != owner_) return std::nullopt;
    const std::string& name = user.uid == 0 ? root_ : name_;
    return auth::Identity(name, auth::Transport::local, true, name);
}

}  // namespace mullion::service
