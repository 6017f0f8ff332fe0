#include "service/cim/cim_uris.h"

#include <algorithm>
#include <array>

#include "service/config/plugins.h"
#include "wsman/cim/class_uri.h"
#include "wsman/cim/names.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

constexpr std::string_view default_namespace = "root/cimv2";  // As on Windows.
constexpr std::string_view class_selector = "ClassName";      // Of metadata.

bool is_any_of(std::string_view action, std::initializer_list<std::string_view> known) {
    return std::find(known.begin(), known.end(), action) != known.end();
}

bool is(std::string_view uri, std::string_view resource) {
    return uri.size() == resource.size() && wsman::is_below(uri, resource);
}

}  // namespace

bool is_cim_resource(std::string_view uri) {
    const auto* const plugin = plugin_of(uri);
    return plugin != nullptr && plugin->name == cim_resource::plugin;
}

// Those that are defined by a standard are none of a class's.
bool is_method(std::string_view action) {
    constexpr std::array standards{wsman::ns::transfer, wsman::ns::enumeration, wsman::ns::eventing,
                                   wsman::ns::addressing, wsman::ns::shell};
    return std::none_of(standards.begin(), standards.end(),
                        [&](std::string_view one) { return action.starts_with(one); });
}

bool has_cim_action(std::string_view uri, std::string_view action) {
    namespace a = wsman::action;
    if (is_any_of(action, {a::enumerate, a::pull, a::release})) return true;
    if (is(uri, cim_resource::all_classes)) return false;
    if (action == a::get) return true;
    if (is(uri, cim_resource::metadata)) return false;
    return is_any_of(action, {a::put, a::create, a::remove}) || is_method(action);
}

std::string wmi_name(const wsman::Header& header) {
    std::string cim_namespace, class_name;
    if (auto uri = wsman::cim::parse_class_uri(header.resource_uri)) {
        cim_namespace = std::move(uri->cim_namespace);
        class_name = std::move(uri->class_name);
    } else if (const auto named = header.selector(class_selector)) {
        class_name = *named;
    }
    if (cim_namespace.empty())
        cim_namespace = header.selector(wsman::cim::namespace_selector).value_or(default_namespace);
    std::replace(cim_namespace.begin(), cim_namespace.end(), '\\', '/');
    return std::string(wsman::cim::wmi_prefix) + cim_namespace + "/" + class_name;
}

}  // namespace mullion::service
