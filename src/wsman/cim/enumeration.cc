#include "wsman/cim/enumeration.h"

#include "wsman/cim/names.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

std::string_view text_of(Mode mode) {
    switch (mode) {
        case Mode::reference:
            return "EnumerateEPR";
        case Mode::object_and_reference:
            return "EnumerateObjectAndEPR";
        case Mode::object:
            break;
    }
    return {};
}

std::string_view text_of(const std::optional<Polymorphism>& polymorphism) {
    if (!polymorphism) return {};
    switch (*polymorphism) {
        case Polymorphism::include:
            return "IncludeSubClassProperties";
        case Polymorphism::exclude:
            return "ExcludeSubClassProperties";
        case Polymorphism::none:
            break;
    }
    return "None";
}

Result<Mode> mode_of(std::string_view text) {
    for (const auto mode : {Mode::object, Mode::reference, Mode::object_and_reference})
        if (text == text_of(mode)) return mode;
    return bad_request(code::enumeration_mode,
                       "the enumeration mode is neither EnumerateEPR nor "
                       "EnumerateObjectAndEPR");
}

Result<std::optional<Polymorphism>> polymorphism_of(std::string_view text) {
    if (text.empty()) return std::optional<Polymorphism>();
    for (const auto mode : {Polymorphism::include, Polymorphism::exclude, Polymorphism::none})
        if (text == text_of(std::optional(mode))) return std::optional(mode);
    return bad_request(code::polymorphism, "the polymorphism mode is none that DSP0227 has");
}

Result<Filter> filter_of(const xml::Element& body) {
    const auto ours = body.first(ns::wsman, "Filter");
    const auto theirs = body.first(ns::enumeration, "Filter");
    // DSP0226 R8.3-6: one filter, in one of its two elements.
    if (ours && theirs) return bad_request(code::cannot_process_filter, "the request has two filters");
    if (!ours && !theirs) return Filter();
    return read_filter(ours ? ours : theirs);
}

// What the URI has to be for the filter. [MS-WSMV] 3.1.4.8
Result<void> check_target(const Enumeration& enumeration) {
    const auto& target = enumeration.of;
    const bool all = target.of.class_name == "*";
    if (std::holds_alternative<WqlFilter>(enumeration.filter)) {
        if (!all || !target.keys.empty())
            return bad_request(code::class_for_query,
                               "a WQL query needs a resource URI that ends in /* and no selectors");
        // The query itself says what of derived classes is wanted.
        if (enumeration.polymorphism)
            return bad_request(code::polymorphism, "a WQL query has no polymorphism mode");
        return {};
    }
    if (!target.keys.empty())
        return bad_request(wsman::code::unexpected_selectors,
                           "an enumeration has no selectors: " + target.keys.front().name);
    const bool by_association = std::holds_alternative<AssociationFilter>(enumeration.filter);
    if (by_association && !all)
        return bad_request(code::cannot_process_filter,
                           "an association filter needs a resource URI that ends in /*");
    if (!by_association && all && std::holds_alternative<SelectorFilter>(enumeration.filter))
        return bad_request(code::cannot_process_filter,
                           "a selector filter needs the resource URI of a class");
    if (!by_association && all)
        return bad_request(code::filtering_required, "all classes can only be enumerated with a filter");
    return {};
}

}  // namespace

std::string write_enumeration(const RequestSettings& settings, std::string_view message_id,
                              const Enumeration& enumeration) {
    return write_about(settings, action::enumerate, message_id, enumeration.of, [&](xml::Writer& out) {
        out.open("n:Enumerate");
        if (enumeration.expires) out.element("n:Expires", format_duration(*enumeration.expires));
        if (enumeration.optimize) out.open("w:OptimizeEnumeration").close();
        if (enumeration.max_elements) out.element("w:MaxElements", std::to_string(*enumeration.max_elements));
        if (enumeration.mode != Mode::object) out.element("w:EnumerationMode", text_of(enumeration.mode));
        if (!std::holds_alternative<std::monostate>(enumeration.filter))
            out.open("w:Filter")
                .attribute("Dialect", filter_dialect(enumeration.filter))
                .raw(filter_xml(enumeration.filter))
                .close();
        if (enumeration.polymorphism)
            out.open("b:PolymorphismMode")
                .declare("b", ns::binding)
                .text(text_of(enumeration.polymorphism))
                .close();
        out.close();
    });
}

Result<Enumeration> read_enumeration(const Message& message) {
    MULLION_ASSIGN(const auto asked, read_enumerate(message));
    const auto& body = message.body;
    // DSP0226 8.2.1: nobody is told when it ends.
    if (body.first(ns::enumeration, "EndTo"))
        return bad_request(wsman::code::addressing_mode, "EndTo is not supported");
    Enumeration enumeration;
    MULLION_ASSIGN(enumeration.of, read_target(message));
    enumeration.optimize = asked.optimize;
    enumeration.max_elements = asked.max_elements;
    MULLION_ASSIGN(enumeration.mode, mode_of(asked.mode));
    MULLION_ASSIGN(enumeration.polymorphism, polymorphism_of(asked.polymorphism));
    enumeration.expires = asked.expires;
    MULLION_ASSIGN(enumeration.filter, filter_of(body));
    MULLION_TRY(check_target(enumeration));
    return enumeration;
}

std::string write_pull(const RequestSettings& settings, std::string_view message_id, const Target& target,
                       const Pull& pull) {
    return write_about(settings, action::pull, message_id, target, [&](xml::Writer& out) {
        out.open("n:Pull").element("n:EnumerationContext", pull.context);
        if (pull.max_time) out.element("n:MaxTime", format_duration(*pull.max_time));
        if (pull.max_elements) out.element("n:MaxElements", std::to_string(*pull.max_elements));
        if (pull.max_characters) out.element("n:MaxCharacters", std::to_string(*pull.max_characters));
        out.close();
    });
}

std::string write_release(const RequestSettings& settings, std::string_view message_id, const Target& target,
                          std::string_view context) {
    return write_about(settings, action::release, message_id, target, [&](xml::Writer& out) {
        out.open("n:Release").element("n:EnumerationContext", context).close();
    });
}

std::string object_and_reference_item(std::string_view object, const Reference& reference) {
    xml::Writer out(object.size() + 1024);
    return out.open("w:Item")
        .declare("w", ns::wsman)
        .raw(object)
        .raw(reference_item(reference))
        .close()
        .take();
}

}  // namespace mullion::wsman::cim
