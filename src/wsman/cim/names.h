// URIs and codes of CIM on the wire, once, beside the clause they come from.
#pragma once

#include <cstdint>
#include <string_view>

namespace mullion::wsman::cim {

inline constexpr std::string_view common_space = "http://schemas.dmtf.org/wbem/wscim/1/common";  // DSP0230 5
inline constexpr std::string_view xsi_space = "http://www.w3.org/2001/XMLSchema-instance";

// What resource URIs begin with. [MS-WSMV] 2.2.4.33, DSP0227 6
inline constexpr std::string_view wmi_prefix = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";
inline constexpr std::string_view dmtf_prefix = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/";
inline constexpr std::string_view all_classes = "http://schemas.dmtf.org/wbem/wscim/1/*";
inline constexpr std::string_view schema_part = "/wbem/wscim/1/cim-schema/2/";  // Of every vendor's.
inline constexpr std::string_view namespace_selector = "__cimnamespace";        // DSP0227 6.2

// DSP0227 16.1 writes the last word small; clients send it in either case.
inline constexpr std::string_view association_dialect =
    "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter";

namespace code {  // wsmerror.h, beside those of wsman/fault.h.
inline constexpr std::uint32_t filter_dialect = 0x80338019;
inline constexpr std::uint32_t cannot_process_filter = 0x8033801A;
inline constexpr std::uint32_t missing_values = 0x80338057;
inline constexpr std::uint32_t invalid_namespace = 0x80338058;
inline constexpr std::uint32_t uri_limit = 0x8033802D;
inline constexpr std::uint32_t selector_limit = 0x8033804A;
inline constexpr std::uint32_t selector_type = 0x8033805C;
inline constexpr std::uint32_t invalid_selector_value = 0x8033805D;
inline constexpr std::uint32_t duplicate_selectors = 0x8033805F;
inline constexpr std::uint32_t enumeration_mode = 0x80338086;
inline constexpr std::uint32_t keys_missing = 0x803380FA;     // …_INVALID_URI_WMI_SINGLETON
inline constexpr std::uint32_t class_for_query = 0x803380FB;  // …_INVALID_URI_WMI_ENUM_WQL
inline constexpr std::uint32_t expiration_type = 0x8033811C;
inline constexpr std::uint32_t invalid_expiration = 0x80338016;
inline constexpr std::uint32_t filtering_required = 0x8033804F;
inline constexpr std::uint32_t polymorphism = 0x80338137;
inline constexpr std::uint32_t not_of_dmtf = 0x80338139;        // …_URI_NON_DMTF_CLASS
inline constexpr std::uint32_t dmtf_version = 0x8033813A;       // …_URI_WRONG_DMTF_VERSION
inline constexpr std::uint32_t namespace_differs = 0x8033813B;  // …_DIFFERENT_CIM_SELECTOR
}  // namespace code

}  // namespace mullion::wsman::cim
