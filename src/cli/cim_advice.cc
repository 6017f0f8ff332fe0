#include "cli/cim_advice.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

#include "winrm/windows_codes.h"
#include "wsman/cim/names.h"

namespace mullion::cli {
namespace {

constexpr std::uint32_t wbem_not_found = 0x80041002;
constexpr std::uint32_t wbem_access_denied = 0x80041003;
constexpr std::uint32_t wbem_invalid_namespace = 0x8004100E;
constexpr std::uint32_t wbem_invalid_class = 0x80041010;
constexpr std::uint32_t wbem_invalid_query = 0x80041017;

// DSP0200 5.2.6: codes of CIM operations, as MSFT_WmiError has them.
std::optional<std::uint32_t> wbem_of(std::uint32_t cim_status) {
    switch (cim_status) {
        case 2:
            return wbem_access_denied;
        case 3:
            return wbem_invalid_namespace;
        case 5:
            return wbem_invalid_class;
        case 6:
            return wbem_not_found;
        case 15:
            return wbem_invalid_query;
        default:
            return std::nullopt;
    }
}

struct Row {
    std::uint32_t code;
    std::string_view advice;
};
constexpr std::array rows{
    Row{wbem_not_found, "No instance has these keys: mullion cim list TARGET CLASS shows which there are."},
    Row{wbem_access_denied,
        "On the host let the account into the namespace: wmimgmt.msc, WMI Control, Security, Enable Account "
        "and "
        "Remote Enable."},
    Row{wbem_invalid_namespace,
        "Give another with --namespace, as root/cimv2; mullion cim query TARGET 'SELECT Name FROM "
        "__NAMESPACE' "
        "--namespace root lists them."},
    Row{wbem_invalid_class,
        "The class is misspelt, or of another namespace: --namespace. Of a performance class that should be "
        "there: "
        "lodctr /R and winmgmt /resyncperf on the host."},
    Row{wbem_invalid_query,
        "See the query: text in quotes, % and _ in LIKE; WQL has no ORDER BY, no COUNT and no joins."},
    Row{0x80041024, "The class cannot do that: its provider has no such operation."},
    Row{0x8004102F, "See the arguments: mullion cim invoke takes NAME=VALUE as the method names them."},
    Row{0x8004106C, "The query has too many ANDs and ORs, or WMI's quota is used up: make it smaller."},
    Row{0x80041004,
        "The class's provider failed: of mullion serve the message says why, of Windows the host's event log "
        "(WMI-Activity)."},
    Row{0x80041013, "The class's provider cannot be loaded: the host's event log (WMI-Activity) tells why."},
    Row{wsman::cim::code::cannot_process_filter,
        "See the names of class, namespace and properties, and the query's grammar."},
    Row{wsman::cim::code::keys_missing, "Name the instance by its keys, as CLASS?KEY=VALUE."},
    Row{wsman::code::insufficient_selectors, "Name all keys of the class, as CLASS?KEY=VALUE+KEY=VALUE."},
    Row{wsman::code::unexpected_selectors,
        "The class has none of these keys, or no instance with these values: mullion cim list TARGET CLASS."},
    Row{wsman::cim::code::filter_dialect,
        "The service knows no WQL: mullion cim list TARGET CLASS, with the class's resource URI."},
    Row{wsman::code::action_not_supported, "The service or the class has no such operation or method."},
};

const Row* row_of(std::optional<std::uint32_t> code) {
    for (const auto& row : rows)
        if (row.code == code) return &row;
    return nullptr;
}

}  // namespace

void explain(client::CimOutcome& outcome) {
    if (!outcome.error || !outcome.fault) return;
    auto& error = *outcome.error;
    const auto& fault = *outcome.fault;
    auto inner = fault.provider_code;
    if ((!inner || *inner == fault.code) && fault.wmi_status) inner = wbem_of(*fault.wmi_status);
    if (!inner || *inner == fault.code) inner.reset();
    if (inner)
        if (const auto words = winrm::message_of(*inner); !words.empty())
            error.detail += fmt::format("; 0x{:08X}: {}", *inner, words);
    // The nearest to the cause says most.
    const auto* row = row_of(inner);
    if (row == nullptr) row = row_of(fault.code);
    if (row != nullptr) error.advice.insert(error.advice.begin(), std::string(row->advice));
}

}  // namespace mullion::cli
