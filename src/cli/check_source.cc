#include "cli/check_source.h"

#include "checks/centreon_line.h"
#include "checks/check_file/ad_hoc.h"
#include "checks/check_file/mode.h"
#include "os/file.h"

namespace mullion::cli {
namespace {

Result<checks::ModeInfo> mode_of_file(const std::string& file, const checks::Words& source) {
    for (const auto& option : checks::check_source_options())
        if (option.name != "file" && source.has(option.name))
            return Error(ErrorId::usage_invalid,
                         "--file says all of a check: leave --" + option.name + " out");
    MULLION_ASSIGN(const auto text, os::read_file(file, checks::longest_check_file));
    MULLION_ASSIGN(auto check, checks::read_check_file(text, file));
    return checks::check_file_mode(std::move(check));
}

}  // namespace

bool is_check_file(std::string_view word) {
    return !word.starts_with('-') && (word.ends_with(".yml") || word.ends_with(".yaml"));
}

checks::Words check_source(std::vector<std::string_view> words) {
    checks::Words source;
    checks::CentreonLine(std::move(words)).take(checks::check_source_options(), source);
    return source;
}

Result<checks::ModeInfo> mode_of_source(const checks::Words& source) {
    auto mode = *checks::find_mode("wql");
    const auto own = mode.options;
    if (source.has("file")) {
        MULLION_ASSIGN(mode, mode_of_file(std::string(source.text("file")), source));
    } else if (source.has("query")) {
        MULLION_ASSIGN(auto check, checks::ad_hoc_check(source));
        mode = checks::ad_hoc_mode(std::move(check));
    } else {
        return mode;
    }
    mode.options.insert(mode.options.end(), own.begin(), own.end());
    mode.example = checks::find_mode("wql")->example;
    return mode;
}

}  // namespace mullion::cli
