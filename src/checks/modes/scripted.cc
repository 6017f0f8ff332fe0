#include "checks/modes/scripted.h"

#include "core/printable.h"

namespace mullion::checks {
namespace {

// The first line that says something, short enough for a first line of a check.
std::string first_line(std::string_view text) {
    constexpr std::size_t longest = 300;
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return one_line(text.substr(begin, std::min(text.find_first_of("\r\n", begin) - begin, longest)));
}

constexpr std::string_view json_script_begin = R"PS($ProgressPreference = 'SilentlyContinue'
$ErrorActionPreference = 'Stop'
function Quoted($s) {
    $out = New-Object Text.StringBuilder
    foreach ($c in "$s".ToCharArray()) {
        if ([int]$c -lt 32 -or [int]$c -gt 126 -or $c -eq '"' -or $c -eq '\') { [void]$out.Append('\u' + ([int]$c).ToString('x4')) }
        else { [void]$out.Append($c) }
    }
    '"' + $out + '"'
}
)PS";

}  // namespace

std::string json_script(std::string_view rest) {
    return std::string(json_script_begin).append(rest);
}

std::vector<OptionSpec> script_options() {
    using Kind = OptionSpec::Kind;
    return {{.name = "ps-display",
             .kind = Kind::flag,
             .help = "Only show the script of PowerShell; no host is asked."},
            {.name = "ps-exec-only",
             .kind = Kind::flag,
             .help = "Only show what the script prints on the host."}};
}

bool only_shown(const Setting& setting) {
    return setting.words.has("ps-display");
}

bool only_run(const Setting& setting) {
    return setting.words.has("ps-exec-only");
}

void show_text(Report& report, std::string text) {
    report.labelled = false;
    std::erase(text, '\r');
    report.say(Status::ok, std::move(text));
}

Command script(std::string_view text) {
    Command command;
    command.text = text;
    command.powershell = true;
    return command;
}

const CommandOutput& output_of(const Answer& answer) {
    static const CommandOutput none;
    const auto* output = std::get_if<CommandOutput>(&answer.of);
    return output == nullptr ? none : *output;
}

std::optional<std::vector<JsonObject>> read_script(const Setting& setting, const Answer& answer,
                                                   Report& report) {
    const auto& output = output_of(answer);
    auto objects = json_objects(output.out);
    if (objects) return objects;
    auto said = setting.compat ? output.err : first_line(output.err);
    // Where the script failed it says why on its output, which Centreon keeps to itself.
    if (said.empty() && !setting.compat) said = first_line(output.out);
    report.say(Status::unknown, "Cannot decode powershell output" + (said.empty() ? "" : ": " + said));
    return {};
}

}  // namespace mullion::checks
