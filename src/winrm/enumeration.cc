#include "winrm/enumeration.h"

#include <map>
#include <utility>
#include <vector>

#include "winrm/input.h"
#include "winrm/letters.h"
#include "winrm/refuse.h"
#include "wsman/uris.h"
#include "xml/writer.h"

namespace mullion::winrm {
namespace {

// An answer that takes more than one message anyway had better be told in few.
constexpr std::uint32_t batch = 100;

// In the order in which b:AssociatedInstances has them.
constexpr std::pair<std::string_view, std::string_view> parts[] = {
    {"associationclassname", "b:AssociationClassName"}, {"role", "b:Role"},
    {"resultclassname", "b:ResultClassName"},           {"resultrole", "b:ResultRole"},
    {"resultpropertyname", "b:IncludeResultProperty"},
};

Error wrong_filter(std::string advice) {
    return refuse_with_error("The filter of the association dialect is not valid.", std::move(advice));
}

bool is_part(std::string_view name, bool associations) {
    // DSP0227 7.3: an association is asked for by what it is and which role the object has in it.
    if (associations && (name == "associationclassname" || name == "resultrole")) return false;
    if (name == "object") return true;
    for (const auto& [known, element] : parts) {
        if (known == name) return true;
    }
    return false;
}

// By names in small letters.
Result<std::map<std::string, std::string>> read_parts(std::string_view text, bool associations) {
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') {
        return wrong_filter("Write -filter:'{Object=Win32_Service?Name=WinRM;ResultClassName=…}'.");
    }
    text = text.substr(1, text.size() - 2);
    std::map<std::string, std::string> found;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        const auto equals = part.find('=');
        auto name = lower(part.substr(0, equals));
        while (name.starts_with(' ')) name.erase(0, 1);
        while (name.ends_with(' ')) name.pop_back();
        if (equals == std::string_view::npos || equals + 1 == part.size() || !is_part(name, associations)) {
            return wrong_filter(
                associations
                    ? "With -associations its parts are Object, ResultClassName, Role and "
                      "ResultPropertyName."
                    : "Its parts are Object, ResultClassName, Role, ResultRole, AssociationClassName "
                      "and ResultPropertyName.");
        }
        if (!found.emplace(std::move(name), part.substr(equals + 1)).second)
            return wrong_filter("Name each part once.");
    }
    if (!found.contains("object")) return wrong_filter("Name the object: Object=Win32_Service?Name=WinRM.");
    return found;
}

// "wmicimv2/*" and "Win32_Service" are "wmicimv2/Win32_Service".
std::string whole_uri(const Resource& object, std::string_view resource_uri) {
    if (object.uri != object.given || object.uri.find('/') != std::string::npos) return object.uri;
    return std::string(resource_uri.substr(0, resource_uri.rfind('/') + 1)) + object.uri;
}

void write_object(xml::Writer& writer, const Resource& object, std::string_view resource_uri) {
    writer.open("b:Object").element("a:Address", wsman::anonymous).open("a:ReferenceParameters");
    writer.element("w:ResourceURI", whole_uri(object, resource_uri)).open("w:SelectorSet");
    for (const auto& selector : object.selectors)
        writer.open("w:Selector").attribute("Name", selector.name).text(selector.value).close();
    writer.close().close().close();
}

std::string escaped(std::string_view text) {
    xml::Writer writer;
    auto out = writer.open("t").text(text).close().take();
    return text.empty() ? std::string() : out.substr(3, out.size() - 7);
}

Result<std::string> filter_xml(const Request& request) {
    const auto& query = request.query;
    if (same_letters(query.dialect, wsman::dialect::selector)) return selector_filter(query.selectors);
    if (same_letters(query.dialect, wsman::dialect::association))
        return parse_association_filter(query.filter, request.resource.uri, query.associations);
    return escaped(query.filter);
}

std::string_view mode_of(ReturnType type) {
    switch (type) {
        case ReturnType::object:
            break;
        case ReturnType::epr:
            return "EnumerateEPR";
        case ReturnType::object_and_epr:
            return "EnumerateObjectAndEPR";
    }
    return {};
}

// A service that knows nothing of classes may refuse the element, so what is the default is left unsaid.
std::string_view polymorphism_of(Hierarchy hierarchy) {
    switch (hierarchy) {
        case Hierarchy::deep:
            break;
        case Hierarchy::shallow:
            return "None";
        case Hierarchy::base_properties_only:
            return "ExcludeSubClassProperties";
    }
    return {};
}

}  // namespace

Result<std::string> parse_association_filter(std::string_view filter, std::string_view resource_uri,
                                             bool associations) {
    MULLION_ASSIGN(const auto found, read_parts(filter, associations));
    MULLION_ASSIGN(const auto object, parse_resource(found.at("object")));
    const std::string root = associations ? "b:AssociationInstances" : "b:AssociatedInstances";
    xml::Writer writer;
    writer.open(root)
        .declare("b", wsman::ns::binding)
        .declare("a", wsman::ns::addressing)
        .declare("w", wsman::ns::wsman);
    write_object(writer, object, resource_uri);
    for (const auto& [name, element] : parts) {
        const auto part = found.find(std::string(name));
        if (part != found.end()) writer.element(element, part->second);
    }
    return writer.close().take();
}

Result<wsman::Enumerate> enumeration_of(const Request& request) {
    wsman::Enumerate enumerate;
    enumerate.max_elements = batch;
    enumerate.mode = mode_of(request.query.return_type);
    enumerate.polymorphism = polymorphism_of(request.query.hierarchy);
    enumerate.has_filter = !request.query.filter.empty();
    if (enumerate.has_filter) {
        enumerate.filter_dialect = request.query.dialect;
        MULLION_ASSIGN(enumerate.filter_xml, filter_xml(request));
    }
    return enumerate;
}

}  // namespace mullion::winrm
