#include "wsman/cim/class_uri.h"

#include <algorithm>
#include <set>

#include "wsman/cim/names.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

constexpr std::size_t longest_uri = 2048;  // DSP0226 5.4.6.2
constexpr std::size_t longest_name = 256;

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && same_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool is_namespace(std::string_view name) {
    if (name.empty() || name.size() > longest_name) return false;
    while (true) {
        const auto end = name.find('/');
        if (!is_cim_name(name.substr(0, end))) return false;
        if (end == std::string_view::npos) return true;
        name.remove_prefix(end + 1);
    }
}

std::string with_slashes(std::string_view name) {
    std::string out(name);
    std::replace(out.begin(), out.end(), '\\', '/');
    return out;
}

bool is_class(std::string_view name) {
    return name == "*" || is_cim_name(name);
}

std::optional<ClassUri> parse_wmi(std::string_view path) {
    const auto whole = with_slashes(path);
    const auto last = whole.rfind('/');
    if (last == std::string::npos) return std::nullopt;
    ClassUri uri{ClassUri::Form::wmi, {}, whole.substr(0, last), whole.substr(last + 1)};
    if (!is_namespace(uri.cim_namespace) || !is_class(uri.class_name)) return std::nullopt;
    return uri;
}

// OMI's clients put the namespace behind a question mark.
std::optional<ClassUri> parse_schema(std::string_view text, std::size_t at) {
    ClassUri uri{ClassUri::Form::schema, std::string(text.substr(0, at)), {}, {}};
    auto name = text.substr(at + schema_part.size());
    if (const auto query = name.find('?'); query != std::string_view::npos) {
        const auto rest = name.substr(query + 1);
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos ||
            !same_ignoring_case(rest.substr(0, equals), namespace_selector))
            return std::nullopt;
        uri.cim_namespace = with_slashes(rest.substr(equals + 1));
        if (!is_namespace(uri.cim_namespace)) return std::nullopt;
        name = name.substr(0, query);
    }
    if (!is_class(name)) return std::nullopt;
    uri.class_name = name;
    return uri;
}

bool is_authority(std::string_view text) {
    return starts_ignoring_case(text, "http://") && text.size() > 7 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", 7) ==
               std::string_view::npos;
}

// [MS-WSMV] 3.1.4.1.30: one namespace, whichever way it is said.
Result<void> take_namespace(ClassUri& uri, std::string_view value) {
    const auto named = with_slashes(value);
    if (!is_namespace(named))
        return bad_request(code::invalid_selector_value, "the selector __cimnamespace names no namespace");
    if (!uri.cim_namespace.empty() && !same_ignoring_case(uri.cim_namespace, named))
        return bad_request(code::namespace_differs,
                           "the selector __cimnamespace names another namespace than the resource URI");
    if (uri.cim_namespace.empty()) uri.cim_namespace = named;
    return {};
}

// The text as any header's, or what it refers to. DSP0226 5.1.2.2
Result<Key> read_selector(const xml::Element& selector, std::string name) {
    if (!selector.first()) return Key(std::move(name), selector.trimmed());
    auto key = read_key(selector);
    if (key.ok()) return key;
    return bad_request(code::invalid_selector_value, "the selector " + name + ": " + key.error().detail);
}

Result<void> take_selector(Target& target, const xml::Element& selector, const std::string& name) {
    MULLION_ASSIGN(auto key, read_selector(selector, name));
    if (key.value.size() > longest_key)
        return bad_request(code::selector_limit, "the selector " + name + " is too long");
    if (same_ignoring_case(name, namespace_selector)) {
        if (key.reference.empty()) return take_namespace(target.of, key.value);
        return bad_request(code::selector_type, "the selector __cimnamespace is a reference");
    }
    if (!is_cim_name(name))
        return bad_request(wsman::code::unexpected_selectors, "a selector has no name that a key could have");
    target.keys.push_back(std::move(key));
    return {};
}

}  // namespace

bool is_cim_name(std::string_view name) {
    if (name.empty() || name.size() > longest_name) return false;
    if (name.front() >= '0' && name.front() <= '9') return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::optional<ClassUri> parse_class_uri(std::string_view uri) {
    if (uri.size() > longest_uri) return std::nullopt;
    if (starts_ignoring_case(uri, wmi_prefix)) return parse_wmi(uri.substr(wmi_prefix.size()));
    if (same_ignoring_case(uri, all_classes)) return ClassUri{ClassUri::Form::all_classes, {}, {}, "*"};
    const auto small = lower(uri);
    const auto at = small.find(schema_part);
    if (at == std::string::npos || !is_authority(uri.substr(0, at))) return std::nullopt;
    return parse_schema(uri, at);
}

std::string format_class_uri(const ClassUri& uri) {
    switch (uri.form) {
        case ClassUri::Form::wmi:
            return std::string(wmi_prefix) + uri.cim_namespace + "/" + uri.class_name;
        case ClassUri::Form::schema:
            return uri.authority + std::string(schema_part) + uri.class_name;
        case ClassUri::Form::all_classes:
            break;
    }
    return std::string(all_classes);
}

Result<Target> read_target(const Message& message) {
    const auto& header = message.header;
    if (header.resource_uri.empty())
        return bad_request(wsman::code::header_required, "the request names no resource");
    if (header.resource_uri.size() > longest_uri)
        return bad_request(code::uri_limit, "the resource URI is longer than 2048 characters");
    auto uri = parse_class_uri(header.resource_uri);
    if (!uri) return bad_request(wsman::code::resource_not_found, "the resource URI names no class");
    if (header.selectors.size() > most_keys)
        return bad_request(code::selector_limit, "the request has more than 256 selectors");
    Target target{std::move(*uri)};
    std::set<std::string> seen;
    const auto headers = message.document.root().first(ns::soap, "Header");
    for (const auto& selector : headers.first(ns::wsman, "SelectorSet").children(ns::wsman, "Selector")) {
        const auto name = selector.attribute("", "Name").value_or("");
        if (!seen.insert(lower(name)).second)
            return bad_request(code::duplicate_selectors, "a selector is there twice: " + name);
        MULLION_TRY(take_selector(target, selector, name));
    }
    return target;
}

namespace detail {

RequestHead target_head(std::string_view action, std::string_view message_id, const Target& target,
                        std::string_view uri) {
    RequestHead head{action, uri, std::string(message_id), {}, {}};
    if (target.of.form != ClassUri::Form::wmi && !target.of.cim_namespace.empty())
        head.selectors.push_back({std::string(namespace_selector), target.of.cim_namespace});
    for (const auto& key : target.keys)
        if (key.reference.empty()) head.selectors.push_back({key.name, key.value});
    return head;
}

std::string with_references(std::string request, const Target& target) {
    xml::Writer out(512);
    bool any = false;
    out.open("w:SelectorSet");
    for (const auto& key : target.keys) {
        if (key.reference.empty()) continue;
        write_key(out, key);
        any = true;
    }
    if (!any) return request;
    const auto set = out.close().take();
    constexpr std::string_view begin = "<w:SelectorSet>", end = "</w:SelectorSet>";
    // Keys that are no references made one already. The text of headers has no tags; a body's references do.
    const auto header = request.find("</s:Header>");
    const auto there = request.rfind(end, header);
    if (there == std::string::npos)
        request.insert(header, set);
    else
        request.insert(there, set, begin.size(), set.size() - begin.size() - end.size());
    return request;
}

}  // namespace detail

}  // namespace mullion::wsman::cim
