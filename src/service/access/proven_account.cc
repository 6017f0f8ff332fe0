#include "service/access/proven_account.h"

#include <utility>

#include "core/secret.h"

namespace mullion::service {
namespace {

// The account may be looked up in one step and be proven in a later one (CredSSP).
class NotingAcceptor final : public auth::Acceptor {
public:
    NotingAcceptor(std::unique_ptr<auth::Acceptor> engine, ProvenAccount& out)
        : engine_(std::move(engine)), out_(out) {}

    [[nodiscard]] Result<auth::AcceptStep> step(std::string_view token) override {
        const state::LookedUp looked_up;
        auto step = engine_->step(token);
        if (looked_up.account()) found_ = looked_up.account();
        if (!step.ok() || !step->identity) return step;
        out_.reset();
        if (found_ && found_->name == step->identity->user()) out_ = found_;
        return step;
    }
    [[nodiscard]] bool may_block() const override { return engine_->may_block(); }
    [[nodiscard]] std::string last_word() const override { return engine_->last_word(); }
    [[nodiscard]] std::string claimed() const override { return engine_->claimed(); }
    [[nodiscard]] std::string_view inside() const override { return engine_->inside(); }
    [[nodiscard]] const auth::Identity* proven() const override { return engine_->proven(); }
    [[nodiscard]] auth::Sealing* sealing() override { return engine_->sealing(); }
    [[nodiscard]] auth::Integrity* integrity() override { return engine_->integrity(); }
    [[nodiscard]] std::string_view multipart_protocol() const override {
        return engine_->multipart_protocol();
    }

private:
    std::unique_ptr<auth::Acceptor> engine_;
    ProvenAccount& out_;
    ProvenAccount found_;
};

}  // namespace

std::unique_ptr<auth::Acceptor> noting(std::unique_ptr<auth::Acceptor> engine, ProvenAccount& out) {
    if (!engine) return nullptr;
    return std::make_unique<NotingAcceptor>(std::move(engine), out);
}

net::Task<Result<auth::Identity>> NotingVerifier::verify(std::string token, channel::LogonAttempt& attempt) {
    ProvenAccount found;
    auto verifying = verifier_.verify_account(std::move(token), attempt, found);
    wipe(token);
    auto identity = co_await std::move(verifying);
    if (!identity.ok()) co_return identity;
    out_.reset();
    if (found && found->name == identity->user()) out_ = std::move(found);
    co_return identity;
}

net::Task<Result<bool>> still_there(state::AccountStore& accounts, net::WorkerPool& workers,
                                    state::AccountKey account) {
    if (const auto known = accounts.known_present()) co_return known->has(account);
    auto job = [&accounts] { return accounts.present(); };
    auto reading = workers.run(job);
    const auto present = co_await std::move(reading);
    if (!present.ok()) co_return present.error();
    co_return (*present)->has(account);
}

}  // namespace mullion::service
