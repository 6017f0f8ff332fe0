#include "target/proxy.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "target/option_values.h"

namespace mullion::target {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return out;
}

// Lower case first, as curl and requests have it.
std::string variable(ReadVariable read, const std::string& name) {
    for (const auto& each : {name, upper(name)})
        if (const char* const value = read(each.c_str()); value != nullptr && *value != '\0') return value;
    return {};
}

bool names(std::string_view entry, const std::string& host) {
    if (entry == "*") return true;
    const auto wanted = lower(entry.substr(entry.starts_with('.') ? 1 : 0));
    if (wanted.empty()) return false;
    return host == wanted || (host.size() > wanted.size() && host.ends_with(wanted) &&
                              host[host.size() - wanted.size() - 1] == '.');
}

bool is_exempt(std::string_view list, const std::string& host) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        auto entry = list.substr(0, comma);
        while (entry.starts_with(' ')) entry.remove_prefix(1);
        while (entry.ends_with(' ')) entry.remove_suffix(1);
        if (names(entry, host)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

std::optional<HostPort> address_in(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    return parse_host_port(url.substr(scheme.size()));
}

}  // namespace

Result<std::optional<HostPort>> proxy_of(const Target& target, ReadVariable read) {
    if (target.proxy.empty()) return std::optional<HostPort>();
    if (target.proxy != "environment") return address_in(target.proxy);
    if (is_exempt(variable(read, "no_proxy"), lower(target.host))) return std::optional<HostPort>();
    const std::string name = target.scheme == Scheme::http ? "http_proxy" : "https_proxy";
    auto value = variable(read, name);
    if (value.empty()) value = variable(read, "all_proxy");
    auto url = parse_proxy(value);
    if (!url.ok())
        return Error(ErrorId::usage_invalid,
                     fmt::format("{} of the environment: {}", name, url.error().detail));
    if (url->empty()) return std::optional<HostPort>();
    return address_in(*url);
}

}  // namespace mullion::target
