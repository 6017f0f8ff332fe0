// `winrm configSDDL`: who may use the service, or a resource.
#pragma once

#include "cli/own_options.h"
#include "cli/winrm_operations.h"

namespace mullion::cli {

// Changes the security descriptor as --grant, --revoke and --sddl say; without them a person edits it, and
// where there is none it is shown. Gives the exit status.
// `at_the_machine`: the service is that of --state, so that the names of its accounts can be looked up.
[[nodiscard]] int config_sddl(WinrmOperations& operations, const winrm::Request& request,
                              const OwnOptions& own, bool at_the_machine, WinrmOutput& output);

// What config_sddl() asks for in the end: configSDDL's words, as a request of the resource that they mean.
[[nodiscard]] winrm::Request sddl_resource(winrm::Request request);

}  // namespace mullion::cli
