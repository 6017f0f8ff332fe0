#include "doctor/monitoring/evidence.h"

#include <fmt/core.h>

#include "wsman/cim/names.h"

namespace mullion::doctor {
namespace {

// WinRM's codes for what WMI said, where it puts nothing inside (wsmerror.h).
constexpr std::uint32_t wmi_denied = 0x80338104, wmi_not_reached = 0x80338106;

bool is_denial(std::uint32_t code) {
    return code == wsman::code::access_denied || code == 0x80070005;
}

Sign sign_of_fault(const wsman::Fault& fault) {
    switch (wbem_code_of(fault).value_or(0)) {
        case wbem::access_denied:
            return Sign::denied;
        case wbem::invalid_class:
            return Sign::no_class;
        case wbem::invalid_namespace:
            return Sign::no_namespace;
        case wbem::quota_violation:
            return Sign::quota;
        default:
            break;
    }
    if (fault.code == wmi_denied || fault.code == wmi_not_reached) return Sign::denied;
    // A provider that says no has been asked: WinRM itself let the account through to it.
    if (is_denial(fault.code)) return fault.provider.empty() ? Sign::not_let_in : Sign::denied;
    return Sign::other;
}

Sign sign_of_error(const Error& error) {
    if (error.id == ErrorId::wsman_quota) return Sign::quota;
    return error.id == ErrorId::wsman_access_denied ? Sign::not_let_in : Sign::other;
}

// ERROR_ACCESS_DENIED, as StdRegProv returns it.
bool was_refused_key(const wsman::cim::MethodResult& result) {
    const auto code = result.return_value.as(wsman::cim::Type::uint32);
    return code && std::get<std::uint64_t>(*code) == wsman::code::access_denied;
}

}  // namespace

// WBEMSTATUS stands inside as the provider's code; newer hosts say it as DSP0200's status (5.2.6) as well.
std::optional<std::uint32_t> wbem_code_of(const wsman::Fault& fault) {
    constexpr std::uint32_t first = 0x80041000, last = 0x80041FFF;
    for (const auto code : {fault.provider_code.value_or(0), fault.code})
        if (code >= first && code <= last) return code;
    switch (fault.wmi_status.value_or(0)) {
        case 2:
            return wbem::access_denied;
        case 3:
            return wbem::invalid_namespace;
        case 5:
            return wbem::invalid_class;
        default:
            return std::nullopt;
    }
}

Sign sign_of(const Told& told) {
    if (const auto* error = told.answer.error()) {
        if (error->id == ErrorId::wsman_quota) return Sign::quota;
        return told.fault ? sign_of_fault(*told.fault) : sign_of_error(*error);
    }
    if (const auto* rows = std::get_if<checks::Rows>(&told.answer.of))
        return rows->empty() ? Sign::nothing : Sign::answered;
    const auto* result = std::get_if<wsman::cim::MethodResult>(&told.answer.of);
    return result != nullptr && was_refused_key(*result) ? Sign::key_denied : Sign::answered;
}

std::string evidence_of(const checks::Ask& question, const Told& told) {
    const auto name = name_of(question);
    const auto code = told.fault ? wbem_code_of(*told.fault) : std::nullopt;
    switch (sign_of(told)) {
        case Sign::answered:
            return name;
        case Sign::nothing:
            return name + ": no instance, and no error";
        case Sign::denied:
            return code ? fmt::format("{}: 0x{:08X}, access denied by WMI", name, *code)
                        : name + ": access denied by WMI";
        case Sign::no_class:
            return fmt::format("{}: 0x{:08X}, there is no such class", name, wbem::invalid_class);
        case Sign::no_namespace:
            return fmt::format("{}: 0x{:08X}, there is no such namespace", name, wbem::invalid_namespace);
        case Sign::key_denied:
            return fmt::format("{} returned 5, access denied", name);
        case Sign::not_let_in:
        case Sign::quota:
        case Sign::other:
            break;
    }
    const auto* error = told.answer.error();
    return error == nullptr
               ? name
               : fmt::format("{}: {}", name,
                             error->detail.empty() ? std::string(error->info().text) : error->detail);
}

}  // namespace mullion::doctor
