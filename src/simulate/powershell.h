// What a command line has PowerShell run.
#pragma once

#include <string>
#include <string_view>

#include "simulate/match.h"

namespace mullion::simulate {

struct PowerShellCall {
    bool called = false;                // powershell(.exe) or pwsh(.exe) is in the line.
    bool by_input = false;              // "-Command -" or "-File -": the script is standard input.
    std::optional<std::string> script;  // -EncodedCommand, decoded to UTF-8.
};

// -EncodedCommand in any form that powershell.exe takes: -e, -ec, -en… and on, also with '/' in front; base64
// of UTF-16LE.
[[nodiscard]] PowerShellCall read_powershell_line(std::string_view line);

}  // namespace mullion::simulate
