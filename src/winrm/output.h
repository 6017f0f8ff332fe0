// What winrm shows of an answer: -format:text, xml and pretty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "winrm/command_line.h"

namespace mullion::winrm {

// One document, the body's element or an item of an enumeration, as it stands on standard output, with what
// winrm ends each with: text and pretty end their last line themselves and get an empty one, xml gets its
// line's end. Values are shown as they came: what goes to a terminal is made fit for it by who writes it.
// Errors: wsman.malformed
[[nodiscard]] Result<std::string> printed(std::string_view document, Format format);

// What stands around the items of an enumeration, in xml and pretty; empty in text.
[[nodiscard]] std::string_view results_begin(Format format);
[[nodiscard]] std::string_view results_end(Format format);

// On standard error for a fault: its document (empty when there was none, or one that cannot be read), the
// number as an HRESULT, signed and in hex, and the text.
[[nodiscard]] std::string fault_printed(std::string_view fault_document, Format format, std::uint32_t code,
                                        std::string_view text);

}  // namespace mullion::winrm
