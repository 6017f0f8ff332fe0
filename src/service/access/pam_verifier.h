// Basic where the service was started with --pam: the service's own accounts first, and PAM about everybody
// else, and about those that were made with `user add --pam`. ADR 36
#pragma once

#include <array>
#include <mutex>
#include <string>

#include "channel/server_connection.h"
#include "core/ids.h"
#include "service/access/basic_verifier.h"
#include "service/shells/monitor_link.h"

namespace mullion::service {

// How long PAM has taken of late to refuse somebody: most modules let a refusal wait, for a time by chance. A
// wrong password of an account that PAM is not asked about waits as long, or the time would tell whose names
// are in the file of accounts. From any thread.
class RefusalTimes {
public:
    static constexpr Duration usual{2'000};  // pam_unix's, more or less a half of it: before any is known.

    void add(Duration taken);
    // One of them, by chance. Whatever else refuses somebody takes as long as that.
    [[nodiscard]] Duration like_one(Random& random) const;

private:
    static constexpr std::size_t most = 16;
    mutable std::mutex mutex_;
    std::array<Duration, most> times_{};
    std::size_t count_ = 0;  // Ever.
};

class PamVerifier final : public AccountVerifier {
public:
    // All must outlive it. The link is not touched before the first log-on.
    PamVerifier(ArgonVerifier& own, MonitorLink& link, Random& random)
        : own_(own), link_(link), random_(random) {}

    [[nodiscard]] net::Task<Result<auth::Identity>> verify_account(
        std::string token, channel::LogonAttempt& attempt, std::optional<state::AccountKey>& found) override;
    [[nodiscard]] std::string fingerprint(std::string_view token) const override {
        return own_.fingerprint(token);
    }

private:
    // The Linux user whom PAM lets in, who has to be `only` where that is not empty.
    [[nodiscard]] net::Task<Result<std::string>> ask(std::string user, std::shared_ptr<const Secret> password,
                                                     std::string address, std::string only);

    ArgonVerifier& own_;
    MonitorLink& link_;
    Random& random_;
    RefusalTimes refusals_;
};

}  // namespace mullion::service
