// The faults of shells in the form that Windows gives them: who provides them and with which words.
#pragma once

#include <cstdint>
#include <string_view>

#include "service/shells/command_backend.h"
#include "wsman/fault.h"

namespace mullion::service {

// No such shell, or another user's: UnexpectedSelectors. `because` is told where there is something to tell.
[[nodiscard]] wsman::Fault shell_missing(std::string_view because = {});
[[nodiscard]] wsman::Fault command_missing();  // UnexpectedSelectors of a command.
// A fault of the code, said by the command shell's provider.
[[nodiscard]] wsman::Fault command_shell_fault(std::uint32_t code, std::string_view message = {});
// A variable of Create that no command may have, or that is none ('=' in its name, say).
[[nodiscard]] wsman::Fault variable_denied(std::string_view name);
[[nodiscard]] wsman::Fault variable_impossible(std::string_view name);
// A quota with its number in the text.
[[nodiscard]] wsman::Fault quota_fault(std::uint32_t code, std::uint64_t limit);
[[nodiscard]] wsman::Fault start_fault(const StartFailure& failure);

}  // namespace mullion::service
