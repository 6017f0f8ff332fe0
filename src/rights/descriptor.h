// A security descriptor: who may do what, and what of that is written down. [MS-DTYP] 2.4.6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rights/sid.h"

namespace mullion::rights {

using AccessMask = std::uint32_t;  // [MS-DTYP] 2.4.3

inline constexpr AccessMask generic_all = 0x1000'0000;
inline constexpr AccessMask generic_execute = 0x2000'0000;
inline constexpr AccessMask generic_write = 0x4000'0000;
inline constexpr AccessMask generic_read = 0x8000'0000;
inline constexpr AccessMask write_owner = 0x0008'0000;
inline constexpr AccessMask write_dac = 0x0004'0000;
inline constexpr AccessMask read_control = 0x0002'0000;
inline constexpr AccessMask delete_object = 0x0001'0000;

// The letters of SDDL. The object forms speak of one property or child class of an object.
enum class AceType { A, D, OA, OD, AU, AL, OU, OL, ML };

// [MS-DTYP] 2.4.4.1
enum AceFlag : std::uint8_t {
    object_inherit = 0x01,
    container_inherit = 0x02,
    no_propagate = 0x04,
    inherit_only = 0x08,
    inherited = 0x10,
    audit_success = 0x40,
    audit_failure = 0x80,
};

struct Ace {
    AceType type = AceType::A;
    std::uint8_t flags = 0;
    AccessMask mask = 0;
    std::string object;           // A GUID in lower case, or empty; of the object forms only.
    std::string inherits_object;  // Likewise.
    Sid sid;

    bool operator==(const Ace&) const = default;
    [[nodiscard]] bool has(AceFlag flag) const { return (flags & flag) != 0; }
};

struct Acl {
    bool is_protected = false;           // P: nothing is inherited.
    bool auto_inherit_required = false;  // AR
    bool auto_inherited = false;         // AI
    bool null = false;                   // NO_ACCESS_CONTROL: present, but no list at all.
    std::vector<Ace> aces;

    bool operator==(const Acl&) const = default;
};

struct Descriptor {
    std::optional<Sid> owner, group;
    // Without a DACL everyone may do everything; with an empty one nobody may do anything.
    std::optional<Acl> dacl, sacl;

    bool operator==(const Descriptor&) const = default;
};

}  // namespace mullion::rights
