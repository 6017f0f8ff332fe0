#include "prepare/kerberos/plan.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <string_view>

#include "prepare/kerberos/words.h"

namespace mullion::prepare {
namespace {

Error invalid(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(by);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

Result<std::vector<std::string>> kdcs_of(const KerberosWords& words) {
    std::vector<std::string> kdcs;
    for (const auto& word : words.kdcs) {
        for (const auto kdc : split(word, ',')) {
            MULLION_TRY(check_host_and_port(kdc, "--kdc"));
            kdcs.emplace_back(kdc);
            if (kdcs.size() > most_kdcs) return invalid(fmt::format("--kdc: more than {} KDCs", most_kdcs));
        }
    }
    if (kdcs.empty() && !words.only_undo)
        return invalid("--kdc is missing: the domain controllers, as dc1.example.com,dc2.example.com");
    return kdcs;
}

// ADDRESS=NAME[,ALIAS…] to a line of hosts(5): the full name first, as Kerberos takes it for the host's own.
Result<std::string> host_line(std::string_view word) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos)
        return invalid(
            fmt::format("--host '{}': write ADDRESS=NAME or ADDRESS=NAME,ALIAS", word.substr(0, 253)));
    const auto address = word.substr(0, equals);
    MULLION_TRY(check_address(address, "--host"));
    const auto names = split(word.substr(equals + 1), ',');
    if (names.size() > most_aliases + 1)
        return invalid(fmt::format("--host {}=…: more than {} aliases", address, most_aliases));
    for (const auto name : names) MULLION_TRY(check_host_name(name, "--host"));
    return fmt::format("{} {}", address, fmt::join(names, " "));
}

Result<void> fill_hosts(const KerberosWords& words, KerberosPlan& plan) {
    if (words.hosts.size() > most_host_lines)
        return invalid(fmt::format("--host: more than {} of them; have DNS know them", most_host_lines));
    for (const auto& word : words.hosts) {
        MULLION_ASSIGN(auto line, host_line(word));
        plan.host_lines.push_back(std::move(line));
    }
    return {};
}

Result<void> fill_keytab(const KerberosWords& words, KerberosPlan& plan) {
    if (words.keytab.empty()) {
        if (!words.keytab_to.empty()) return invalid("--keytab-to says where, and there is no --keytab");
        if (!words.keytab_owner.empty())
            return invalid("--keytab-owner says whose, and there is no --keytab");
        return {};
    }
    MULLION_TRY(check_path(words.keytab, "--keytab"));
    plan.keytab = words.keytab;
    plan.keytab_to =
        words.keytab_to.empty() ? fmt::format("/etc/mullion/{}.keytab", plan.realm) : words.keytab_to;
    MULLION_TRY(check_path(plan.keytab_to, "--keytab-to"));
    plan.keytab_owner = words.keytab_owner.empty() ? "root" : words.keytab_owner;
    return check_user(plan.keytab_owner, "--keytab-owner");
}

}  // namespace

Result<KerberosPlan> plan_kerberos(const KerberosWords& words) {
    KerberosPlan plan;
    if (words.realm.empty())
        return invalid("--realm is missing: the domain's full DNS name in capitals, as EXAMPLE.COM");
    MULLION_TRY(check_realm(words.realm));
    plan.realm = words.realm;
    MULLION_ASSIGN(plan.kdcs, kdcs_of(words));
    plan.admin_server = words.admin_server;
    if (plan.admin_server.empty() && !plan.kdcs.empty()) plan.admin_server = plan.kdcs.front();
    if (!words.admin_server.empty()) MULLION_TRY(check_host_and_port(words.admin_server, "--admin-server"));
    plan.domain = in_small_letters(words.domain.empty() ? words.realm : words.domain);
    MULLION_TRY(check_host_name(plan.domain, "--domain"));
    MULLION_TRY(fill_hosts(words, plan));
    MULLION_TRY(fill_keytab(words, plan));
    if (!words.principal.empty()) {
        MULLION_ASSIGN(plan.principal, whole_principal(words.principal, plan.realm));
    }
    if (words.target.starts_with('-')) return invalid("--target is a host or URL");
    plan.target = words.target;
    return plan;
}

}  // namespace mullion::prepare
