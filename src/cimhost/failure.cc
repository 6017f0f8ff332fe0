#include "cimhost/failure.h"

#include <fmt/core.h>

#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

constexpr std::string_view provider_name = "WMI Provider";  // As Windows calls it, and tools look for.

}  // namespace

cim::Failure refuse(std::uint32_t wsman_code, std::string message) {
    return {wsman_code, std::move(message), {}, {}};
}

cim::Failure wmi_failure(std::uint32_t wsman_code, std::uint32_t wbem_code, std::string message) {
    return {wsman_code, std::move(message), std::string(provider_name), wbem_code};
}

cim::Failure failure_of(const Error& error) {
    return refuse(error.wsman_code.value_or(wsman::code::schema_validation), error.detail);
}

cim::Failure failure_of(const wql::Fault& fault) {
    return wmi_failure(wql::wsman_cannot_process_filter, wql::wbem_code(fault.wrong),
                       "the query cannot be answered: " + fault.text());
}

cim::Failure failure_of(const cim::Unknown& unknown, std::uint32_t wsman_code) {
    const bool of_namespace = unknown.what == cim::Unknown::What::cim_namespace;
    return wmi_failure(wsman_code, of_namespace ? wbem::invalid_namespace : wbem::invalid_class,
                       unknown.text());
}

cim::Failure failure_of(const cim::Fault& fault, const cim::ClassDef& definition) {
    using Kind = cim::Fault::Kind;
    const auto text = fmt::format("{}: {}", definition.name, fault.text());
    switch (fault.kind) {
        case Kind::too_many:
            return wmi_failure(wsman::code::quota_limit, wbem::quota_violation, text);
        case Kind::needs_key:
            return wmi_failure(code::provider_not_capable, wbem::provider_not_capable, text);
        case Kind::no_method:
            return wmi_failure(wsman::code::action_not_supported, wbem::invalid_method, text);
        case Kind::no_instance:
            return wmi_failure(wsman::code::resource_not_found, wbem::not_found, text);
        case Kind::unreadable:
            break;
    }
    return wmi_failure(wsman::code::internal_error, wbem::provider_failure, text);
}

}  // namespace mullion::cimhost
