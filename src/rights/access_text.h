// A descriptor's entries as lines that a person edits: "BUILTIN\Remote Management Users: Read, Execute".
//
// Only what such lines can say is shown: entries that allow or deny, one line for each SID. What they cannot
// say (audits, owner, inherited and object entries) stays as it is.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "rights/edit.h"
#include "rights/names.h"

namespace mullion::rights {

struct AccessLine {
    AceType type = AceType::A;  // Or D.
    Sid sid;
    AccessMask mask = 0;
};

struct AccessTextFault {
    unsigned line = 0;  // From 1.
    std::string what;   // One line in which nothing steers a terminal.
};

// "NAME: RIGHTS" or "deny NAME: RIGHTS"; rights are Full, Read, Write, Execute, in either case, or as SDDL
// writes them. `--grant` and `--revoke` take the same. The fault's line is 1.
[[nodiscard]] std::variant<AccessLine, AccessTextFault> parse_access_line(std::string_view line,
                                                                          const Names& names);

[[nodiscard]] std::string write_access_text(const Descriptor& descriptor, const Names& names);

// What the text says, in the place of what write_access_text showed. A line that is as it was touches
// nothing, and a line that is gone takes the rights of its SID away. Blank lines and such with # in front say
// nothing.
[[nodiscard]] std::variant<Edited, EditFault, AccessTextFault> apply_access_text(
    const Descriptor& descriptor, std::string_view text, const Names& names,
    const GenericMapping& mapping = winrm_mapping);

}  // namespace mullion::rights
