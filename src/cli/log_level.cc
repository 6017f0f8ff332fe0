#include "cli/log_level.h"

#include <CLI/Option.hpp>
#include <CLI/TypeTools.hpp>
#include <CLI/Validators.hpp>

#include <map>
#include <string>

namespace mullion::cli {
namespace {

const std::map<std::string, LogLevel> levels{{"debug", LogLevel::debug},
                                             {"info", LogLevel::info},
                                             {"warning", LogLevel::warning},
                                             {"error", LogLevel::error}};

}  // namespace

void declare_log_level(CLI::App& app, LogLevel& level) {
    app.add_option_function<std::string>(
           "--log-level", [&level](const std::string& name) { level = levels.at(name); },
           "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
}

}  // namespace mullion::cli
