// For whom a host is looked at with checks in mind: which modes an account's rights are enough for, and what
// is missing for the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mullion::doctor {

struct Monitoring {
    std::vector<std::string> modes = {};  // Empty: all that can be asked without options.
    std::string folder = "C:/Windows/";   // For files-date and files-size: every account may list this one.
};

// "C:/Users/": with a drive, and a slash or backslash at its end, as the modes take it.
[[nodiscard]] bool may_be_folder(std::string_view text);

// What may be why, and what to do on the host about it.
struct Cause {
    std::string grant;  // "Performance Monitor Users"
    std::vector<std::string> how;
};

// Something that is missing. Several causes are those that the evidence does not tell apart.
struct Lack {
    std::string layer;  // The check that is about it: "counters"
    ErrorId id = ErrorId::wsman_access_denied;
    std::string seen;  // The evidence.
    std::vector<Cause> causes;
};

enum class Works { yes, partly, no, unknown };
[[nodiscard]] std::string_view to_string(Works works);

// Of one mode of `mullion check`.
struct ModeRow {
    std::string mode;
    Works works = Works::yes;
    std::string seen;  // What it came to, in one line.
    std::vector<Lack> lacks = {};
};

}  // namespace mullion::doctor
