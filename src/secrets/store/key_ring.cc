#include "secrets/store/key_ring.h"

#include <algorithm>
#include <utility>

namespace mullion::secrets {

std::shared_ptr<const Secret> KeyRing::find(const std::string& id) {
    const auto found = keys_.find(id);
    if (found == keys_.end()) return nullptr;
    Held& held = found->second;
    if (clock_.now() - held.since >= limits_.age || held.uses >= limits_.uses) {
        keys_.erase(found);
        return nullptr;
    }
    ++held.uses;
    return held.key;
}

std::shared_ptr<const Secret> KeyRing::add(const std::string& id, Secret key) {
    if (keys_.size() >= limits_.keys && keys_.count(id) == 0) {
        keys_.erase(std::min_element(keys_.begin(), keys_.end(), [](const auto& a, const auto& b) {
            return a.second.since < b.second.since;
        }));
    }
    const Held held{std::make_shared<const Secret>(std::move(key)), clock_.now(), 1};
    keys_.insert_or_assign(id, held);
    return held.key;
}

}  // namespace mullion::secrets
