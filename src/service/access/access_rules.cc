#include "service/access/access_rules.h"

#include "http/message.h"

namespace mullion::service {
namespace {

bool begins_with(std::string_view resource, std::string_view uri) {
    return resource.size() >= uri.size() && http::same_without_case(resource.substr(0, uri.size()), uri);
}

}  // namespace

AccessRules::AccessRules() : root_(std::move(*state::read_descriptor(state::default_root_sddl))) {}

Result<AccessRules> AccessRules::make(std::string_view root_sddl,
                                      const std::vector<state::SecurityEntry>& security) {
    AccessRules out;
    MULLION_ASSIGN(out.root_, state::read_descriptor(root_sddl));
    for (const auto& entry : security) {
        MULLION_ASSIGN(auto descriptor, state::read_descriptor(entry.sddl));
        out.entries_.push_back({entry.uri, std::move(descriptor), entry.exact});
    }
    return out;
}

AccessRules::Chosen AccessRules::of(std::string_view resource) const {
    const Entry* best = nullptr;
    for (const auto& entry : entries_) {
        if (!begins_with(resource, entry.uri)) continue;
        const bool whole = entry.uri.size() == resource.size();
        if (entry.exact && whole) return {entry.descriptor, entry.uri};
        if (!entry.exact && (best == nullptr || best->uri.size() < entry.uri.size())) best = &entry;
    }
    if (best != nullptr) return {best->descriptor, best->uri};
    return {root_, root_name};
}

}  // namespace mullion::service
