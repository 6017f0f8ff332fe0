// The one gate: may they? Asked for every request, with the identity that the connection proved, or none.
#pragma once

#include <optional>
#include <string_view>

#include "auth/mechanism.h"
#include "rights/access.h"
#include "service/access/access_rules.h"
#include "state/settings.h"
#include "wsman/fault.h"

namespace mullion::service {

struct AccessRequest {
    const std::optional<auth::Identity>& identity;
    const rights::Token* token;  // What the identity is; null: nobody.
    std::string_view action;
    std::string_view resource;
    bool from_this_machine = false;
};

struct Verdict {
    std::optional<wsman::Fault> fault;  // Nothing when they may.
    rights::AccessMask wanted = 0;
    std::string_view by;   // Whose descriptor decided: "RootSDDL", or a URI; lives as long as the rules.
    bool audited = false;  // An entry of its S: part wants this to be written down.
};

// What a request must be allowed. [MS-WSMV] 3.1.4.1: Execute for all that is a shell's and for custom
// actions, Read for Get, Enumerate, Subscribe and what follows them, Write for Put, Create and Delete.
[[nodiscard]] rights::AccessMask wanted_right(std::string_view action, std::string_view resource);

// Without an identity there is nothing at all, and so without a token.
[[nodiscard]] Verdict authorize(const AccessRequest& request, const state::Settings& settings,
                                const AccessRules& rules);

// 127.0.0.0/8, ::1 and mapped forms.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace mullion::service
