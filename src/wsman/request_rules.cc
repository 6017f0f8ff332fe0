#include "wsman/request_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include "wsman/values.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t longest_complaint = 512;  // Of a fault's text: a name of ours to quote may be long.
constexpr std::string_view general = "The WS-Management service cannot process the request. ";

using Check = std::optional<Fault>;

Fault fault_of(std::uint32_t code, std::string_view what) {
    return make_fault(code, std::string(general).append(what.substr(0, longest_complaint)));
}

// SOAP 1.2 part 1, 5.2.3
Check understood(const Header& header) {
    if (header.not_understood.empty()) return std::nullopt;
    return fault_of(code::must_understand, "A SOAP header is marked mustUnderstand and not understood: " +
                                               header.not_understood.front());
}

// WS-Addressing 3: each of these at most once. [MS-WSMV] 3.1.4.1.1 - 3.1.4.1.5: each of these at least once.
Check complete(const Header& header) {
    if (!header.repeated.empty())
        return fault_of(code::invalid_message_header,
                        "A SOAP header is there twice: " + header.repeated.front());
    const std::array<std::pair<std::string_view, const std::string*>, 4> needed{{
        {"a:Action", &header.action},
        {"a:To", &header.to},
        {"a:ReplyTo", &header.reply_to},
        {"w:ResourceURI", &header.resource_uri},
    }};
    for (const auto& [name, value] : needed)
        if (value->empty())
            return fault_of(code::header_required, "A required SOAP header is missing: " + std::string(name));
    return std::nullopt;
}

// Any text, not only uuid: URIs, and at most 2 KB. [MS-WSMV] 3.1.4.1.4
Check identified(const Message& message) {
    const auto& id = message.header.message_id;
    if (id.empty()) {
        const auto header = message.document.root().first(ns::soap, "Header");
        if (header.first(ns::addressing, "MessageID"))
            return fault_of(code::invalid_message_header, "The MessageID is empty.");
        return fault_of(code::header_required, "A required SOAP header is missing: a:MessageID");
    }
    if (id.size() > longest_message_id)
        return fault_of(code::invalid_message_header, "The MessageID is longer than 2048 characters.");
    return std::nullopt;
}

// DSP0226 5.4.2, 5.4.3: an answer goes back over the connection, nowhere else.
Check answerable(const Header& header) {
    const bool elsewhere =
        header.reply_to != anonymous || (!header.fault_to.empty() && header.fault_to != anonymous);
    if (elsewhere)
        return fault_of(code::addressing_mode, "ReplyTo and FaultTo can only be the anonymous address.");
    return std::nullopt;
}

// DSP0226 6.3: a language is a hint. [MS-WSMV] 3.1.4.1.9
Check hinted(const Header& header) {
    if (!header.locale_must_understand) return std::nullopt;
    return fault_of(code::locale_must_understand, "Locale and DataLocale cannot be marked mustUnderstand.");
}

// The code and the text are those that Windows was recorded to answer. [MS-WSMV] 3.1.4.1.6
Check timed(const Header& header) {
    if (header.operation_timeout || header.operation_timeout_text.empty()) return std::nullopt;
    return fault_of(code::invalid_message_header,
                    "The XML contains an invalid timeout field in the SOAP header: " +
                        header.operation_timeout_text.substr(0, 64) + ".");
}

// DSP0226 6.2, [MS-WSMV] 3.1.4.1.8
Check sized(const Header& header) {
    if (!header.max_envelope_size && !header.max_envelope_size_text.empty())
        return fault_of(code::invalid_message_header, "MaxEnvelopeSize is not a number.");
    if (header.max_envelope_size.value_or(minimum_envelope_size) < minimum_envelope_size)
        return fault_of(code::minimum_envelope, "MaxEnvelopeSize is below 8192.");
    return std::nullopt;
}

// DSP0226 5.4.1 (R5.4.1-6): names of selectors are unique, without regard to case.
Check selected(const Header& header) {
    std::set<std::string> seen;  // Not each with each: a hostile request has thousands.
    for (const auto& selector : header.selectors)
        if (!seen.insert(lower(selector.name)).second)
            return fault_of(code::duplicate_selectors, "A selector is there twice: " + selector.name);
    return std::nullopt;
}

bool is_meant(std::string_view known, std::string_view name) {
    if (!known.ends_with('*')) return same_ignoring_case(known, name);
    known.remove_suffix(1);
    return name.size() > known.size() && same_ignoring_case(known, name.substr(0, known.size()));
}

// DSP0226 6.4: what MustComply asks for is done or refused.
Check complied(const Header& header, std::span<const std::string_view> known) {
    for (const auto& option : header.options) {
        if (!option.must_comply) continue;
        const bool is_known = std::any_of(known.begin(), known.end(),
                                          [&](std::string_view one) { return is_meant(one, option.name); });
        if (!is_known)
            return fault_of(code::options_not_supported,
                            "An option with MustComply is not supported: " + option.name);
    }
    return std::nullopt;
}

Check whole(const Header& header, bool fragments) {
    if (!header.fragment_transfer || fragments) return std::nullopt;
    return make_fault(code::fragment_not_supported);
}

}  // namespace

std::optional<Fault> check_request_header(const Message& message, const RequestRules& rules) {
    const auto& header = message.header;
    if (auto fault = understood(header)) return fault;
    if (auto fault = complete(header)) return fault;
    if (auto fault = identified(message)) return fault;
    if (auto fault = answerable(header)) return fault;
    if (auto fault = hinted(header)) return fault;
    if (auto fault = timed(header)) return fault;
    if (auto fault = sized(header)) return fault;
    if (auto fault = selected(header)) return fault;
    if (auto fault = complied(header, rules.known_options)) return fault;
    return whole(header, rules.fragment_transfer);
}

}  // namespace mullion::wsman
