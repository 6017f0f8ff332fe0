#include "service/access.h"

namespace mullion::service {

bool is_loopback(std::string_view address) {
    constexpr std::string_view mapped = "::ffff:";
    if (address.substr(0, mapped.size()) == mapped) address.remove_prefix(mapped.size());
    return address == "::1" || address.substr(0, 4) == "127.";
}

std::optional<wsman::Fault> authorize(const AccessRequest& request, const Settings& settings) {
    if (!request.identity) return wsman::make_fault(wsman::code::access_denied);
    if (!settings.allow_remote_access && !request.from_this_machine)
        return wsman::make_fault(wsman::code::remote_access_disabled);
    if (!request.identity->administrator()) return wsman::make_fault(wsman::code::access_denied);
    return std::nullopt;
}

}  // namespace mullion::service
