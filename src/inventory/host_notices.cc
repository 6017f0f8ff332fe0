#include "inventory/host_notices.h"

#include <fmt/core.h>

#include "core/nearest.h"
#include "target/credential_rows.h"
#include "target/option_table.h"

namespace mullion::inventory {
namespace {

// Where a name that nothing knows is most likely misspelt.
constexpr std::string_view prefixes[] = {"ansible_winrm_", "mullion_"};

// Each is looked for in each host, and nobody reads a thousand such lines.
constexpr std::size_t most_unknown = 100;

bool is_ours(std::string_view name) {
    for (const auto prefix : prefixes)
        if (name.starts_with(prefix)) return true;
    return false;
}

std::vector<std::string_view> known_names() {
    std::vector<std::string_view> names;
    const auto add = [&](const std::vector<target::VariableName>& row) {
        for (const auto& name : row) names.push_back(name.name);
    };
    for (const auto& row : target::option_table()) add(names_of(row));
    add(names_of(target::password_variable()));
    add(names_of(target::credential_variable()));
    return names;
}

}  // namespace

HostNotices::HostNotices(const Inventory& inventory, std::function<void(std::string)> notify)
    : inventory_(inventory), notify_(std::move(notify)) {
    const auto known = known_names();
    for (const auto name : inventory.model().names()) {
        if (is_ours(name) && std::find(known.begin(), known.end(), name) == known.end())
            unknown_.push_back(name);
    }
    if (unknown_.size() > most_unknown) {
        if (notify_)
            notify_(
                fmt::format("{} variables are called ansible_winrm_… or mullion_… and are not known; only "
                            "the first {} are looked for",
                            unknown_.size(), most_unknown));
        unknown_.resize(most_unknown);
    }
}

void HostNotices::tell(std::string_view name, Place place, const std::string& text) {
    if (!told_.insert(name).second || !notify_) return;
    notify_(fmt::format("{}: {}", inventory_.model().text_of(place), text));
}

void HostNotices::look_for_unknown(HostIndex host) {
    std::erase_if(unknown_, [&](std::string_view name) {
        const auto* const value = inventory_.find(host, name);
        if (value == nullptr) return false;
        const auto near = nearest(name, known_names());
        tell(name, value->place,
             near.empty() ? fmt::format("{} is no variable that is known", name)
                          : fmt::format("{} is no variable that is known; {} is", name, near));
        return true;
    });
}

void HostNotices::deprecated(std::string_view name, std::string_view better, Place place) {
    tell(name, place, fmt::format("{} is deprecated; write {}", name, better));
}

}  // namespace mullion::inventory
