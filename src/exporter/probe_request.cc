#include "exporter/probe_request.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mullion::exporter {
namespace {

constexpr std::size_t most_words = 32;
constexpr std::size_t longest_query = 8 * 1024;
// Prometheus tells how long it waits; the answer has to be there before that, over whatever network.
constexpr std::string_view timeout_field = "X-Prometheus-Scrape-Timeout-Seconds";
constexpr double margin = 0.5;
constexpr double without_field = 120;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at] == '+' ? ' ' : text[at];
            continue;
        }
        if (at + 2 >= text.size()) return std::nullopt;
        const int high = digit(text[at + 1]), low = digit(text[at + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return out;
}

Refusal bad(std::string why) {
    return {400, std::move(why)};
}

std::optional<double> seconds_of(std::string_view text) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value <= 0)
        return std::nullopt;
    return std::min(value, 86'400.0);
}

std::optional<Duration> limit_of(const http::Headers& headers, const std::vector<const Module*>& modules) {
    double limit = without_field;
    if (const auto field = headers.first(timeout_field)) {
        const auto said = seconds_of(*field);
        if (!said) return std::nullopt;
        limit = *said > margin ? *said - margin : *said;
    }
    Duration all(static_cast<std::int64_t>(std::max(1.0, limit * 1e3)));
    for (const auto* module : modules)
        if (module->timeout) all = std::min(all, *module->timeout);
    return all;
}

// What the query says, each once.
struct Said {
    std::optional<std::string> target, auth, module, debug;
};

std::variant<Said, Refusal> said_by(const QueryWords& words) {
    Said said;
    for (const auto& [name, value] : words) {
        std::optional<std::string>* place = nullptr;
        if (name == "target") place = &said.target;
        if (name == "auth") place = &said.auth;
        if (name == "module") place = &said.module;
        if (name == "debug") place = &said.debug;
        if (place == nullptr)
            return bad(fmt::format("unknown parameter {}: target, auth, module, debug", name));
        if (*place && name == "module")
            **place += ',' + value;  // Also ?module=a&module=b.
        else if (*place)
            return bad(fmt::format("{} is given twice", name));
        else
            *place = value;
    }
    return said;
}

// The auth and the modules by their names; empty: all is well.
std::string find_parts(const Config& config, const Said& said, ProbeRequest& request) {
    request.auth_name = said.auth.value_or("default");
    const auto auth = config.auths.find(request.auth_name);
    if (auth == config.auths.end()) return fmt::format("unknown auth {}", request.auth_name);
    request.auth = &auth->second;
    std::string_view rest = said.module ? std::string_view(*said.module) : "default";
    while (true) {
        const auto name = rest.substr(0, rest.find(','));
        const auto module = config.modules.find(name);
        if (module == config.modules.end()) return fmt::format("unknown module {}", name);
        request.modules.push_back(&module->second);
        if (name.size() == rest.size()) return {};
        rest.remove_prefix(name.size() + 1);
    }
}

}  // namespace

std::optional<QueryWords> parse_query(std::string_view text) {
    QueryWords words;
    if (text.size() > longest_query) return std::nullopt;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        if (part.empty()) continue;
        const auto equals = part.find('=');
        auto name = decoded(part.substr(0, equals));
        auto value = decoded(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
        if (!name || !value || words.size() == most_words) return std::nullopt;
        words.emplace_back(std::move(*name), std::move(*value));
    }
    return words;
}

std::variant<ProbeRequest, Refusal> read_probe(const Config& config, std::string_view query,
                                               const http::Headers& headers) {
    const auto words = parse_query(query);
    if (!words) return bad("the query cannot be read");
    const auto read = said_by(*words);
    if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;
    const auto& said = std::get<Said>(read);
    if (!said.target || said.target->empty()) return bad("target is missing");

    ProbeRequest request;
    if (auto why = find_parts(config, said, request); !why.empty()) return bad(std::move(why));
    auto target = parse_target_name(*said.target);
    if (!target) return bad("target is HOST or HOST:PORT, without scheme, user or path");
    request.target = std::move(*target);
    request.debug = said.debug == "true" || said.debug == "1";
    const auto limit = limit_of(headers, request.modules);
    if (!limit) return bad(fmt::format("{} is no number of seconds", timeout_field));
    request.limit = *limit;
    if (!config.allow.allows(request.target))
        return Refusal{403, "this target is not among targets: allow: of the configuration"};
    return request;
}

}  // namespace mullion::exporter
