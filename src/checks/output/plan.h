// The options of the output, read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/conditions/condition.h"
#include "checks/options.h"
#include "checks/output/extend.h"
#include "checks/regex.h"
#include "core/result.h"

namespace mullion::checks {

// The plugin's name, as Centreon's JSON, XML and metrics carry it.
constexpr std::string_view plugin_name = "os::windows::wsman::plugin";

// s{pattern}{replacement}flags.
struct Substitution {
    Regex pattern;
    std::string replacement;
};

// --change-output-adv: where the condition holds, another text and another exit code.
struct Instead {
    Condition condition;
    std::string text;  // Empty: as it is.
    std::optional<int> exit_code;
};

struct OutputPlan {
    enum class Form { text, json, xml, metrics };
    Form form = Form::text;
    bool compat = false, verbose = false, labelled = true, with_metrics = true, new_names = false;
    bool debug = false, debug_stream = false;
    bool disco_format = false, disco_show = false;
    std::string opt_exit = "unknown";
    std::string mode, file;
    int range = 0;
    std::optional<Regex> filter, units;
    std::optional<Condition> filter_condition;
    std::vector<Extension> extensions;
    std::vector<std::string>
        passed_over;  // With compat: wrong options, each in Centreon's words for debugging.
    std::vector<Explosion> explosions;
    std::map<std::string, std::string> exits;  // In capitals.
    std::vector<Substitution> short_changes, long_changes;
    std::vector<Instead> instead;
};

// Errors: usage.invalid, in Centreon's words where it has some.
[[nodiscard]] Result<OutputPlan> read_plan(const Words& words);

// OK, WARNING, CRITICAL, UNKNOWN or PENDING, in any case; nothing for another word.
[[nodiscard]] std::optional<int> exit_of(std::string_view word);
[[nodiscard]] std::string capitals(std::string_view word);

}  // namespace mullion::checks
