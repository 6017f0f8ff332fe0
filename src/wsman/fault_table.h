// The table of WSMan codes (fault_codes.def). Internal to the room.
#pragma once

#include <cstdint>
#include <string_view>

namespace mullion::wsman {

enum class FaultFamily { addressing, wsman, enumeration, eventing, transfer };

struct FaultRow {
    std::uint32_t code;
    std::string_view name;
    std::string_view soap_code;
    std::string_view subcode;  // With its prefix; empty for VersionMismatch and MustUnderstand.
    std::string_view detail;
    FaultFamily family;
    std::string_view text;
};

// The row of a code, or the one that stands for every code we do not know.
[[nodiscard]] const FaultRow& fault_row(std::uint32_t code);

// a:Action of a fault of this family.
[[nodiscard]] std::string_view action_of(FaultFamily family);

// The namespace of a prefix in FaultRow::subcode; empty for one that the table does not use.
[[nodiscard]] std::string_view space_of(std::string_view prefix);

// The prefix of a subcode given by its local name, for faults that carry no code of ours.
[[nodiscard]] std::string_view prefix_of_subcode(std::string_view local);

}  // namespace mullion::wsman
