// May they? [MS-DTYP] 2.5.3.2, for objects that have neither properties nor children, as WinRM's resources.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rights/descriptor.h"

namespace mullion::rights {

// Who asks: made by the service from an identity, never by default.
struct Token {
    Sid user;
    std::vector<Sid> groups;

    [[nodiscard]] bool has(const Sid& sid) const;
};

// With what everyone is who has logged on over the network: Everyone, Authenticated Users, NETWORK.
[[nodiscard]] Token network_token(const Sid& user, std::vector<Sid> groups);

// What the generic rights stand for with a kind of object.
struct GenericMapping {
    AccessMask read, write, execute, all;
};

// WinRM has no rights of its own below the generic ones: Read (Get, Enumerate, Subscribe), Write (Put,
// Create, Delete), Execute (Invoke, shells), and all of them.
inline constexpr AccessMask winrm_all = generic_read | generic_write | generic_execute;
inline constexpr GenericMapping winrm_mapping{generic_read, generic_write, generic_execute, winrm_all};
// The service control manager of Windows (Win32, "Service Security and Access Rights"): `sc sdset scmanager`.
inline constexpr GenericMapping service_manager_mapping{read_control | 0x14, read_control | 0x22,
                                                        read_control | 0x09, 0xf003f};

[[nodiscard]] AccessMask map_generic(AccessMask mask, const GenericMapping& mapping);

struct Decision {
    bool allowed = false;
    AccessMask granted = 0;             // What the token may of what was wanted, mapped.
    AccessMask missing = 0;             // The rest.
    std::optional<std::size_t> denial;  // The first entry of the DACL that denies some of what was wanted.
    std::vector<std::size_t> audits;    // Entries of the SACL that want this to be written down.
};

// The entries are judged in the order in which they stand: what comes first decides each right. The owner may
// read and change the descriptor itself unless entries for OWNER RIGHTS say otherwise; that is none of
// WinRM's three rights. Entries that only children inherit count for nothing. An object entry with a GUID is
// about something this object does not have: such an entry allows nothing, but it denies and audits, to be on
// the safe side. Mandatory labels and alarms are kept by whoever edits, and not judged.
[[nodiscard]] Decision decide(const Descriptor& descriptor, const Token& token, AccessMask wanted,
                              const GenericMapping& mapping = winrm_mapping);

// Everything the token may, mapped.
[[nodiscard]] AccessMask effective_rights(const Descriptor& descriptor, const Token& token,
                                          const GenericMapping& mapping = winrm_mapping);

// "Full", "Read", "Write", "Execute", as `winrm configSDDL` shows them; in either case.
[[nodiscard]] std::optional<AccessMask> right_named(std::string_view word);
// The same backwards: "Read, Execute"; "None"; what no word says is added as SDDL writes it.
[[nodiscard]] std::string right_names(AccessMask mask);

}  // namespace mullion::rights
