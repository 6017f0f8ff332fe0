// References to instances: endpoint references with a class's URI and keys. DSP0227 8, DSP0226 5.1.2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "wsman/envelope.h"
#include "xml/document.h"
#include "xml/writer.h"

namespace mullion::wsman::cim {

struct Reference;

// A key's value is text, or a reference (as in associations); then `reference` holds it.
struct Key {
    Key(std::string name, std::string value);
    Key(std::string name, std::string value, std::vector<Reference> reference);
    std::string name;
    std::string value;
    std::vector<Reference> reference;  // None or one.
    bool operator==(const Key& other) const;
};

struct Reference {
    std::string address = {};  // Empty: none was given.
    std::string resource_uri = {};
    std::vector<Key> keys = {};
    bool operator==(const Reference& other) const;
};

// True when the element holds what an endpoint reference does.
[[nodiscard]] bool is_reference(const xml::Element& element);
// Of an element that is an a:EndpointReference, is of that type, or has one as its only child.
// Errors: wsman.malformed.
[[nodiscard]] Result<Reference> read_reference(const xml::Element& element);

// Of a w:Selector: its text as it is, or the reference that it holds. DSP0226 5.1.2.2
// Errors: wsman.malformed, also for references in references that go deeper than eight.
[[nodiscard]] Result<Key> read_key(const xml::Element& selector);
void write_key(xml::Writer& out, const Key& key);

// What stands inside such an element; the writer has the prefixes a and w.
void write_reference(xml::Writer& out, const Reference& reference);
// <a:EndpointReference> that stands on its own.
[[nodiscard]] std::string reference_item(const Reference& reference);

}  // namespace mullion::wsman::cim
