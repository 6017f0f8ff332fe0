// The steps of the script, in their order.
#pragma once

#include <span>
#include <string_view>

namespace mullion::prepare {

struct KerberosStep {
    std::string_view id;       // As the script reports it.
    std::string_view changes;  // Empty: it looks, and changes nothing.
    std::string_view does;
    std::string_view cites;  // Which sections of which documents a person would follow instead.
};

[[nodiscard]] std::span<const KerberosStep> kerberos_steps();

}  // namespace mullion::prepare
