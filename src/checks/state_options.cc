#include "checks/state_options.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace mullion::checks {
namespace {

using Kind = OptionSpec::Kind;

struct Refused {
    std::string_view name;
    Kind kind;
    std::string_view why;
};

constexpr std::string_view elsewhere =
    "what a check keeps is a file of this machine: leave the option out, or name a folder with "
    "--statefile-dir";
constexpr std::string_view in_clear =
    "the file has counters and no secret, and is the account's own (0600): leave the option out";

// Centreon's, of servers and forms that we have not. One that was passed over would be a promise not kept.
constexpr std::array refused{
    Refused{"memcached", Kind::value, elsewhere},
    Refused{"redis-server", Kind::value, elsewhere},
    Refused{"redis-attribute", Kind::list, elsewhere},
    Refused{"redis-db", Kind::value, elsewhere},
    Refused{"failback-file", Kind::flag, elsewhere},
    Refused{"memexpiration", Kind::value, "files do not expire: leave the option out"},
    Refused{"statefile-storable", Kind::flag, "the file is JSON: leave the option out"},
    Refused{"statefile-key", Kind::value, in_clear},
    Refused{"statefile-cipher", Kind::value, in_clear},
};

Result<void> check_refused(const Words& words) {
    for (const auto& option : refused)
        if (words.has(option.name))
            return Error(ErrorId::usage_unsupported, fmt::format("--{}: {}", option.name, option.why));
    const auto format = words.text("statefile-format");
    if (!format.empty() && format != "json")
        return Error(ErrorId::usage_unsupported,
                     fmt::format("--statefile-format {}: the file is JSON: leave the option out", format));
    return {};
}

std::string home() {
    if (const char* const said = ::secure_getenv("HOME"); said != nullptr && *said == '/') return said;
    std::array<char, 16 * 1024> room{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return {};
    return found->pw_dir == nullptr ? "" : found->pw_dir;
}

// XDG Base Directory Specification: a path that is not absolute is to be passed over.
Result<std::string> own_folder() {
    if (const char* const said = ::secure_getenv("XDG_STATE_HOME"); said != nullptr && *said == '/')
        return std::string(said) + "/mullion/checks";
    auto folder = home();
    if (!folder.starts_with('/')) {
        Error error(ErrorId::state_directory, "this account has no home to keep the last values in");
        error.advice.emplace_back(
            "Name a folder with --statefile-dir, or ask twice in one run with --sample-interval.");
        return error;
    }
    return std::move(folder) + "/.local/state/mullion/checks";
}

}  // namespace

const std::vector<OptionSpec>& state_options() {
    static const auto list = [] {
        std::vector<OptionSpec> made{
            {"statefile-dir", Kind::value, "", "DIR",
             "Keep the last values there (default: $XDG_STATE_HOME/mullion/checks, or below ~/.local/state)"},
            {"statefile-suffix", Kind::value, "", "TEXT", "Keep them apart from those of checks without it"},
            {"statefile-concat-cwd", Kind::flag, "", "", "--statefile-dir is below the working directory"},
            {"statefile-format", Kind::value, "json", "json", "The form of the file"}};
        for (const auto& option : refused)
            made.push_back(
                {std::string(option.name), option.kind, "", "", "Not available: " + std::string(option.why)});
        return made;
    }();
    return list;
}

Result<std::string> state_folder(const Words& words) {
    MULLION_TRY(check_refused(words));
    const auto named = words.text("statefile-dir");
    if (named.empty()) return own_folder();
    std::string folder(named);
    if (!words.has("statefile-concat-cwd")) return folder;
    std::error_code problem;
    const auto here = std::filesystem::current_path(problem);
    if (problem)
        return Error(ErrorId::usage_invalid,
                     fmt::format("--statefile-concat-cwd: the working directory: {}", problem.message()));
    return here.string() + "/" + folder;
}

}  // namespace mullion::checks
