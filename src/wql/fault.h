// What is wrong with a query: where, what stands there, and what was expected.
//
// Over WS-Management a query that cannot be answered is 0x8033801A
// (ERROR_WSMAN_ENUMERATE_CANNOT_PROCESS_FILTER, s:Sender / n:CannotProcessFilter), with the code of WMI
// inside the ProviderFault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mullion::wql {

inline constexpr std::uint32_t wsman_cannot_process_filter = 0x8033801A;

enum class Wrong {
    syntax,       // It is no WQL.
    unsupported,  // It is WQL, or nearly so, that is not answered here: events, aggregates, arrays.
    limit,        // There is too much of it.
    class_shape,  // The class has no such property, or it is of another type.
};

struct Fault {
    Wrong wrong = Wrong::syntax;
    std::size_t place = 0;   // In bytes from the beginning.
    std::size_t column = 1;  // The same in characters, from 1.
    std::string expected;    // "the name of a class"; the reason, or what to do instead, may follow.
    std::string found;       // What stands there instead, shortened, one line; empty at the end.

    [[nodiscard]] std::string text() const;  // "character 12: expected …, found "XY""
};

// WBEMSTATUS, [MS-WMI] 2.2.11: WBEM_E_QUOTA_VIOLATION is what WMI says of too many terms; anything else is
// WBEM_E_INVALID_QUERY.
[[nodiscard]] constexpr std::uint32_t wbem_code(Wrong wrong) {
    return wrong == Wrong::limit ? 0x8004106C : 0x80041017;
}

// At `place` of the query.
[[nodiscard]] Fault fault_at(std::string_view query, std::size_t place, Wrong wrong, std::string expected);

}  // namespace mullion::wql
