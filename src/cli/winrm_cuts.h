// Whether `winrm set` cuts the way by which the host was reached: what `mullion config` warns of, for a
// document of winrm's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/client.h"
#include "client/config.h"
#include "core/result.h"
#include "winrm/command_line.h"

namespace mullion::cli {

// Pure. Both are documents of `target`, as they are on the wire; what cannot be read cuts nothing.
[[nodiscard]] std::vector<std::string> cuts_between(const wsman::ConfigTarget& target,
                                                    const wsman::ConfigDocument& before,
                                                    std::string_view wanted, const client::ConfigRead& now);

// Of what is to be put in the place of `current`, which is read first where it is not known (-file). Nothing
// for what is no configuration, and where it cannot be read. Errors: run.interrupted alone
[[nodiscard]] Result<std::vector<std::string>> cuts_of_put(client::Session& session,
                                                           const winrm::Request& request,
                                                           const std::optional<std::string>& current,
                                                           std::string_view wanted);

}  // namespace mullion::cli
