#include "cli/one_host.h"

#include <utility>

namespace mullion::cli {
namespace {

// As HostSecrets asks about hosts.
class OneHost final : public Hosts {
public:
    OneHost(std::string name, std::string credential)
        : name_(std::move(name)), credential_(std::move(credential)) {}
    std::size_t count() const override { return 1; }
    std::string name(std::size_t) const override { return name_; }
    Result<inventory::Plan> plan(std::size_t) override {
        return Error(ErrorId::internal_failure, "nobody plans the host of another's command line");
    }
    inventory::References references(std::size_t) override { return {credential_, {}}; }
    void fill_credentials(inventory::FillCredential fill) override { fill_ = std::move(fill); }
    [[nodiscard]] const std::string& credential() const { return credential_; }
    [[nodiscard]] bool looked_up() const { return fill_ != nullptr; }
    [[nodiscard]] Result<void> fill(target::Target& to) const { return fill_(credential_, to); }

private:
    std::string name_, credential_;
    inventory::FillCredential fill_;
};

}  // namespace

struct OneHostLogOn::State {
    State(const SecretWords& given, std::string name, std::string credential, secrets::Purpose purpose,
          Notify notify)
        : words(given),
          host(std::move(name), std::move(credential)),
          secrets(host, words, std::move(purpose), std::move(notify)) {}
    SecretWords words;
    OneHost host;
    HostSecrets secrets;
};

OneHostLogOn::OneHostLogOn(const SecretWords& words, std::string host, std::string credential,
                           secrets::Purpose purpose, Notify notify)
    : state_(std::make_unique<State>(words, std::move(host), std::move(credential), std::move(purpose),
                                     std::move(notify))) {}
OneHostLogOn::~OneHostLogOn() = default;

Result<void> OneHostLogOn::fill(target::Target& to) {
    auto& state = *state_;
    if (!state.host.looked_up()) state.secrets.look_up();
    return state.host.fill(to);
}

Result<OneHostLogOn::Account> OneHostLogOn::account(const target::Target& settled) {
    auto& state = *state_;
    inventory::Reach reach;
    reach.target = settled;
    reach.credential = state.host.credential();
    state.secrets.look_at(reach);
    Account account;
    account.credential.user = settled.user;
    MULLION_ASSIGN(account.credential.password, state.secrets.password(reach));
    account.no_profile = state.secrets.no_profile(reach);
    return account;
}

}  // namespace mullion::cli
