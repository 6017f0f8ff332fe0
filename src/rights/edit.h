// Giving and taking the rights of one SID; all else in the descriptor stays. `winrm configSDDL --grant |
// --revoke`.
#pragma once

#include <string_view>
#include <variant>

#include "rights/access.h"
#include "rights/descriptor.h"

namespace mullion::rights {

enum class EditFault {
    no_dacl,     // Everyone may do everything already: there is nothing to add to or to take from.
    locked_out,  // Nobody who logs on would have full access any more.
    too_many,    // The list is full.
};
[[nodiscard]] std::string_view text(EditFault fault);

struct Edited {
    Descriptor descriptor;
    bool changed = false;  // False: it was so already.
    bool reordered =
        false;  // The entries were not in canonical order, and are now: others' rights may be less.
    AccessMask effective = 0;  // What somebody who is this SID, and of no other group, now may, mapped.
};
using EditResult = std::variant<Edited, EditFault>;

// Adds to the entry that allows, or makes one, and takes the same rights out of entries that deny this very
// SID. A denial of a group they are in stays, and goes before: `effective` tells.
[[nodiscard]] EditResult grant(const Descriptor& descriptor, const Sid& sid, AccessMask mask,
                               const GenericMapping& mapping = winrm_mapping);
// Takes the rights out of every entry that allows this SID, also of inherited ones, and drops those that are
// left empty: nothing of what was taken is left in them. Denials stay. generic_all takes everything.
[[nodiscard]] EditResult revoke(const Descriptor& descriptor, const Sid& sid, AccessMask mask,
                                const GenericMapping& mapping = winrm_mapping);

// What comes of an edited descriptor that has a D: list: in canonical order if it was changed, unless it is
// refused. `effective` is not set.
[[nodiscard]] EditResult finish_edit(Descriptor descriptor, const Descriptor& before,
                                     const GenericMapping& mapping = winrm_mapping);

// Denials first, then what allows, then what is inherited, each as they stood. False when they stood so.
bool make_canonical(Acl& acl);

// Whether some SID that can log on over the network may do everything by itself (`mapping.all`). Entries for
// SIDs that no such token holds (INTERACTIVE, SYSTEM, CREATOR OWNER …) do not help anybody.
[[nodiscard]] bool someone_has_full_access(const Descriptor& descriptor,
                                           const GenericMapping& mapping = winrm_mapping);

}  // namespace mullion::rights
