// Who may scrape: basic_auth_users of the configuration, as exporter-toolkit has them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/ids.h"
#include "core/secret.h"
#include "http/message.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::exporter {

// Hashes by name. bcrypt, or what `mullion` itself makes of passwords (Argon2id).
using WebUsers = std::map<std::string, std::string, std::less<>>;

// Empty: it is a hash that can be checked. Else why not.
[[nodiscard]] std::string wrong_hash(std::string_view hash);

// A check takes a tenth of a second on purpose, so what was right once is remembered, one check runs at a
// time, and a few wait: who guesses takes nobody's time but a worker's. On one thread.
class WebDoor {
public:
    explicit WebDoor(Random& random);

    enum class Verdict { welcome, stranger, busy };
    // Everybody is welcome where there are no users. Takes as long for a name that is not there.
    [[nodiscard]] net::Task<Verdict> check(WebUsers users, std::optional<std::string> authorization);

private:
    [[nodiscard]] std::string fingerprint(std::string_view token, std::string_view hash) const;

    Secret key_;  // Of this process: what is remembered is worth nothing elsewhere.
    std::set<std::string> known_;
    unsigned inside_ = 0;
    net::WorkerPool worker_{1};
};

}  // namespace mullion::exporter
