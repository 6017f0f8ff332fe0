// What an answer, or the lack of one, is a sign of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checks/ask.h"
#include "doctor/monitoring/questions.h"

namespace mullion::doctor {

namespace wbem {  // WBEMSTATUS, [MS-WMI] 2.2.11
inline constexpr std::uint32_t access_denied = 0x80041003;
inline constexpr std::uint32_t invalid_namespace = 0x8004100E;
inline constexpr std::uint32_t invalid_class = 0x80041010;
inline constexpr std::uint32_t quota_violation = 0x8004106C;
}  // namespace wbem

enum class Sign {
    answered,      // With rows, a value or output.
    nothing,       // No row, and no error.
    not_let_in,    // Access denied, and nothing says that WMI was reached.
    denied,        // By WMI: the namespace's rights, or those of what the class reads.
    no_class,      // WMI knows none of that name.
    no_namespace,  // Likewise.
    key_denied,    // A method returned 5: the registry's own rights.
    quota,
    other,  // Whatever else went wrong: no right is known that would explain it.
};

[[nodiscard]] Sign sign_of(const Told& told);
// WMI's own code inside of a fault.
[[nodiscard]] std::optional<std::uint32_t> wbem_code_of(const wsman::Fault& fault);
// In one line: "Win32_Service in root/cimv2: no instance", "…: 0x80041003, access denied by WMI"
[[nodiscard]] std::string evidence_of(const checks::Ask& question, const Told& told);

}  // namespace mullion::doctor
