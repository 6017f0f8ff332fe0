#include "winrm/input.h"

#include "winrm/refuse.h"
#include "wsman/uris.h"
#include "xml/characters.h"
#include "xml/document.h"
#include "xml/rewrite.h"
#include "xml/writer.h"

namespace mullion::winrm {
namespace {

// The two namespaces that cim:Location has had: no property of the resource.
bool is_location(const xml::Element& element) {
    return element.is("http://schemas.dmtf.org/wbem/wsman/1/base", "Location") ||
           element.is("http://schemas.dmtf.org/wsman/2005/06/base", "Location");
}

Result<xml::Element> find_property(const xml::Element& root, const std::string& name) {
    xml::Element found;
    for (const auto& child : root.children()) {
        if (child.local() != name || is_location(child)) continue;
        if (found) return refuse_with_error("Parameter matches more than one property on resource: " + name);
        found = child;
    }
    if (!found) {
        return refuse_with_error("Parameter name does not match any properties on resource: " + name);
    }
    if (found.first()) return refuse_with_error("Parameter matches a non-text property on resource: " + name);
    return found;
}

}  // namespace

Result<std::string> new_document(const Request& request) {
    const bool invoke = request.operation == Operation::invoke;
    const std::string root = "p:" + std::string(last_word(invoke ? request.action : request.resource.given)) +
                             (invoke ? "_INPUT" : "");
    bool nil = false;
    for (const auto& property : request.input) {
        if (!xml::is_ncname(property.name)) {
            return refuse_with_error("Parameter name cannot be the name of a property: " + property.name);
        }
        nil = nil || !property.value;
    }
    xml::Writer writer;
    writer.open(root).declare("p", request.resource.uri);
    if (nil) writer.declare("xsi", xml::xsi_namespace);
    for (const auto& property : request.input) {
        writer.open("p:" + property.name);
        if (property.value) {
            writer.text(property.value->expose());
        } else {
            writer.attribute("xsi:nil", "true");
        }
        writer.close();
    }
    return writer.close().take();
}

Result<std::string> changed_document(std::string_view current, std::span<const Property> changes) {
    MULLION_ASSIGN(const auto document, xml::Document::parse(current));
    const auto root = document.root();
    std::vector<xml::Change> all;
    for (const auto& property : changes) {
        xml::Change change;
        MULLION_ASSIGN(change.element, find_property(root, property.name));
        change.kind = property.value ? xml::Change::Kind::text : xml::Change::Kind::nil;
        if (property.value) change.text = property.value->expose();
        all.push_back(change);
    }
    if (root.local() == "Listener") {
        for (const auto& child : root.children()) {
            if (child.local() == "ListeningOn") all.push_back({child, xml::Change::Kind::leave_out, {}});
        }
    }
    return xml::rewritten(root, all);
}

std::string selector_filter(std::span<const PlainProperty> selectors) {
    xml::Writer writer;
    writer.open("w:SelectorSet").declare("w", wsman::ns::wsman);
    for (const auto& selector : selectors) {
        writer.open("w:Selector").attribute("Name", selector.name).text(selector.value.value_or("")).close();
    }
    return writer.close().take();
}

}  // namespace mullion::winrm
