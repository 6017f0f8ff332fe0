#include "cli/quickconfig_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/printable.h"
#include "cli/programs.h"
#include "http/message.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/program.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::json;

constexpr Duration patience{60'000};  // An RSA key is made.

Result<std::string> ask_mullion(CommandWords words) {
    MULLION_ASSIGN(std::string program, find_program(service_program));
    words.insert(words.begin(), std::move(program));
    MULLION_ASSIGN(const auto end, os::run_program(words, patience));
    if (end.exit_code == 0) return end.output;
    return Error(ErrorId::usage_unsupported,
                 fmt::format("`mullion {} {}`: {}", words[1], words[2], printable(end.errors)));
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32] = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

bool has(const Json& list, std::string_view wanted) {
    return list.is_array() && std::any_of(list.begin(), list.end(), [&](const Json& one) {
               return one.is_string() && http::same_without_case(one.get_ref<const std::string&>(), wanted);
           });
}

bool fits(const Json& one, const std::string& host_name, std::string_view now) {
    const auto uses = one.value("uses", Json::array());
    const bool named = has(one.value("names", Json::array()), host_name) ||
                       http::same_without_case(one.value("subject", ""), "CN=" + host_name);
    return one.value("has_key", false) && named && (uses.empty() || has(uses, "serverAuth")) &&
           one.value("not_before", "") <= now && one.value("not_after", "") > now;
}

Result<bool> ask() {
    fmt::print("Make these changes [y/n]? ");
    std::fflush(stdout);
    std::string answer;
    if (!std::getline(std::cin, answer))
        return Error(ErrorId::usage_invalid, "nobody answers here: -quiet makes the changes without asking");
    return means_yes(answer);
}

}  // namespace

std::optional<std::string> fit_certificate(const std::string& listed, const std::string& host_name,
                                           std::string_view now) {
    const auto all = Json::parse(listed, nullptr, false);
    if (!all.is_object() || !all.contains("own") || !all["own"].is_array()) return std::nullopt;
    std::optional<std::string> best;
    std::string until;
    for (const auto& one : all["own"]) {
        if (!one.is_object() || !fits(one, host_name, now) || one.value("not_after", "") <= until) continue;
        until = one.value("not_after", "");
        best = one.value("thumbprint", "");
    }
    return best;
}

bool means_yes(std::string_view answer) {
    while (!answer.empty() && (answer.back() == '\r' || answer.back() == ' ')) answer.remove_suffix(1);
    while (!answer.empty() && answer.front() == ' ') answer.remove_prefix(1);
    return http::same_without_case(answer, "y") || http::same_without_case(answer, "yes");
}

QuickconfigParts usual_quickconfig_parts(Machine& machine, const QuickconfigOptions& options) {
    QuickconfigParts parts{machine, {}, {}, {}, {}, {}, &ask, {}};
    parts.running = [&options]() -> Result<bool> {
        MULLION_ASSIGN(const auto holder, os::LockFile::holder(options.state + "/lock"));
        return holder.has_value();
    };
    parts.find_certificate = [&options](const std::string& host) -> Result<std::optional<std::string>> {
        if (!os::file_exists(options.state)) return std::optional<std::string>();
        MULLION_ASSIGN(const auto listed, ask_mullion({"cert", "list", "--store", "My", "--output", "json",
                                                       "--state", options.state}));
        return fit_certificate(listed, host, utc_now());
    };
    parts.create_certificate = [&options](const std::string& host) -> Result<std::string> {
        MULLION_ASSIGN(std::string printed,
                       ask_mullion({"cert", "create", "--server", "--name", host, "--state", options.state}));
        return printed.substr(0, printed.find('\n'));
    };
    parts.print = [](std::string_view line) { fmt::print("{}\n", line); };
    return parts;
}

}  // namespace mullion::cli
