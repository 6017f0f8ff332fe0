// Modes that can only be answered by a script of PowerShell, or may be: options --ps-display and
// --ps-exec-only, and reading what the script printed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/json_text.h"
#include "checks/mode.h"

namespace mullion::checks {

// A script that prints JSON, whole: in `rest`, `Quoted TEXT` is a string of JSON, with letters beyond ASCII
// in escapes, as the shell's code page has not all of them. What it begins with runs on PowerShell 2.0 too.
[[nodiscard]] std::string json_script(std::string_view rest);

[[nodiscard]] std::vector<OptionSpec> script_options();

// --ps-display: the script is all that is said, and nobody is asked.
[[nodiscard]] bool only_shown(const Setting& setting);
// --ps-exec-only: the script's output is all that is said.
[[nodiscard]] bool only_run(const Setting& setting);
void show_text(Report& report, std::string text);  // Without the host's carriage returns.

[[nodiscard]] Command script(std::string_view text);
[[nodiscard]] const CommandOutput& output_of(const Answer& answer);
// What the script printed; else nothing, and the report says UNKNOWN with what the host complained of.
[[nodiscard]] std::optional<std::vector<JsonObject>> read_script(const Setting& setting, const Answer& answer,
                                                                 Report& report);

}  // namespace mullion::checks
