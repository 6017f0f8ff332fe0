#include "service/config/config_changes_log.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/printable.h"
#include "encoding/utf16.h"
#include "state/listen_url.h"
#include "state/settings_table.h"

namespace mullion::service {
namespace {

constexpr std::size_t longest_value = 512;

std::string shown(std::string_view value) {
    return value.empty() ? "empty" : encoding::shortened(std::string(value), longest_value);
}

std::string name_of(const state::ListenerSettings& one) {
    return fmt::format("listener {} {}", state::listener_address_text(one.address),
                       one.https ? "HTTPS" : "HTTP");
}

std::string name_of(const state::CertificateMapping& one) {
    return fmt::format("mapping of {} ({}, issuer {})", shown(one.subject), shown(one.uri), one.issuer);
}

std::string name_of(const state::SecurityEntry& one) {
    return "Security of " + shown(one.uri);
}

std::string name_of(const state::GroupRule& one) {
    return "Groups of " + shown(one.unix_group);
}

std::string what_it_is(const state::ListenerSettings& one) {
    return fmt::format("port {}, prefix {}, host name {}, certificate {}{}{}",
                       one.port ? std::to_string(*one.port) : "default", one.url_prefix, shown(one.hostname),
                       shown(one.thumbprint),
                       one.ask_at_handshake ? ", asks for certificates in the handshake" : "",
                       one.enabled ? "" : ", not enabled");
}

std::string what_it_is(const state::CertificateMapping& one) {
    return fmt::format("account {}{}", one.user, one.enabled ? "" : ", not enabled");
}

std::string what_it_is(const state::SecurityEntry& one) {
    return fmt::format("{}{}", shown(one.sddl), one.exact ? ", ExactMatch" : "");
}

std::string what_it_is(const state::GroupRule& one) {
    return one.group;
}

bool same(const state::GroupRule& a, const state::GroupRule& b) {
    return a.unix_group == b.unix_group;
}

template <class Instance>
bool same(const Instance& a, const Instance& b) {
    return state::same_key(a, b);
}

template <class Instance>
void compare(const std::vector<Instance>& before, const std::vector<Instance>& after,
             std::vector<std::string>& out) {
    const auto find = [](const std::vector<Instance>& in, const Instance& one) {
        return std::find_if(in.begin(), in.end(), [&](const Instance& other) { return same(other, one); });
    };
    for (const auto& one : before)
        if (find(after, one) == after.end()) out.push_back(fmt::format("{}: deleted", name_of(one)));
    for (const auto& one : after) {
        const auto old = find(before, one);
        if (old == before.end())
            out.push_back(fmt::format("{}: created, {}", name_of(one), what_it_is(one)));
        else if (!(*old == one))
            out.push_back(fmt::format("{}: {}, now {}", name_of(one), what_it_is(*old), what_it_is(one)));
    }
}

}  // namespace

std::vector<std::string> changes_in_words(const state::ConfigTree& before, const state::ConfigTree& after) {
    std::vector<std::string> out;
    for (const auto& setting : state::settings_table()) {
        const auto old = before.value(*setting.row).text;
        const auto now = after.value(*setting.row).text;
        if (old != now) out.push_back(fmt::format("{}: {}, now {}", setting.path(), shown(old), shown(now)));
    }
    compare(before.config().listeners, after.config().listeners, out);
    compare(before.file.mappings, after.file.mappings, out);
    compare(before.config().security, after.config().security, out);
    compare(before.file.groups, after.file.groups, out);
    const bool login = before.file.use_login_shell.value_or(false);
    if (login != after.file.use_login_shell.value_or(false))
        out.push_back(fmt::format("UseLoginShell: {}, now {}", login, !login));
    for (auto& words : out) words = one_line(words);
    return out;
}

}  // namespace mullion::service
