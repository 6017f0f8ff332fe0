// Faults of our own. [MS-WSMV] 2.2.4.43, DSP0226 14
#include <fmt/format.h>

#include "wsman/fault.h"
#include "wsman/fault_table.h"

namespace mullion::wsman {

namespace {

constexpr std::uint32_t wsman_codes = 0x80338000;  // FACILITY_WSMAN 0x33

std::string_view local_of(std::string_view qualified) {
    const auto colon = qualified.find(':');
    return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

void write_subcode(xml::Writer& out, const Fault& fault, std::string_view prefix) {
    out.open("s:Subcode").open("s:Value").text(fmt::format("{}:{}", prefix, fault.subcode)).close().close();
}

void write_message(xml::Writer& out, const Fault& fault, std::string_view machine) {
    out.open("f:Message");
    if (fault.provider.empty()) {
        out.text(fault.message).close();
        return;
    }
    out.open("f:ProviderFault").attribute("provider", fault.provider).attribute("path", fault.provider_path);
    if (fault.provider_code) {
        const auto where =
            fault.provider_machine.empty() ? machine : std::string_view(fault.provider_machine);
        out.open("f:WSManFault").attribute("Code", std::to_string(*fault.provider_code));
        out.attribute("Machine", where).element("f:Message", fault.message).close();
    } else {
        out.text(fault.message);
    }
    out.close().close();
}

void write_detail(xml::Writer& out, const Fault& fault, std::string_view machine) {
    if (fault.detail.empty() && fault.code == 0) return;
    out.open("s:Detail");
    if (!fault.detail.empty())
        out.element("w:FaultDetail", std::string(fault_detail_prefix).append(fault.detail));
    if (fault.code != 0) {
        out.open("f:WSManFault").declare("f", ns::fault);
        out.attribute("Code", std::to_string(fault.code)).attribute("Machine", machine);
        write_message(out, fault, machine);
        out.close();
    }
    out.close();
}

}  // namespace

std::string code_text(std::uint32_t code) {
    const auto& row = fault_row(code);
    if (!row.text.empty()) return std::string(row.text);
    constexpr std::string_view general = "The WS-Management service cannot process the request";
    if (row.name.empty()) return fmt::format("{}. Error 0x{:08X}.", general, code);
    return fmt::format("{}. {}.", general, row.name);
}

std::string quota_text(std::uint32_t code, std::uint64_t limit) {
    constexpr std::string_view general = "The WS-Management service cannot process the request.";
    if (code == code::quota_operations)
        return fmt::format(
            "{} This user is allowed a maximum number of {} concurrent operations, which has been "
            "exceeded. Close existing operations for this user, or raise the quota for this user.",
            general, limit);
    if (code == code::quota_shells)
        return fmt::format(
            "{} This user is allowed a maximum number of {} concurrent shells, which has been "
            "exceeded. Close existing shells or raise the quota for this user.",
            general, limit);
    if (code == code::quota_shell_users)
        return fmt::format(
            "{} The maximum number of {} concurrent shell users has been exceeded. Retry later or "
            "raise the quota for concurrent shell users.",
            general, limit);
    return fmt::format("{} The limit is {}.", code_text(code), limit);
}

Fault make_fault(std::uint32_t code, std::string message, std::string provider) {
    const auto& row = fault_row(code);
    Fault fault;
    fault.code = code;
    fault.soap_code = row.soap_code;
    fault.subcode = local_of(row.subcode);
    fault.detail = row.detail;
    fault.action = action_of(row.family);
    fault.reason = code_text(code);
    fault.message = message.empty() ? fault.reason : std::move(message);
    fault.provider = std::move(provider);
    if (!fault.provider.empty()) {
        fault.provider_path = "mullion";
        // Windows' providers give WSMan codes as a fault inside theirs, and Win32 codes as a text.
        if (code >= wsman_codes && code <= (wsman_codes | 0x7FFF)) fault.provider_code = code;
    }
    return fault;
}

std::string write_fault(std::string_view message_id, std::string_view relates_to, std::string_view machine,
                        const Fault& fault) {
    const auto& row = fault_row(fault.code);
    const auto known = local_of(row.subcode) == fault.subcode && !row.subcode.empty();
    const auto prefix =
        known ? row.subcode.substr(0, row.subcode.find(':')) : prefix_of_subcode(fault.subcode);
    const auto action = fault.action.empty() ? action_of(row.family) : std::string_view(fault.action);
    if (machine.empty()) machine = fault.machine;
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) {
        out.open("s:Fault");
        if (prefix == "e" || prefix == "b")
            out.declare(prefix, space_of(prefix));  // The envelope has the others.
        out.open("s:Code");
        out.element("s:Value", "s:" + (fault.soap_code.empty() ? "Receiver" : fault.soap_code));
        if (!fault.subcode.empty()) write_subcode(out, fault, prefix);
        out.close();
        out.open("s:Reason").open("s:Text").attribute("xml:lang", "en-US").text(fault.reason).close().close();
        write_detail(out, fault, machine);
        out.close();
    });
}

}  // namespace mullion::wsman
