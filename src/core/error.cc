#include "core/error.h"

#include <array>
#include <stdexcept>

namespace mullion {
namespace {

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto bar = text.find('|');
        parts.push_back(text.substr(0, bar));
        text = bar == std::string_view::npos ? std::string_view{} : text.substr(bar + 1);
    }
    return parts;
}

std::vector<ErrorRow> make_table() {
    std::vector<ErrorRow> table;
#define MULLION_ERROR(enumerator, id, phase, effect, status, exit_code, text, causes, advice)                \
    table.push_back({ErrorId::enumerator, id, Phase::phase, Effect::effect, Status::status, exit_code, text, \
                     split(causes), split(advice)});
#include "core/errors.def"
#undef MULLION_ERROR
    return table;
}

}  // namespace

std::string_view to_string(Phase phase) {
    constexpr std::array names{"usage", "resolve", "connect", "tls",   "http", "auth",
                               "seal",  "wsman",   "run",     "state", "serve"};
    return names.at(static_cast<std::size_t>(phase));
}

std::string_view to_string(Effect effect) {
    constexpr std::array names{"nothing_sent", "refused", "unknown"};
    return names.at(static_cast<std::size_t>(effect));
}

std::string_view to_string(Status status) {
    constexpr std::array names{"ok",        "failed",  "unreachable", "refused",
                               "timed_out", "unknown", "skipped",     "not_started"};
    return names.at(static_cast<std::size_t>(status));
}

const std::vector<ErrorRow>& all_errors() {
    static const std::vector<ErrorRow> table = make_table();
    return table;
}

const ErrorRow& row(ErrorId error) {
    return all_errors().at(static_cast<std::size_t>(error));
}

std::string Error::message() const {
    std::string text;
    const auto add = [&text](std::string_view part) {
        if (part.empty()) return;
        if (!text.empty()) text += ": ";
        text += part;
    };
    add(host);
    add(step);
    add(info().text);
    add(detail);
    return text;
}

std::vector<std::string> Error::all_advice() const {
    std::vector<std::string> lines = advice;
    for (const auto& line : info().advice) lines.emplace_back(line);
    return lines;
}

Error&& Error::at_step(std::string_view name) && {
    if (step.empty()) step = name;
    return std::move(*this);
}

Error&& Error::on_host(std::string_view name) && {
    if (host.empty()) host = name;
    return std::move(*this);
}

}  // namespace mullion
