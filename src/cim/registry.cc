#include "cim/registry.h"

#include <fmt/core.h>

#include <algorithm>

#include "cim/classes/classes.h"
#include "core/nearest.h"
#include "wql/fold.h"

namespace mullion::cim {
namespace {

constexpr std::size_t longest_name = 256;

std::string with_slashes(std::string_view cim_namespace) {
    std::string name(cim_namespace);
    std::replace(name.begin(), name.end(), '\\', '/');
    return name;
}

void add(const ClassDef* definition, std::vector<const ClassDef*>& classes) {
    if (definition == nullptr || std::find(classes.begin(), classes.end(), definition) != classes.end())
        return;
    add(definition->base, classes);
    classes.push_back(definition);
}

}  // namespace

std::string Unknown::text() const {
    std::string text = what == What::cim_namespace
                           ? fmt::format("there is no namespace {} here", readable(name))
                           : fmt::format("there is no class {} here", readable(name));
    if (!near.empty()) text += fmt::format("; there is {}", near);
    return text;
}

const Registry& Registry::standard() {
    static const Registry registry(all_providers());
    return registry;
}

Registry::Registry(std::vector<const Provider*> providers) : providers_(std::move(providers)) {
    for (const auto* provider : providers_) add(&provider->definition(), classes_);
}

std::variant<const ClassDef*, Unknown> Registry::find(std::string_view cim_namespace,
                                                      std::string_view class_name) const {
    const auto space = with_slashes(cim_namespace);
    bool known_space = false;
    std::vector<std::string_view> names;
    for (const auto* definition : classes_) {
        if (!wql::same_name(definition->cim_namespace, space)) continue;
        if (wql::same_name(definition->name, class_name)) return definition;
        known_space = true;
        names.push_back(definition->name);
    }
    if (!known_space) return Unknown{Unknown::What::cim_namespace, space};
    Unknown unknown{Unknown::What::class_name, std::string(class_name)};
    if (class_name.size() <= longest_name)
        if (const auto near = nearest(class_name, names); !near.empty()) unknown.near = std::string(near);
    return unknown;
}

const Provider* Registry::provider(const ClassDef& definition) const {
    const auto at = std::find_if(providers_.begin(), providers_.end(), [&](const Provider* provider) {
        return &provider->definition() == &definition;
    });
    return at == providers_.end() ? nullptr : *at;
}

std::vector<const Provider*> Registry::derived(const ClassDef& definition) const {
    std::vector<const Provider*> found;
    for (const auto* provider : providers_)
        for (const auto* at = &provider->definition(); at != nullptr; at = at->base)
            if (at == &definition) found.push_back(provider);
    return found;
}

}  // namespace mullion::cim
