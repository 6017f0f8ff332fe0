#include "wsman/cim/reference.h"

#include <set>

#include "wsman/cim/class_uri.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

constexpr unsigned deepest = 8;  // Keys that are references, whose keys are …

Result<Reference> read_at(const xml::Element& element, unsigned depth);

Result<Key> read_key_at(const xml::Element& selector, unsigned depth) {
    Key key{selector.attribute("", "Name").value_or(""), {}};
    if (key.name.empty()) return malformed("a selector of the reference has no name");
    const auto inside = selector.first();
    if (!inside) {
        key.value = selector.text();
        return key;
    }
    MULLION_ASSIGN(auto nested, read_at(is_reference(selector) ? selector : inside, depth + 1));
    key.reference.push_back(std::move(nested));
    return key;
}

// The parameters or, before WS-Addressing of August 2004 had them, the properties.
xml::Element parameters_of(const xml::Element& element) {
    const auto found = element.first(ns::addressing, "ReferenceParameters");
    return found ? found : element.first(ns::addressing, "ReferenceProperties");
}

Result<Reference> read_at(const xml::Element& outer, unsigned depth) {
    if (depth > deepest) return malformed("references are nested deeper than 8");
    const auto inner = outer.first(ns::addressing, "EndpointReference");
    const auto element = inner ? inner : outer;
    Reference reference;
    reference.address = element.first(ns::addressing, "Address").trimmed();
    const auto parameters = parameters_of(element);
    reference.resource_uri = parameters.first(ns::wsman, "ResourceURI").trimmed();
    if (reference.resource_uri.empty()) return malformed("the reference names no resource");
    std::set<std::string> seen;
    const auto keys = parameters.first(ns::wsman, "SelectorSet");
    for (auto selector = keys.first(); selector; selector = selector.next()) {
        if (!selector.is(ns::wsman, "Selector")) continue;
        if (reference.keys.size() == most_keys) return malformed("the reference has more than 256 selectors");
        MULLION_ASSIGN(auto key, read_key_at(selector, depth));
        if (!seen.insert(lower(key.name)).second)
            return malformed("the reference has a selector twice: " + key.name);
        reference.keys.push_back(std::move(key));
    }
    return reference;
}

}  // namespace

Key::Key(std::string name, std::string value) : name(std::move(name)), value(std::move(value)) {}

Key::Key(std::string name, std::string value, std::vector<Reference> reference)
    : name(std::move(name)), value(std::move(value)), reference(std::move(reference)) {}

bool Key::operator==(const Key& other) const {
    return name == other.name && value == other.value && reference == other.reference;
}

bool Reference::operator==(const Reference& other) const {
    return address == other.address && resource_uri == other.resource_uri && keys == other.keys;
}

bool is_reference(const xml::Element& element) {
    return parameters_of(element) || element.first(ns::addressing, "EndpointReference");
}

Result<Reference> read_reference(const xml::Element& element) {
    return read_at(element, 1);
}

Result<Key> read_key(const xml::Element& selector) {
    return read_key_at(selector, 0);
}

void write_key(xml::Writer& out, const Key& key) {
    out.open("w:Selector").attribute("Name", key.name);
    if (key.reference.empty()) {
        out.text(key.value);
    } else {
        out.open("a:EndpointReference");
        write_reference(out, key.reference.front());
        out.close();
    }
    out.close();
}

void write_reference(xml::Writer& out, const Reference& reference) {
    if (!reference.address.empty()) out.element("a:Address", reference.address);
    out.open("a:ReferenceParameters").element("w:ResourceURI", reference.resource_uri);
    if (!reference.keys.empty()) {
        out.open("w:SelectorSet");
        for (const auto& key : reference.keys) write_key(out, key);
        out.close();
    }
    out.close();
}

std::string reference_item(const Reference& reference) {
    xml::Writer out(512);
    out.open("a:EndpointReference").declare("a", ns::addressing).declare("w", ns::wsman);
    write_reference(out, reference);
    out.close();
    return out.take();
}

}  // namespace mullion::wsman::cim
