#include "state/account_rules.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hash.h"
#include "crypto/password_hash.h"
#include "encoding/utf16.h"
#include "state/groups.h"

namespace mullion::state {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_realm = 180;
constexpr std::size_t longest_password = 255;  // Bytes; Windows takes 255 for certificate mappings too.
constexpr std::string_view reserved = "\\/:@";

bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7F;
}

Error invalid(std::string what) {
    return {ErrorId::account_invalid, std::move(what)};
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

Result<void> check_name(std::string_view name) {
    if (name.empty()) return invalid("the name is empty");
    if (!encoding::is_utf8(name)) return invalid("the name is not UTF-8");
    if (characters(name) > longest_name)
        return invalid(fmt::format("the name has over {} characters", longest_name));
    if (std::any_of(name.begin(), name.end(), is_control)) return invalid("the name has a control character");
    if (name.find_first_of(reserved) != std::string_view::npos)
        return invalid("the name has one of \\ / : @");
    if (name.front() == ' ' || name.back() == ' ') return invalid("the name begins or ends with a blank");
    return {};
}

Result<void> check_account_name(std::string_view name) {
    const auto at = name.find('@');
    if (at == std::string_view::npos) return check_name(name);
    MULLION_TRY(check_name(name.substr(0, at)));
    const std::string_view realm = name.substr(at + 1);
    const bool written_well = std::all_of(realm.begin(), realm.end(), [](char c) {
        const char small = static_cast<char>(c | 0x20);
        return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
    if (realm.empty() || realm.size() > longest_realm || !written_well)
        return invalid("what follows @ is not the realm of a Kerberos principal, as EXAMPLE.TEST");
    return {};
}

Result<storage::AccountRow> make_account(const NewAccount& account) {
    MULLION_TRY(check_account_name(account.name));
    MULLION_ASSIGN(auto membership, membership_of(account.administrator, account.groups));
    const std::string_view password = account.password.expose();
    if (password.empty()) return invalid("the password is empty");
    if (password.size() > longest_password)
        return invalid(fmt::format("the password has over {} bytes", longest_password));
    if (std::any_of(password.begin(), password.end(), is_control))
        return invalid("the password has a control character");
    MULLION_ASSIGN(Secret nt_hash, crypto::nt_hash(account.password));
    MULLION_ASSIGN(std::string argon2, crypto::hash_password(account.password));
    storage::AccountRow row;
    row.name = account.name;
    row.nt_hash = std::move(nt_hash);
    row.argon2 = account.by_pam ? std::string(password_by_pam) : std::move(argon2);
    row.administrator = membership.administrator;
    row.groups = std::move(membership.groups);
    row.unix_user = account.unix_user;
    return row;
}

}  // namespace mullion::state
