#include "auth/basic.h"

#include <algorithm>
#include <utility>

#include "auth/account_name.h"
#include "crypto/password_hash.h"

namespace mullion::auth {
namespace {

constexpr std::size_t kMaxToken = 4096;

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

class BasicInitiator final : public Initiator {
public:
    explicit BasicInitiator(Secret token) : token_(std::move(token)) {}

    std::string_view http_scheme() const override { return "Basic"; }
    std::string_view name() const override { return "basic"; }
    bool may_block() const override { return false; }
    bool every_request() const override { return true; }
    Result<Step> step(std::string_view /*token*/) override {
        return Step{std::string(token_.expose()), true};
    }
    Sealing* sealing() override { return nullptr; }
    std::string_view multipart_protocol() const override { return {}; }

private:
    Secret token_;
};

// One text for both. The gate's log line says who it was.
Error rejected() {
    return Error(ErrorId::auth_rejected, "basic: unknown user or wrong password");
}

}  // namespace

Result<std::unique_ptr<Initiator>> make_basic_initiator(const Credential& credential) {
    const std::string_view password = credential.password.expose();
    if (credential.user.empty()) return Error(ErrorId::auth_credentials, "basic: the user is empty");
    // RFC 7617 2: the first colon ends the user, and neither part has control characters.
    if (credential.user.find(':') != std::string::npos) {
        return Error(ErrorId::auth_credentials, "basic: the user has a colon, which Basic cannot carry");
    }
    if (has_control_character(credential.user) || has_control_character(password)) {
        return Error(ErrorId::auth_credentials, "basic: user or password has a control character");
    }
    std::string token;
    token.reserve(credential.user.size() + 1 + password.size());  // Once, so that no half copy stays behind.
    token.append(credential.user).append(1, ':').append(password);
    Secret secret(token);
    wipe_memory(token.data(), token.size());
    return std::unique_ptr<Initiator>(std::make_unique<BasicInitiator>(std::move(secret)));
}

std::optional<Credential> parse_basic_token(std::string_view token) {
    if (token.size() > kMaxToken || token.find('\0') != std::string_view::npos) return std::nullopt;
    const auto colon = token.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return Credential{std::string(token.substr(0, colon)), Secret(token.substr(colon + 1))};
}

std::string_view basic_user(std::string_view token) {
    const auto colon = token.find(':');
    return colon == std::string_view::npos ? std::string_view() : token.substr(0, colon);
}

Result<Identity> verify_basic(std::string_view token, AccountLookup& accounts) {
    const std::optional<Credential> claimed = parse_basic_token(token);
    if (!claimed) return Error(ErrorId::auth_protocol, "basic: the token is not user:password");
    MULLION_ASSIGN(const std::optional<AccountRecord> account, find_account(claimed->user, accounts));

    // An account without a hash (made before Basic was wanted) is treated like an unknown one.
    const bool known = account.has_value() && !account->argon2.empty();
    const std::string hash = known ? account->argon2 : std::string(kUnknownUserHash);
    const bool matches = crypto::verify_password(hash, claimed->password);
    if (!known || !matches) return rejected();
    return Identity(account->user, Transport::basic, account->administrator, account->unix_user);
}

}  // namespace mullion::auth
