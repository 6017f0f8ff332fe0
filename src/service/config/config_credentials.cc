// Whose certificate mappings are made: the account's name and password are looked at before.
#include "service/config/config_faults.h"
#include "service/config/config_resources.h"

namespace mullion::service {
namespace {

Error wrong_credentials() {
    return refused(wsman::code::mapping_credentials,
                   "user name and password of a local account could not be verified");
}

// Why exactly is for the log alone.
Error refusal_of(Error error) {
    if (error.id == ErrorId::auth_rejected || error.id == ErrorId::auth_protocol) return wrong_credentials();
    if (error.id == ErrorId::http_busy)
        return refused(wsman::code::quota_limit, "too many passwords are being checked: try again later");
    return error;
}

}  // namespace

std::string ConfigResources::user_of(const wsman::ConfigDocument& mapping) {
    const auto* user = mapping.find("UserName");
    return user == nullptr ? std::string() : user->text;
}

net::Task<Result<ConfigResources::Proven>> ConfigResources::check_credentials(
    const Call& call, std::string user, const std::optional<Secret>& password) {
    if (call.visit.local_session)
        co_return refused(wsman::code::mapping_local_session, "a mapping is made over the network only");
    if (!password) co_return wrong_credentials();
    auto checking =
        parts_.passwords.check({std::move(user), call.visit.user, call.visit.client_ip}, *password);
    auto account = co_await std::move(checking);
    if (account.ok()) co_return Proven(std::move(*account));
    co_return refusal_of(std::move(account).error());
}

// The password of the account that it is for: where that changes, or where one is given.
net::Task<Result<ConfigResources::Proven>> ConfigResources::check_mapping_put(
    const Call& call, const wsman::ConfigTarget& target, const wsman::ConfigDocument& asked) {
    const auto tree = parts_.keeper.tree();
    const auto* now = find(tree->file.mappings, target);
    if (now == nullptr) co_return instance_missing(target);
    const auto user = user_of(asked);
    const std::string wanted = user.empty() ? now->user : user;
    if (wanted == now->user && !asked.password) co_return Proven();
    auto checking = check_credentials(call, wanted, asked.password);
    co_return co_await std::move(checking);
}

// In the edit nobody else changes accounts or mappings. Without a check the mapping must still be for whom it
// is said to be for: another request may have made it somebody else's since.
ConfigResources::Edit ConfigResources::only_if_still(Edit edit, const wsman::ConfigTarget& target,
                                                     const wsman::ConfigDocument& asked,
                                                     const Proven& proven) const {
    return [this, edit = std::move(edit), &target, &asked,
            &proven](const state::ConfigTree& tree) -> Result<state::ConfigLayer> {
        if (proven) {
            if (auto still = parts_.passwords.still(*proven); !still.ok())
                return refusal_of(std::move(still).error());
            return edit(tree);
        }
        const auto* now = find(tree.file.mappings, target);
        const auto user = user_of(asked);
        if (now != nullptr && !user.empty() && user != now->user) return wrong_credentials();
        return edit(tree);
    };
}

}  // namespace mullion::service
