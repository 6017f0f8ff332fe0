#include "checks/options.h"

#include <utility>

namespace mullion::checks {

void Words::set(std::string_view name, std::string value) {
    given_.insert_or_assign(std::string(name), std::vector<std::string>{std::move(value)});
}

void Words::add(std::string_view name, std::string value) {
    given_[std::string(name)].push_back(std::move(value));
}

bool Words::has(std::string_view name) const {
    return given_.find(name) != given_.end();
}

std::optional<std::string_view> Words::get(std::string_view name) const {
    const auto found = given_.find(name);
    if (found == given_.end()) return {};
    return found->second.back();
}

std::string_view Words::text(std::string_view name) const {
    return get(name).value_or(std::string_view());
}

std::span<const std::string> Words::all(std::string_view name) const {
    const auto found = given_.find(name);
    if (found == given_.end()) return {};
    return found->second;
}

}  // namespace mullion::checks
