// The one gate: may they? Asked for every request, with the identity that the connection proved, or none.
#pragma once

#include <optional>
#include <string_view>

#include "auth/mechanism.h"
#include "service/settings.h"
#include "wsman/fault.h"

namespace mullion::service {

struct AccessRequest {
    const std::optional<auth::Identity>& identity;
    std::string_view action;
    std::string_view resource;
    bool from_this_machine = false;
};

// Nothing when they may. Administrators may everything that exists here; other accounts are known but may use
// nothing, as on Windows without an entry in RootSDDL; without an identity there is nothing at all.
[[nodiscard]] std::optional<wsman::Fault> authorize(const AccessRequest& request, const Settings& settings);

// 127.0.0.0/8, ::1 and mapped forms.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace mullion::service
