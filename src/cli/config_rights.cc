#include "cli/config_rights.h"

#include "rights/edit.h"
#include "rights/sddl.h"

namespace mullion::cli {
namespace {

bool shuts_everybody_out(const client::ConfigAssignment& one) {
    if (one.path.path != "Service/RootSDDL" || !one.value) return false;
    const auto read = rights::parse_sddl(*one.value);
    const auto* descriptor = std::get_if<rights::Descriptor>(&read);
    return descriptor != nullptr && !rights::someone_has_full_access(*descriptor);
}

Error locked_out() {
    Error error(ErrorId::usage_invalid,
                "Service/RootSDDL: with this nobody who logs on over the network would have full access any "
                "more, and it could be put right on the host itself alone");
    error.advice = {
        "Leave somebody full access: (A;;GA;;;BA) in its D: list gives it to Administrators.",
        "winrm configSDDL default -r:HOST --grant=NAME:RIGHTS changes one entry, and shows what comes of it.",
        "If it is meant: --force sends it. Windows takes it; mullion serve refuses it from everybody, and "
        "takes it from the winrm.yaml of its --state.",
    };
    return error;
}

}  // namespace

Result<void> keeps_somebody_in(const std::vector<client::ConfigAssignment>& wanted, bool force) {
    if (force) return {};
    for (const auto& one : wanted)
        if (shuts_everybody_out(one)) return locked_out();
    return {};
}

}  // namespace mullion::cli
