// What a Put changes, and whether it may. [MS-WSMV] 3.1.4.3
#include <algorithm>

#include <fmt/format.h>

#include "wsman/config_parts.h"

namespace mullion::wsman {

namespace {

std::vector<std::string_view> list_of(const ConfigDocument& document, std::string_view path) {
    std::vector<std::string_view> list;
    for (const auto& value : document.values)
        if (value.path == path) list.push_back(value.text);
    std::sort(list.begin(), list.end());
    return list;
}

Result<void> may_change(const ConfigRow& row, const ConfigDocument& current, const ConfigValue* before) {
    if (current.source == policy_source || (before != nullptr && before->source == policy_source))
        return policy_controlled(row.path);
    switch (row.access) {
        case ConfigAccess::deprecated:
            return bad_request(code::deprecated_setting, fmt::format("{} is deprecated", row.path));
        case ConfigAccess::read_only:
            return bad_request(code::read_only_setting, fmt::format("{} is read-only", row.path));
        case ConfigAccess::key:
            return bad_request(
                row.path == "Address" || row.path == "Transport" ? code::listener_keys : code::mapping_keys,
                fmt::format("{} is a key and cannot be changed", row.path));
        case ConfigAccess::computed:
            return bad_request(code::internal_error, fmt::format("{} is computed", row.path));
        case ConfigAccess::writable:
        case ConfigAccess::secret:
            break;
    }
    return {};
}

}  // namespace

Result<std::vector<ConfigValue>> config_changes(const ConfigDocument& current, const ConfigDocument& asked) {
    std::vector<ConfigValue> changes;
    for (const auto& value : asked.values) {
        const auto* row = find_config_row(*asked.resource, value.path);
        if (row == nullptr) return bad_request(fmt::format("there is no setting {}", value.path));
        const auto* before = current.find(value.path);
        const bool same = row->access == ConfigAccess::computed
                              ? list_of(current, value.path) == list_of(asked, value.path)
                              : before != nullptr && before->text == value.text;
        if (same) continue;
        MULLION_TRY(may_change(*row, current, before));
        changes.push_back(value);
    }
    if (asked.password && current.source == policy_source) return policy_controlled("Password");
    return changes;
}

Error policy_controlled(std::string_view what) {
    return bad_request(code::policy_controlled,
                       fmt::format("{} is controlled by policy and cannot be changed here", what));
}

Fault config_fault(const Error& error) {
    constexpr std::string_view general = "The WS-Management service cannot process the request. ";
    return make_fault(error.wsman_code.value_or(code::internal_error),
                      std::string(general).append(error.detail), "Config provider");
}

}  // namespace mullion::wsman
