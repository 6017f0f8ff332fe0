#include "auth/matrix.h"

#include <fmt/core.h>

#include <array>

namespace mullion::auth {
namespace {

constexpr std::array rows{
    Abilities{Transport::basic, true, false, false, false,
              "a local account over https, where nothing better is switched on; the host sees the password"},
    Abilities{Transport::certificate, true, false, false, false,
              "a local account over https, without a password to keep: a key, mapped on the host"},
    Abilities{Transport::kerberos, false, true, true, true,
              "a domain's account: the safest, and the first choice there (--kerberos-delegation for further "
              "hosts)"},
    Abilities{Transport::ntlm, true, true, false, true,
              "any account, with nothing to prepare; for a domain's only where Kerberos cannot be had"},
    Abilities{
        Transport::credssp, true, true, true, true,
        "when the command must go on to further hosts; hands the password over, so only to hosts you trust"},
};

std::string_view word(bool able) {
    return able ? "yes" : "no";
}

}  // namespace

std::span<const Abilities> matrix() {
    return rows;
}

std::string matrix_text() {
    constexpr std::string_view line = "{:<13}{:<16}{:<17}{:<22}{}\n";
    std::string text = "Ways to log on (--transport), and what each can:\n\n";
    text +=
        fmt::format(line, "", "local accounts", "domain accounts", "credentials go on", "sealed over http");
    for (const auto& row : rows)
        text += fmt::format(line, to_string(row.transport), word(row.local_accounts),
                            word(row.domain_accounts), word(row.delegation), word(row.http_encryption));
    text += "\nHow to choose:\n\n";
    for (const auto& row : rows) text += fmt::format("  {:<12} {}\n", to_string(row.transport), row.when);
    text += fmt::format("  {:<12} {}\n", to_string(Transport::negotiate),
                        "kerberos where there is a ticket, else ntlm, and it says which and why");
    text +=
        "\nInside https everything is encrypted by TLS; --message-encryption always seals messages there, "
        "too. Without\n"
        "--transport a user with a realm (NAME@REALM, or --realm) tries kerberos, then over https basic;\n"
        "others are tried with basic, which is refused over http without --allow-unencrypted.\n"
        "Several are tried in their order: --transport kerberos,ntlm.\n\n"
        "Examples:\n"
        "  mullion ping https://admin@web01 -k\n"
        "  mullion ping http://web01.corp.example -u admin@CORP.EXAMPLE --transport negotiate -k\n";
    return text;
}

}  // namespace mullion::auth
