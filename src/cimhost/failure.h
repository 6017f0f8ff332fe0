// What a caller is told instead of an answer: WS-Management's code, and WMI's inside where WMI has one.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "cim/messages.h"
#include "cim/provider.h"
#include "cim/registry.h"
#include "core/result.h"
#include "wql/fault.h"

namespace mullion::cimhost {

namespace wbem {  // WBEMSTATUS, [MS-WMI] 2.2.11
inline constexpr std::uint32_t not_found = 0x80041002;
inline constexpr std::uint32_t provider_failure = 0x80041004;
inline constexpr std::uint32_t invalid_namespace = 0x8004100E;
inline constexpr std::uint32_t invalid_class = 0x80041010;
inline constexpr std::uint32_t invalid_query = 0x80041017;
inline constexpr std::uint32_t provider_not_capable = 0x80041024;
inline constexpr std::uint32_t invalid_method = 0x8004102E;
inline constexpr std::uint32_t invalid_method_parameters = 0x8004102F;
inline constexpr std::uint32_t quota_violation = 0x8004106C;
}  // namespace wbem

namespace code {  // wsmerror.h, beside those of wsman/fault.h and wsman/cim/names.h.
inline constexpr std::uint32_t invalid_parameter_name = 0x80338055;
inline constexpr std::uint32_t parameter_type = 0x80338054;
inline constexpr std::uint32_t fragment_dialect = 0x80338090;
inline constexpr std::uint32_t fragment_path = 0x80338093;
inline constexpr std::uint32_t provider_not_capable = 0x80338102;  // …_WMI_PROVIDER_NOT_CAPABLE
}  // namespace code

template <class T>
using Or = std::variant<T, cim::Failure>;

// Of this service itself.
[[nodiscard]] cim::Failure refuse(std::uint32_t wsman_code, std::string message);
// Of the part of it that stands where Windows has WMI.
[[nodiscard]] cim::Failure wmi_failure(std::uint32_t wsman_code, std::uint32_t wbem_code,
                                       std::string message);

// A request that wsman's readers refused.
[[nodiscard]] cim::Failure failure_of(const Error& error);
[[nodiscard]] cim::Failure failure_of(const wql::Fault& fault);
// `wsman_code`: of a resource URI that names it, or of a query.
[[nodiscard]] cim::Failure failure_of(const cim::Unknown& unknown, std::uint32_t wsman_code);
[[nodiscard]] cim::Failure failure_of(const cim::Fault& fault, const cim::ClassDef& definition);

template <class T>
[[nodiscard]] Or<T> read_or_refuse(Result<T> read) {
    if (!read) return failure_of(read.error());
    return std::move(read).value();
}

}  // namespace mullion::cimhost
