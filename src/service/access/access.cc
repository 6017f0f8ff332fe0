#include "service/access/access.h"

#include <algorithm>
#include <array>

#include "http/message.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

// What begins so is a shell, whatever is asked of it.
constexpr std::array<std::string_view, 2> shell_resources{wsman::ns::shell,
                                                          "http://schemas.microsoft.com/powershell/"};

bool is_shell(std::string_view resource) {
    return std::any_of(shell_resources.begin(), shell_resources.end(), [&](std::string_view known) {
        return http::same_without_case(resource.substr(0, known.size()), known);
    });
}

bool is_config(std::string_view resource) {
    return http::same_without_case(resource.substr(0, wsman::resource::config.size()),
                                   wsman::resource::config);
}

// "http://…/eventing/Subscribe"
bool is_of(std::string_view action, std::string_view family, std::initializer_list<std::string_view> verbs) {
    if (!action.starts_with(family)) return false;
    action.remove_prefix(family.size());
    return action.starts_with('/') && std::find(verbs.begin(), verbs.end(), action.substr(1)) != verbs.end();
}

}  // namespace

bool is_loopback(std::string_view address) {
    constexpr std::string_view mapped = "::ffff:";
    if (address.substr(0, mapped.size()) == mapped) address.remove_prefix(mapped.size());
    return address == "::1" || address.substr(0, 4) == "127.";
}

rights::AccessMask wanted_right(std::string_view action, std::string_view resource) {
    if (is_shell(resource)) return rights::generic_execute;
    if (is_of(action, wsman::ns::transfer, {"Put", "Create", "Delete"})) return rights::generic_write;
    if (is_of(action, wsman::ns::transfer, {"Get"}) ||
        is_of(action, wsman::ns::enumeration, {"Enumerate", "Pull", "Release", "Renew"}) ||
        is_of(action, wsman::ns::eventing, {"Subscribe", "Unsubscribe", "Renew"}))
        return rights::generic_read;
    // What invoking does to the configuration (restore) is a change of who may do what. Windows asks the
    // rights of the registry there, which are administrators'.
    return is_config(resource) ? rights::generic_all : rights::generic_execute;
}

Verdict authorize(const AccessRequest& request, const state::Settings& settings, const AccessRules& rules) {
    const auto [descriptor, name] = rules.of(request.resource);
    Verdict out{std::nullopt, wanted_right(request.action, request.resource), name, true};
    if (!request.identity || request.token == nullptr) {
        out.fault = wsman::make_fault(wsman::code::access_denied);
    } else if (!settings.allow_remote_access && !request.from_this_machine) {
        out.fault = wsman::make_fault(wsman::code::remote_access_disabled);
    } else {
        const auto decision = rights::decide(descriptor, *request.token, out.wanted);
        if (!decision.allowed) out.fault = wsman::make_fault(wsman::code::access_denied);
        out.audited = !decision.audits.empty();
    }
    return out;
}

}  // namespace mullion::service
