// From a host of a TARGET to what the fleet needs for it: how it is reached, and as whom.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "cli/host_secrets.h"
#include "cli/hosts.h"
#include "cli/password.h"
#include "fleet/fleet.h"

namespace mullion::cli {

// The operator's password: asked for when the first host needs it, and once.
class OperatorPassword {
public:
    explicit OperatorPassword(PasswordSource source) : source_(std::move(source)) {}
    // Errors: those of read_password
    [[nodiscard]] Result<Secret> get(const std::string& prompt, int cancelled);
    [[nodiscard]] bool known() const { return known_.has_value(); }
    [[nodiscard]] bool given() const { return source_.given(); }

private:
    PasswordSource source_;
    std::optional<Result<Secret>> known_;
};

class Preparation {
public:
    // `secrets` is of these hosts, and must outlive it. `notify` gets what is worth a warning, from any
    // thread.
    Preparation(Hosts& hosts, HostSecrets& secrets, PasswordSource password, Notify notify = {});

    // Prepares the first host, and asks for the operator's password if that one needs it. Errors: what is
    // wrong with it, when the same is wrong with every other.
    [[nodiscard]] Result<void> check();

    [[nodiscard]] fleet::Prepared prepare(std::size_t host);

    struct Terminal {
        std::function<std::unique_lock<std::mutex>()> hush;  // While a password is asked for.
        std::function<void()> interrupt;                     // Ctrl-C was typed there.
        int interrupted = -1;                                // Readable when the run was interrupted.
    };
    void speak_through(Terminal terminal) { terminal_ = std::move(terminal); }
    [[nodiscard]] HostSecrets& secrets() { return secrets_; }

private:
    [[nodiscard]] fleet::Prepared prepare_now(std::size_t host);
    [[nodiscard]] Result<Secret> ask_operator(const target::Target& target);
    void look_at_key(const target::Target& target) const;
    [[nodiscard]] std::string question(const target::Target& target) const;

    Hosts& hosts_;
    HostSecrets& secrets_;
    bool looked_up_ = false;
    OperatorPassword password_;
    Notify notify_;
    Terminal terminal_;
    std::optional<fleet::Prepared> first_;
};

}  // namespace mullion::cli
