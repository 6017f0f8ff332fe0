// The words of SDDL and what they stand for: one table for reading and writing. [MS-DTYP] 2.5.1.1; sddl.h of
// the SDK.
#pragma once

#include <array>
#include <string_view>

#include "rights/descriptor.h"

namespace mullion::rights {

template <class Value>
struct SddlWord {
    std::string_view word;
    Value value;
};

inline constexpr std::string_view no_access_control = "NO_ACCESS_CONTROL";

inline constexpr std::array<SddlWord<AceType>, 9> ace_types{{{"A", AceType::A},
                                                             {"D", AceType::D},
                                                             {"OA", AceType::OA},
                                                             {"OD", AceType::OD},
                                                             {"AU", AceType::AU},
                                                             {"AL", AceType::AL},
                                                             {"OU", AceType::OU},
                                                             {"OL", AceType::OL},
                                                             {"ML", AceType::ML}}};

// Types that are known, and refused: each with what it is.
inline constexpr std::array<SddlWord<std::string_view>, 8> refused_types{{{"XA", "a conditional ACE"},
                                                                          {"XD", "a conditional ACE"},
                                                                          {"XU", "a conditional ACE"},
                                                                          {"ZA", "a conditional ACE"},
                                                                          {"RA", "a resource attribute"},
                                                                          {"SP", "a scoped policy"},
                                                                          {"TL", "a process trust label"},
                                                                          {"FL", "an access filter"}}};

inline constexpr std::array<SddlWord<std::uint8_t>, 7> ace_flags{{{"OI", object_inherit},
                                                                  {"CI", container_inherit},
                                                                  {"NP", no_propagate},
                                                                  {"IO", inherit_only},
                                                                  {"ID", inherited},
                                                                  {"SA", audit_success},
                                                                  {"FA", audit_failure}}};

// One bit each, in the order in which Windows writes them.
inline constexpr std::array<SddlWord<AccessMask>, 17> bit_rights{{{"CC", 0x1},
                                                                  {"DC", 0x2},
                                                                  {"LC", 0x4},
                                                                  {"SW", 0x8},
                                                                  {"RP", 0x10},
                                                                  {"WP", 0x20},
                                                                  {"DT", 0x40},
                                                                  {"LO", 0x80},
                                                                  {"CR", 0x100},
                                                                  {"SD", delete_object},
                                                                  {"RC", read_control},
                                                                  {"WD", write_dac},
                                                                  {"WO", write_owner},
                                                                  {"GA", generic_all},
                                                                  {"GX", generic_execute},
                                                                  {"GW", generic_write},
                                                                  {"GR", generic_read}}};

// Whole sets, written where they are all there is. KX is the same as KR, and so is never written.
inline constexpr std::array<SddlWord<AccessMask>, 8> whole_rights{{{"FA", 0x1f01ff},
                                                                   {"FR", 0x120089},
                                                                   {"FW", 0x120116},
                                                                   {"FX", 0x1200a0},
                                                                   {"KA", 0xf003f},
                                                                   {"KR", 0x20019},
                                                                   {"KW", 0x20006},
                                                                   {"KX", 0x20019}}};

// What a mandatory label denies to those below it.
inline constexpr std::array<SddlWord<AccessMask>, 3> label_rights{{{"NW", 0x1}, {"NR", 0x2}, {"NX", 0x4}}};

}  // namespace mullion::rights
