#include "state/groups.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "core/nearest.h"
#include "core/printable.h"
#include "rights/well_known.h"

namespace mullion::state {
namespace {

constexpr std::string_view builtin = "BUILTIN\\";
constexpr std::string_view administrators = "Administrators";
constexpr std::size_t longest_quoted = 80;

bool is_group(const rights::WellKnown& known) {
    return known.name.starts_with(builtin);
}

std::string_view short_name(const rights::WellKnown& known) {
    return known.name.substr(builtin.size());
}

const rights::WellKnown* find_group(std::string_view word) {
    const auto* found = rights::find_well_known(word);
    if (found == nullptr) found = rights::find_alias(word);
    if (const auto sid = rights::parse_sid(word)) found = rights::find_well_known(*sid, {});
    return found != nullptr && is_group(*found) ? found : nullptr;
}

Result<const rights::WellKnown*> group(std::string_view word) {
    if (const auto* found = find_group(word)) return found;
    std::vector<std::string_view> names;
    for (const auto& known : rights::well_known())
        if (is_group(known)) names.push_back(short_name(known));
    const auto near = nearest(word, names);
    return Error{ErrorId::account_invalid,
                 fmt::format("there is no group \"{}\"{}", one_line(word.substr(0, longest_quoted)),
                             near.empty() ? "; groups are Windows' own, as Remote Management Users"
                                          : fmt::format("; did you mean {}?", near))};
}

// With the groups in order, each once, and Administrators in its own place.
storage::Membership tidied(storage::Membership membership) {
    auto& groups = membership.groups;
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    membership.administrator |= std::erase(groups, administrators) != 0;
    return membership;
}

}  // namespace

Result<std::string> group_name(std::string_view word) {
    MULLION_ASSIGN(const auto* found, group(word));
    return std::string(short_name(*found));
}

Result<rights::Sid> group_sid(std::string_view word) {
    MULLION_ASSIGN(const auto* found, group(word));
    return found->absolute;
}

Result<storage::Membership> membership_of(bool administrator, const std::vector<std::string>& words) {
    return changed({administrator, {}}, words, {});
}

Result<storage::Membership> changed(storage::Membership membership, const std::vector<std::string>& add,
                                    const std::vector<std::string>& remove) {
    for (const auto& word : add) {
        MULLION_ASSIGN(auto name, group_name(word));
        membership.groups.push_back(std::move(name));
    }
    membership = tidied(std::move(membership));
    for (const auto& word : remove) {
        // A word of an old directory that is no group can be taken away all the same.
        if (std::erase(membership.groups, word) != 0) continue;
        MULLION_ASSIGN(const auto name, group_name(word));
        std::erase(membership.groups, name);
        if (name == administrators) membership.administrator = false;
    }
    return membership;
}

std::vector<rights::Sid> group_sids(const storage::Membership& membership) {
    std::vector<rights::Sid> out{rights::sids::users};
    if (membership.administrator) out.push_back(rights::sids::administrators);
    for (const auto& name : membership.groups) {
        const auto* found = rights::find_well_known(name);
        // The column of its own says who is an administrator; nothing else does.
        if (found == nullptr || !is_group(*found) || found->absolute == rights::sids::administrators)
            continue;
        out.push_back(found->absolute);
    }
    return out;
}

Result<rights::Sid> machine_sid(storage::AccountsDatabase& database) {
    MULLION_ASSIGN(const auto text, database.machine_sid());
    const auto sid = rights::parse_sid(text);
    if (!sid || !sid->with_rid(0))
        return Error{ErrorId::state_database,
                     fmt::format("accounts.db: \"{}\" is no machine's SID", one_line(text))};
    return *sid;
}

Result<rights::Sid> account_sid(storage::AccountsDatabase& database, const storage::AccountRow& row) {
    MULLION_ASSIGN(const auto machine, machine_sid(database));
    return *machine.with_rid(row.rid);
}

}  // namespace mullion::state
