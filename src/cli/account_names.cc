#include "cli/account_names.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <span>

#include "cli/printable.h"
#include "cli/programs.h"
#include "http/message.h"
#include "os/program.h"
#include "os/user.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::json;

constexpr std::string_view unix_user = "Unix User\\";
constexpr std::string_view unix_group = "Unix Group\\";
constexpr std::uint64_t unix_authority = 22;
constexpr std::uint32_t of_users = 1, of_groups = 2;
constexpr std::size_t most_told = 10;
constexpr Duration patience{30'000};

// What stands behind it, where it stands in front.
std::optional<std::string> behind(std::string_view name, std::string_view prefix) {
    if (!http::same_without_case(name.substr(0, prefix.size()), prefix)) return std::nullopt;
    return std::string(name.substr(prefix.size()));
}

std::optional<rights::Sid> unix_sid(std::uint32_t kind, std::optional<std::uint32_t> id) {
    if (!id) return std::nullopt;
    return rights::Sid(unix_authority, {kind, *id});
}

// The number of "S-1-22-KIND-NUMBER".
std::optional<std::uint32_t> unix_id(const rights::Sid& sid, std::uint32_t kind) {
    const auto base = rights::Sid(unix_authority, {kind}).text() + "-";
    const auto text = sid.text();
    if (!text.starts_with(base)) return std::nullopt;
    std::uint32_t id = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + base.size(), end, id);
    return read.ec == std::errc() && read.ptr == end ? std::optional(id) : std::nullopt;
}

Error not_listed(const std::string& why) {
    return {ErrorId::usage_unsupported, "`mullion user list`: " + why};
}

}  // namespace

const AccountNames::Users& AccountNames::of_this_machine() {
    static const Users users{
        [](const std::string& name) -> std::optional<std::uint32_t> {
            const auto user = os::find_user(name);
            return user.ok() && *user ? std::optional<std::uint32_t>((*user)->uid) : std::nullopt;
        },
        [](const std::string& name) -> std::optional<std::uint32_t> {
            const auto group = os::find_group(name);
            return group.ok() && *group ? std::optional<std::uint32_t>(**group) : std::nullopt;
        },
        [](std::uint32_t id) {
            const auto user = os::find_user(static_cast<uid_t>(id));
            return user.ok() && *user ? (*user)->name : std::string();
        },
        [](std::uint32_t id) {
            const auto name = os::find_group_name(static_cast<gid_t>(id));
            return name.ok() ? name->value_or("") : std::string();
        }};
    return users;
}

std::optional<rights::Sid> AccountNames::account(std::string_view name) const {
    for (const auto& one : accounts_)
        if (http::same_without_case(one.name, name)) return one.sid;
    if (const auto user = behind(name, unix_user)) return unix_sid(of_users, users_.user_id(*user));
    if (const auto group = behind(name, unix_group)) return unix_sid(of_groups, users_.group_id(*group));
    return std::nullopt;
}

std::string AccountNames::account_name(const rights::Sid& sid) const {
    for (const auto& one : accounts_)
        if (one.sid == sid) return one.name;
    const auto named = [](std::string_view prefix, const std::string& name) {
        return name.empty() ? name : std::string(prefix) + name;
    };
    if (const auto id = unix_id(sid, of_users)) return named(unix_user, users_.user_name(*id));
    if (const auto id = unix_id(sid, of_groups)) return named(unix_group, users_.group_name(*id));
    return {};
}

std::string AccountNames::known() const {
    std::string names;
    for (const auto& one : std::span(accounts_).first(std::min(accounts_.size(), most_told)))
        names += (names.empty() ? "" : ", ") + one.name;
    if (accounts_.size() > most_told) names += fmt::format(" and {} more", accounts_.size() - most_told);
    return fmt::format(
        "Names are those of the service's accounts ({}), of Windows' groups (Remote Management Users, or "
        "RM), "
        "of users and groups of Linux (Unix User\\NAME, Unix Group\\NAME), and SIDs.",
        names.empty() ? "there is none" : printable(names));
}

Result<std::vector<AccountNames::Account>> read_accounts(const std::string& listed) {
    const auto json = Json::parse(listed, nullptr, false);
    if (!json.is_object() || !json.contains("accounts") || !json["accounts"].is_array())
        return not_listed("what it says is no list of accounts");
    std::vector<AccountNames::Account> out;
    for (const auto& one : json["accounts"]) {
        const auto text = [&](const char* key) {
            return one.is_object() && one.contains(key) && one[key].is_string() ? one[key].get<std::string>()
                                                                                : std::string();
        };
        const auto sid = rights::parse_sid(text("sid"));
        if (!sid || text("name").empty()) return not_listed("an account has no name or no SID");
        out.push_back({text("name"), *sid});
    }
    return out;
}

Result<std::vector<AccountNames::Account>> accounts_of(const std::string& state) {
    MULLION_ASSIGN(const std::string program, find_program(service_program));
    MULLION_ASSIGN(
        const auto end,
        os::run_program({program, "user", "list", "--state", state, "--output", "json"}, patience));
    if (end.exit_code != 0) return not_listed(printable(end.errors));
    return read_accounts(end.output);
}

}  // namespace mullion::cli
