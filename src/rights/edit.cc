#include "rights/edit.h"

#include <algorithm>
#include <array>

#include "rights/sddl.h"
#include "rights/well_known.h"

namespace mullion::rights {
namespace {

// Of authority 5, those that belong to processes of the machine itself, or stand for somebody else.
constexpr std::array not_of_the_network{
    sids::batch,           sids::interactive,          sids::service,      sids::anonymous,
    sids::principal_self,  sids::restricted_code,      sids::local_system, sids::local_service,
    sids::network_service, sids::write_restricted_code};

// The authorities 0, 3, 15 and 16 are nobody, creators and owners, programs, and labels.
bool can_log_on(const Sid& sid) {
    constexpr std::array<std::uint64_t, 4> no_accounts{0, 3, 15, 16};
    return std::find(no_accounts.begin(), no_accounts.end(), sid.authority()) == no_accounts.end() &&
           std::find(not_of_the_network.begin(), not_of_the_network.end(), sid) == not_of_the_network.end();
}

// 0: deny, 1: allow, 2: inherited.
int rank(const Ace& ace) {
    if (ace.has(inherited)) return 2;
    return ace.type == AceType::D || ace.type == AceType::OD ? 0 : 1;
}

bool is_for(const Ace& ace, AceType type, const Sid& sid) {
    return ace.type == type && ace.sid == sid && !ace.has(inherit_only);
}

// A generic right of which something is taken is written as what it stands for, less that.
AccessMask without(AccessMask mask, AccessMask taken, const GenericMapping& mapping) {
    if (taken & generic_all) return 0;
    const AccessMask gone = map_generic(taken, mapping);
    mask &= ~taken;
    for (const auto generic : {generic_all, generic_read, generic_write, generic_execute}) {
        const AccessMask meaning = map_generic(generic, mapping);
        if ((mask & generic) && (meaning & gone)) mask = (mask & ~generic) | (meaning & ~gone);
    }
    return mask & ~gone;
}

AccessMask with(AccessMask mask, AccessMask given) {
    mask |= given;
    return mask & generic_all ? mask & ~winrm_all : mask;
}

void take_out(std::vector<Ace>& aces, AceType type, const Sid& sid, AccessMask mask,
              const GenericMapping& mapping) {
    for (auto& ace : aces) {
        if (is_for(ace, type, sid)) ace.mask = without(ace.mask, mask, mapping);
    }
    std::erase_if(aces, [&](const Ace& ace) { return is_for(ace, type, sid) && ace.mask == 0; });
}

void add_allowance(std::vector<Ace>& aces, const Sid& sid, AccessMask mask) {
    const auto own = std::find_if(aces.begin(), aces.end(), [&](const Ace& ace) {
        return ace == Ace{AceType::A, 0, ace.mask, {}, {}, sid};
    });
    if (own != aces.end()) {
        own->mask = with(own->mask, mask);
        return;
    }
    const auto before = std::find_if(aces.begin(), aces.end(), [](const Ace& ace) { return rank(ace) == 2; });
    aces.insert(before, Ace{AceType::A, 0, with(0, mask), {}, {}, sid});
}

EditResult finish(Edited edited, const Descriptor& before, const Sid& sid, const GenericMapping& mapping) {
    auto finished = finish_edit(std::move(edited.descriptor), before, mapping);
    if (auto* done = std::get_if<Edited>(&finished))
        done->effective = effective_rights(done->descriptor, network_token(sid, {}), mapping);
    return finished;
}

}  // namespace

std::string_view text(EditFault fault) {
    switch (fault) {
        case EditFault::no_dacl:
            return "it has no D: list, so that everyone may do everything; write the list as a whole";
        case EditFault::locked_out:
            return "nobody who logs on over the network would have full access any more";
        case EditFault::too_many:
            return "its D: list is full";
    }
    return "";
}

EditResult finish_edit(Descriptor descriptor, const Descriptor& before, const GenericMapping& mapping) {
    Edited edited{std::move(descriptor)};
    edited.changed = edited.descriptor != before;
    if (edited.changed) edited.reordered = make_canonical(*edited.descriptor.dacl);
    if (edited.descriptor.dacl->aces.size() > SddlLimits{}.aces) return EditFault::too_many;
    if (!someone_has_full_access(edited.descriptor, mapping)) return EditFault::locked_out;
    return edited;
}

bool make_canonical(Acl& acl) {
    const auto before = [](const Ace& a, const Ace& b) { return rank(a) < rank(b); };
    if (std::is_sorted(acl.aces.begin(), acl.aces.end(), before)) return false;
    std::stable_sort(acl.aces.begin(), acl.aces.end(), before);
    return true;
}

bool someone_has_full_access(const Descriptor& descriptor, const GenericMapping& mapping) {
    if (!descriptor.dacl || descriptor.dacl->null) return true;
    const auto& aces = descriptor.dacl->aces;
    return std::any_of(aces.begin(), aces.end(), [&](const Ace& ace) {
        return (ace.type == AceType::A || ace.type == AceType::OA) && can_log_on(ace.sid) &&
               decide(descriptor, network_token(ace.sid, {}), generic_all, mapping).allowed;
    });
}

EditResult grant(const Descriptor& descriptor, const Sid& sid, AccessMask mask,
                 const GenericMapping& mapping) {
    if (!descriptor.dacl || descriptor.dacl->null) return EditFault::no_dacl;
    Edited edited{descriptor};
    auto& aces = edited.descriptor.dacl->aces;
    take_out(aces, AceType::D, sid, mask, mapping);
    if (mask != 0) add_allowance(aces, sid, mask);
    return finish(std::move(edited), descriptor, sid, mapping);
}

EditResult revoke(const Descriptor& descriptor, const Sid& sid, AccessMask mask,
                  const GenericMapping& mapping) {
    if (!descriptor.dacl || descriptor.dacl->null) return EditFault::no_dacl;
    Edited edited{descriptor};
    take_out(edited.descriptor.dacl->aces, AceType::A, sid, mask, mapping);
    return finish(std::move(edited), descriptor, sid, mapping);
}

}  // namespace mullion::rights
