// Faults in every shape that hosts send: WSManFault in the detail, a provider's fault inside its message (as
// text or as a WSManFault of its own), MSFT_WmiError alone or beside it, and no detail at all.
// [MS-WSMV] 2.2.4.43 - 44
#include "encoding/utf16.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t longest_action = 200;  // That is shown.

std::string local_of(std::string_view qualified) {
    const auto colon = qualified.rfind(':');
    return std::string(colon == std::string_view::npos ? qualified : qualified.substr(colon + 1));
}

std::string last_segment(std::string_view uri) {
    const auto slash = uri.rfind('/');
    return std::string(slash == std::string_view::npos ? uri : uri.substr(slash + 1));
}

// Decimal as Windows writes it, also negative; 0x… as others do.
std::optional<std::uint32_t> code_of(std::string_view text) {
    if (const auto number = parse_number<std::uint32_t>(text)) return number;
    if (const auto number = parse_number<std::int32_t>(text)) return static_cast<std::uint32_t>(*number);
    if (!text.starts_with("0x") && !text.starts_with("0X")) return std::nullopt;
    text.remove_prefix(2);
    std::uint32_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

xml::Element child_named(const xml::Element& parent, std::string_view local) {
    for (const auto& child : parent.children())
        if (child.local() == local) return child;
    return {};
}

std::string plain_message(const xml::Element& message) {
    // WMI's extended status keeps its text apart from its numbers.
    if (const auto extended = message.first(ns::fault, "ExtendedError")) {
        const auto description = child_named(child_named(extended, "__ExtendedStatus"), "Description");
        if (description) return description.trimmed();
    }
    return message.trimmed();
}

void read_provider(const xml::Element& provider, Fault& fault) {
    fault.provider = provider.attribute("", "provider").value_or("");
    fault.provider_path = provider.attribute("", "path").value_or("");
    const auto inner = provider.first(ns::fault, "WSManFault");
    if (!inner) {
        fault.message = plain_message(provider);
        return;
    }
    fault.provider_code = code_of(inner.attribute("", "Code").value_or(""));
    fault.provider_machine = inner.attribute("", "Machine").value_or("");
    fault.message = plain_message(inner.first(ns::fault, "Message"));
}

void read_wsman_fault(const xml::Element& element, Fault& fault) {
    fault.code = code_of(element.attribute("", "Code").value_or("")).value_or(0);
    fault.machine = element.attribute("", "Machine").value_or("");
    const auto message = element.first(ns::fault, "Message");
    if (const auto provider = message.first(ns::fault, "ProviderFault"))
        read_provider(provider, fault);
    else
        fault.message = plain_message(message);
}

// "HRESULT 0x803381a6"
std::optional<std::uint32_t> code_of_message_id(std::string_view text) {
    constexpr std::string_view prefix = "HRESULT ";
    if (!text.starts_with(prefix)) return std::nullopt;
    return code_of(text.substr(prefix.size()));
}

// DSP0004's CIM_Error as newer Windows extends it. Its error_Code counts in the terms of error_Type; results
// of the management infrastructure ("MI") are no codes of ours.
void read_wmi_error(const xml::Element& wmi, Fault& fault) {
    fault.wmi_status = code_of(child_named(wmi, "CIMStatusCode").trimmed());
    if (fault.message.empty()) fault.message = child_named(wmi, "Message").trimmed();
    if (fault.code != 0) return;
    auto code = code_of_message_id(child_named(wmi, "MessageID").trimmed());
    if (!code && !same_ignoring_case(child_named(wmi, "error_Type").trimmed(), "MI"))
        code = code_of(child_named(wmi, "error_Code").trimmed());
    fault.code = code.value_or(0);
}

}  // namespace

bool is_fault(const Message& message) {
    return message.body.is(ns::soap, "Fault");
}

bool is_operation_timeout(const Fault& fault) {
    return fault.code == code::operation_timed_out || (fault.code == 0 && fault.subcode == "TimedOut");
}

Result<Fault> read_fault(const Message& message) {
    if (!is_fault(message))
        return malformed("the body is " + std::string(message.body.local()) + ", not a fault");
    Fault fault;
    fault.action = message.header.action;
    // Each family's ends so (DSP0226 14.1). One without any is believed: it speaks of a message that could
    // not be read, perhaps.
    if (!fault.action.empty() && !fault.action.ends_with("/fault"))
        return malformed("a fault has the action " + encoding::shortened(fault.action, longest_action));
    const auto code = message.body.first(ns::soap, "Code");
    fault.soap_code = local_of(code.first(ns::soap, "Value").trimmed());
    fault.subcode = local_of(code.first(ns::soap, "Subcode").first(ns::soap, "Value").trimmed());
    fault.reason = message.body.first(ns::soap, "Reason").first(ns::soap, "Text").trimmed();

    const auto detail = message.body.first(ns::soap, "Detail");
    fault.detail = last_segment(child_named(detail, "FaultDetail").trimmed());
    if (const auto element = detail.first(ns::fault, "WSManFault")) read_wsman_fault(element, fault);
    if (const auto wmi = child_named(detail, "MSFT_WmiError")) read_wmi_error(wmi, fault);
    return fault;
}

}  // namespace mullion::wsman
