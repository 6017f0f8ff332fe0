// PowerShell by way of a command shell: the line that starts it, and what comes back on its standard error.
#pragma once

#include <string>
#include <string_view>

namespace mullion::checks {

struct PowershellLine {
    std::string command;
    std::string input = {};  // For standard input: where the script is too long for a command line.
};

// -NonInteractive, -EncodedCommand. A script of more than 8,000 characters in that form comes by standard
// input, in base64, since PowerShell reads no script of several lines there that holds blocks. Text that is
// no UTF-8 is replaced.
[[nodiscard]] PowershellLine powershell_line(std::string_view script, bool no_profile);

// PowerShell whose standard error is no console writes objects there, in XML (CLIXML): the text of its
// errors, without progress and other streams. What is no CLIXML, and what of it is damaged, stays as it is.
[[nodiscard]] std::string plain_errors(std::string_view standard_error);

}  // namespace mullion::checks
