// Who comes in by DIR/run/admin.sock: root, and the account that the state directory belongs to. They are
// Administrators there by what the kernel says of them, and it is the only place where that counts. ADR 33
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "auth/mechanism.h"
#include "core/result.h"
#include "net/listen.h"

namespace mullion::service {

class LocalVisitors {
public:
    // `owner` is the process's own user, or root where nobody else may come. Looks names up, now. Errors:
    // serve.rights
    [[nodiscard]] static Result<LocalVisitors> make(uid_t owner);

    // Nothing: it is neither.
    [[nodiscard]] std::optional<auth::Identity> admit(const net::LocalUser& user) const;

private:
    LocalVisitors(uid_t owner, std::string name, std::string root)
        : owner_(owner), name_(std::move(name)), root_(std::move(root)) {}

    uid_t owner_;
    std::string name_;
    std::string root_;
};

}  // namespace mullion::service
