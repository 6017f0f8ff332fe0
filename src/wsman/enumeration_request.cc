// Enumerate, Pull and Release as requests. DSP0226 8.2 - 8.6
#include "wsman/cim/moment.h"
#include "wsman/cim/names.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman {

namespace {

RequestHead head_of(std::string_view action, std::string_view resource_uri, std::string_view message_id,
                    const std::vector<Selector>& selectors = {}) {
    return {action, resource_uri, std::string(message_id), selectors, {}};
}

// The XML inside an element: its child elements, or its text escaped.
std::string inner_xml(const xml::Element& element) {
    std::string inside;
    for (const auto& child : element.children()) inside += child.to_xml();
    if (!inside.empty()) return inside;
    for (const char c : element.text()) {
        if (c == '<')
            inside += "&lt;";
        else if (c == '>')
            inside += "&gt;";
        else if (c == '&')
            inside += "&amp;";
        else if (c == '\r')
            inside += "&#13;";
        else
            inside += c;
    }
    return inside;
}

Result<std::optional<std::uint32_t>> max_elements_of(const xml::Element& element) {
    if (!element) return std::optional<std::uint32_t>();
    const auto value = parse_number<std::uint32_t>(element.trimmed());
    if (!value || *value == 0)
        return bad_request("MaxElements is not a positive number: " + element.trimmed());
    return value;
}

// WS-Enumeration 3.2
Result<std::optional<Duration>> max_time_of(const xml::Element& element) {
    if (!element) return std::optional<Duration>();
    const auto value = parse_duration(element.trimmed());
    if (!value || *value <= Duration(0))
        return bad_request("MaxTime is no duration above none: " + element.trimmed().substr(0, 64));
    return value;
}

Result<std::optional<std::uint64_t>> max_characters_of(const xml::Element& element) {
    if (!element) return std::optional<std::uint64_t>();
    const auto value = parse_number<std::uint64_t>(element.trimmed());
    if (!value || *value == 0)
        return bad_request("MaxCharacters is not a positive number: " + element.trimmed().substr(0, 64));
    return value;
}

// WS-Enumeration 3.1, DSP0226 8.2.1: a wish, as a duration; points in time are refused.
Result<std::optional<Duration>> expires_of(const xml::Element& element) {
    if (!element) return std::optional<Duration>();
    const auto text = element.trimmed();
    const auto wish = parse_duration(text);
    if (wish && wish->count() > 0) return wish;
    if (cim::parse_moment(text))
        return bad_request(cim::code::expiration_type,
                           "Expires is a point in time; only durations are supported");
    return bad_request(cim::code::invalid_expiration, "Expires is no duration above none");
}

Result<std::string> context_of(const xml::Element& body) {
    auto context = body.first(ns::enumeration, "EnumerationContext").trimmed();
    if (context.empty())
        return bad_request(code::invalid_enumeration_context, "the request names no enumeration context");
    return context;
}

}  // namespace

std::string write_enumerate(const RequestSettings& settings, std::string_view message_id,
                            std::string_view resource_uri, const std::vector<Selector>& selectors,
                            const Enumerate& enumerate) {
    return write_enumerate(settings, head_of(action::enumerate, resource_uri, message_id, selectors),
                           enumerate);
}

std::string write_enumerate(const RequestSettings& settings, RequestHead head, const Enumerate& enumerate) {
    head.action = action::enumerate;
    return write_request(settings, head, [&](xml::Writer& out) {
        out.open("n:Enumerate");
        if (enumerate.expires) out.element("n:Expires", format_duration(*enumerate.expires));
        if (enumerate.optimize) out.open("w:OptimizeEnumeration").close();
        if (enumerate.max_elements) out.element("w:MaxElements", std::to_string(*enumerate.max_elements));
        if (!enumerate.mode.empty()) out.element("w:EnumerationMode", enumerate.mode);
        if (enumerate.has_filter) {
            out.open("w:Filter");
            if (!enumerate.filter_dialect.empty()) out.attribute("Dialect", enumerate.filter_dialect);
            out.raw(enumerate.filter_xml).close();
        }
        if (!enumerate.polymorphism.empty()) {
            out.open("b:PolymorphismMode").declare("b", ns::binding).text(enumerate.polymorphism).close();
        }
        out.close();
    });
}

Result<Enumerate> read_enumerate(const Message& message) {
    MULLION_ASSIGN(const auto body, request_body(message, ns::enumeration, "Enumerate"));
    Enumerate enumerate;
    enumerate.optimize = static_cast<bool>(body.first(ns::wsman, "OptimizeEnumeration"));
    MULLION_ASSIGN(enumerate.max_elements, max_elements_of(body.first(ns::wsman, "MaxElements")));
    enumerate.mode = body.first(ns::wsman, "EnumerationMode").trimmed();
    // WS-Enumeration has a Filter of its own, which WS-Management's replaces. DSP0226 8.2.2
    auto filter = body.first(ns::wsman, "Filter");
    if (!filter) filter = body.first(ns::enumeration, "Filter");
    enumerate.has_filter = static_cast<bool>(filter);
    enumerate.filter_dialect = filter.attribute("", "Dialect").value_or("");
    if (filter) enumerate.filter_xml = inner_xml(filter);
    MULLION_ASSIGN(enumerate.expires, expires_of(body.first(ns::enumeration, "Expires")));
    enumerate.polymorphism = body.first(ns::binding, "PolymorphismMode").trimmed();
    return enumerate;
}

std::string write_pull(const RequestSettings& settings, std::string_view message_id,
                       std::string_view resource_uri, const Pull& pull) {
    return write_request(settings, head_of(action::pull, resource_uri, message_id), [&](xml::Writer& out) {
        out.open("n:Pull").element("n:EnumerationContext", pull.context);
        if (pull.max_time) out.element("n:MaxTime", format_duration(*pull.max_time));
        if (pull.max_elements) out.element("n:MaxElements", std::to_string(*pull.max_elements));
        if (pull.max_characters) out.element("n:MaxCharacters", std::to_string(*pull.max_characters));
        out.close();
    });
}

Result<Pull> read_pull(const Message& message) {
    MULLION_ASSIGN(const auto body, request_body(message, ns::enumeration, "Pull"));
    Pull pull;
    MULLION_ASSIGN(pull.context, context_of(body));
    MULLION_ASSIGN(pull.max_elements, max_elements_of(body.first(ns::enumeration, "MaxElements")));
    MULLION_ASSIGN(pull.max_time, max_time_of(body.first(ns::enumeration, "MaxTime")));
    MULLION_ASSIGN(pull.max_characters, max_characters_of(body.first(ns::enumeration, "MaxCharacters")));
    return pull;
}

std::string write_release(const RequestSettings& settings, std::string_view message_id,
                          std::string_view resource_uri, std::string_view context) {
    return write_request(settings, head_of(action::release, resource_uri, message_id), [&](xml::Writer& out) {
        out.open("n:Release").element("n:EnumerationContext", context).close();
    });
}

Result<std::string> read_release(const Message& message) {
    MULLION_ASSIGN(const auto body, request_body(message, ns::enumeration, "Release"));
    return context_of(body);
}

}  // namespace mullion::wsman
