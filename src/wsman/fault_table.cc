#include "wsman/fault_table.h"

#include <algorithm>
#include <array>

#include "wsman/fault.h"

namespace mullion::wsman {

namespace {

constexpr FaultRow rows[] = {
#define MULLION_WSMAN_CODE(code, name, soap, subcode, detail, family, text) \
    {code, name, soap, subcode, detail, FaultFamily::family, text},
#include "wsman/fault_codes.def"
#undef MULLION_WSMAN_CODE
};

static_assert(std::is_sorted(std::begin(rows), std::end(rows),
                             [](const FaultRow& a, const FaultRow& b) { return a.code < b.code; }));

constexpr FaultRow unknown{0, "", "Receiver", "w:InternalError", "", FaultFamily::wsman, ""};

}  // namespace

const FaultRow& fault_row(std::uint32_t code) {
    const auto* found = std::lower_bound(std::begin(rows), std::end(rows), code,
                                         [](const FaultRow& row, std::uint32_t c) { return row.code < c; });
    return found != std::end(rows) && found->code == code ? *found : unknown;
}

std::string_view action_of(FaultFamily family) {
    switch (family) {
        case FaultFamily::addressing:
            return action::fault_addressing;
        case FaultFamily::wsman:
            return action::fault_wsman;
        case FaultFamily::enumeration:
            return action::fault_enumeration;
        case FaultFamily::eventing:
            return action::fault_eventing;
        case FaultFamily::transfer:
            return action::fault_transfer;
    }
    return action::fault_wsman;
}

std::string_view space_of(std::string_view prefix) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> spaces{{
        {"a", ns::addressing},
        {"w", ns::wsman},
        {"n", ns::enumeration},
        {"e", ns::eventing},
        {"x", ns::transfer},
        {"b", ns::binding},
    }};
    for (const auto& [known, space] : spaces)
        if (known == prefix) return space;
    return {};
}

std::string_view prefix_of_subcode(std::string_view local) {
    for (const auto& row : rows) {
        const auto colon = row.subcode.find(':');
        if (colon != std::string_view::npos && row.subcode.substr(colon + 1) == local)
            return row.subcode.substr(0, colon);
    }
    return "w";
}

std::string_view code_name(std::uint32_t code) {
    const auto& row = fault_row(code);
    if (!row.name.empty()) return row.name;
    // FACILITY_WIN32: a system error in the clothes of an HRESULT.
    return (code & 0xFFFF0000) == 0x80070000 ? fault_row(code & 0xFFFF).name : row.name;
}

}  // namespace mullion::wsman
