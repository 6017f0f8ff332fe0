#include "cli/check_options.h"

#include <fmt/format.h>
#include <CLI/Option.hpp>

#include <vector>

namespace mullion::cli {
namespace {

using checks::OptionSpec;

// All names under which it can be given.
std::string names_of(const OptionSpec& spec, std::span<const OptionSpec> specs) {
    auto names = "--" + spec.name;
    for (const auto& other : specs)
        if (other.same_as == spec.name) names += ",--" + other.name;
    return names;
}

CLI::Option* declare(CLI::App& app, const std::string& names, const OptionSpec& spec, checks::Words& words) {
    const auto help =
        spec.fallback.empty() ? spec.help : fmt::format("{} (default {})", spec.help, spec.fallback);
    const auto name = spec.name;
    switch (spec.kind) {
        case OptionSpec::Kind::flag:
            return app.add_flag_callback(
                names, [&words, name] { words.set(name, "1"); }, help);
        case OptionSpec::Kind::list:
            return app
                .add_option_function<std::vector<std::string>>(
                    names,
                    [&words, name](const std::vector<std::string>& values) {
                        for (const auto& value : values) words.add(name, value);
                    },
                    help)
                ->allow_extra_args(false);
        case OptionSpec::Kind::value:
            break;
    }
    // One value, which may be empty; of several the last.
    return app
        .add_option_function<std::string>(
            names, [&words, name](const std::string& value) { words.set(name, value); }, help)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

}  // namespace

void declare_check_options(CLI::App& app, std::span<const OptionSpec> specs, const std::string& group,
                           checks::Words& words) {
    for (const auto& spec : specs) {
        if (!spec.same_as.empty() || app.get_option_no_throw("--" + spec.name) != nullptr) continue;
        auto* const option = declare(app, names_of(spec, specs), spec, words);
        option->group(group);
        if (spec.kind != OptionSpec::Kind::flag)
            option->type_name(spec.type_name.empty() ? "TEXT" : spec.type_name);
    }
}

}  // namespace mullion::cli
