// Whose certificate mappings are made: the account's name and password are looked at before.
#include "service/config_faults.h"
#include "service/config_resources.h"
#include "service/linux_users.h"

namespace mullion::service {

net::Task<Result<void>> ConfigResources::check_credentials(const Call& call, std::string user,
                                                           const std::optional<Secret>& password) {
    if (call.visit.local_session)
        co_return refused(wsman::code::mapping_local_session, "a mapping is made over the network only");
    const auto wrong = [] {
        return refused(wsman::code::mapping_credentials,
                       "user name and password of a local account could not be verified");
    };
    if (!password || user.empty() || user.find(':') != std::string::npos) co_return wrong();
    std::string token = user + ":";
    token += password->expose();
    channel::LogonAttempt attempt{user, call.visit.client_ip, "Basic", {}};
    auto verifying = parts_.passwords.verify(std::move(token), attempt);
    wipe(token);
    const auto identity = co_await std::move(verifying);
    // A mapping is to an account of the service: Linux users whom PAM knows have none.
    if (identity.ok() && is_linux_account(identity->user())) co_return wrong();
    if (identity.ok()) co_return Result<void>{};
    if (identity.error().id == ErrorId::auth_rejected) co_return wrong();
    co_return identity.error();
}

// The password of the account that it is for: where that changes, or where one is given.
net::Task<Result<void>> ConfigResources::check_mapping_put(const Call& call,
                                                           const wsman::ConfigTarget& target,
                                                           const wsman::ConfigDocument& asked) {
    const auto tree = parts_.keeper.tree();
    const auto* now = find(tree->file.mappings, target);
    if (now == nullptr) co_return instance_missing(target);
    const auto* user = asked.find("UserName");
    const std::string wanted = user == nullptr ? now->user : user->text;
    if (wanted == now->user && !asked.password) co_return Result<void>{};
    auto checking = check_credentials(call, wanted, asked.password);
    co_return co_await std::move(checking);
}

}  // namespace mullion::service
