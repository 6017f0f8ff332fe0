#include "rights/access.h"

#include <algorithm>
#include <array>

#include "rights/sddl.h"
#include "rights/well_known.h"

namespace mullion::rights {
namespace {

constexpr AccessMask every_right = ~AccessMask{0};

bool is_owner(const Descriptor& descriptor, const Token& token) {
    return descriptor.owner && token.has(*descriptor.owner);
}

bool speaks_of(const Ace& ace, const Descriptor& descriptor, const Token& token) {
    if (ace.has(inherit_only)) return false;
    return token.has(ace.sid) || (ace.sid == sids::owner_rights && is_owner(descriptor, token));
}

// [MS-DTYP] 2.5.3.2: the owner has these two unless an entry for OWNER RIGHTS takes their place.
AccessMask owners_own(const Descriptor& descriptor, const Token& token) {
    if (!is_owner(descriptor, token)) return 0;
    const auto replaces = [](const Ace& ace) {
        return ace.sid == sids::owner_rights && !ace.has(inherit_only);
    };
    const auto& aces = descriptor.dacl->aces;
    return std::any_of(aces.begin(), aces.end(), replaces) ? 0 : read_control | write_dac;
}

struct Judged {
    AccessMask granted = 0;
    std::optional<std::size_t> denial;
};

Judged judge(const Descriptor& descriptor, const Token& token, AccessMask wanted,
             const GenericMapping& mapping) {
    if (!descriptor.dacl || descriptor.dacl->null) return {wanted, {}};
    Judged out{owners_own(descriptor, token) & wanted, {}};
    AccessMask denied = 0;
    const auto& aces = descriptor.dacl->aces;
    for (std::size_t i = 0; i < aces.size(); ++i) {
        const Ace& ace = aces[i];
        if (!speaks_of(ace, descriptor, token)) continue;
        const AccessMask mask = map_generic(ace.mask, mapping) & wanted;
        if (ace.type == AceType::A || (ace.type == AceType::OA && ace.object.empty())) {
            out.granted |= mask & ~denied;
        } else if (ace.type == AceType::D || ace.type == AceType::OD) {
            const AccessMask newly = mask & ~out.granted & ~denied;
            denied |= newly;
            if (newly != 0 && !out.denial) out.denial = i;
        }
    }
    return out;
}

std::vector<std::size_t> audits(const Descriptor& descriptor, const Token& token, AccessMask wanted,
                                bool allowed, const GenericMapping& mapping) {
    std::vector<std::size_t> out;
    if (!descriptor.sacl) return out;
    const auto& aces = descriptor.sacl->aces;
    for (std::size_t i = 0; i < aces.size(); ++i) {
        const Ace& ace = aces[i];
        if (ace.type != AceType::AU && ace.type != AceType::OU) continue;
        if (ace.has(allowed ? audit_success : audit_failure) && speaks_of(ace, descriptor, token) &&
            (map_generic(ace.mask, mapping) & wanted) != 0)
            out.push_back(i);
    }
    return out;
}

struct RightName {
    std::string_view name;
    AccessMask mask;
};
constexpr std::array<RightName, 4> right_words{
    {{"Full", generic_all}, {"Read", generic_read}, {"Write", generic_write}, {"Execute", generic_execute}}};

}  // namespace

bool Token::has(const Sid& sid) const {
    return sid == user || std::find(groups.begin(), groups.end(), sid) != groups.end();
}

Token network_token(const Sid& user, std::vector<Sid> groups) {
    groups.insert(groups.end(), {sids::everyone, sids::authenticated_users, sids::network});
    return {user, std::move(groups)};
}

AccessMask map_generic(AccessMask mask, const GenericMapping& mapping) {
    AccessMask out = mask & ~(winrm_all | generic_all);
    if (mask & generic_read) out |= mapping.read;
    if (mask & generic_write) out |= mapping.write;
    if (mask & generic_execute) out |= mapping.execute;
    if (mask & generic_all) out |= mapping.all;
    return out;
}

Decision decide(const Descriptor& descriptor, const Token& token, AccessMask wanted,
                const GenericMapping& mapping) {
    wanted = map_generic(wanted, mapping);
    const Judged judged = judge(descriptor, token, wanted, mapping);
    Decision out;
    out.granted = judged.granted;
    out.missing = wanted & ~judged.granted;
    // Who wants nothing has not said what they do: that is no request that may pass.
    out.allowed = out.missing == 0 && wanted != 0;
    out.denial = judged.denial;
    out.audits = audits(descriptor, token, wanted, out.allowed, mapping);
    return out;
}

AccessMask effective_rights(const Descriptor& descriptor, const Token& token, const GenericMapping& mapping) {
    return judge(descriptor, token, every_right, mapping).granted;
}

std::optional<AccessMask> right_named(std::string_view word) {
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    for (const auto& right : right_words) {
        if (std::equal(word.begin(), word.end(), right.name.begin(), right.name.end(), same))
            return right.mask;
    }
    return std::nullopt;
}

std::string right_names(AccessMask mask) {
    std::string out;
    const auto add = [&](std::string_view name) { out.append(out.empty() ? "" : ", ").append(name); };
    if ((mask & winrm_all) == winrm_all) mask |= generic_all;
    if (mask & generic_all) mask &= ~winrm_all;
    for (const auto& right : right_words) {
        if (mask & right.mask) add(right.name);
        mask &= ~right.mask;
    }
    if (mask != 0) add(write_mask(mask));
    return out.empty() ? "None" : out;
}

}  // namespace mullion::rights
