#include "secrets/managers/delegate.h"

#include <fmt/core.h>

#include <string_view>

namespace mullion::secrets {
namespace {

Error not_here(std::string why, std::string advice) {
    Error error(
        ErrorId::usage_unsupported,
        fmt::format("There are no eligible delegates available in the account to execute the task: {}", why));
    error.advice.push_back(std::move(advice));
    return error;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

Error no_platform(std::string_view field) {
    return not_here(
        fmt::format("{} asks for Harness's platform, and there is none: the delegate itself does it", field),
        "Have it done by the delegate: executeOnDelegate: true, and the connectivity mode of a delegate.");
}

}  // namespace

Result<void> may_act(const Delegate& delegate, const std::vector<std::string>& selectors) {
    std::vector<std::string> lacking;
    for (const auto& selector : selectors)
        if (selector != delegate.name && !delegate.tags.contains(selector)) lacking.push_back(selector);
    if (lacking.empty()) return {};
    return not_here(fmt::format("delegate '{}' lacks the tag{} {} of the selectors {}", delegate.name,
                                lacking.size() == 1 ? "" : "s", joined(lacking), joined(selectors)),
                    "Use the connector on a machine that has these tags, or take the selectors out of it.");
}

Result<void> may_act(const Delegate& delegate, const AwsKmsConnector& connector) {
    if (!connector.execute_on_delegate) return no_platform("executeOnDelegate: false");
    const auto* const oidc = std::get_if<AwsOidc>(&connector.credential);
    if (oidc != nullptr && oidc->through_platform) return no_platform("the connectivity mode");
    MULLION_TRY(may_act(delegate, connector.selectors));
    return may_act(delegate, connector.credential_selectors);
}

}  // namespace mullion::secrets
