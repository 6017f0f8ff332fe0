#include "yaml/stream_events.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace mullion::yaml {
namespace {

constexpr std::size_t few = 24;

}  // namespace

bool Seen::add(std::uint64_t number) {
    if (number == 0) number = 1;
    if ((count_ + 1) * 2 > slots_.size()) {
        const auto old = std::exchange(slots_, std::vector<std::uint64_t>(slots_.size() * 2));
        count_ = 0;
        for (const std::uint64_t known : old)
            if (known != 0) add(known);
    }
    std::size_t at = number & (slots_.size() - 1);
    for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
        if (slots_[at] == number) return false;
    slots_[at] = number;
    ++count_;
    return true;
}

Error StreamEvents::give_up() {
    needs_tree_ = true;
    return fault(options_, 1, "this needs a tree");
}

// Two keys of the same hash are taken for one: the tree, which then is made, knows better.
bool StreamEvents::is_new(Open& map, std::string_view key) {
    const std::uint64_t hash = std::hash<std::string_view>{}(key);
    if (map.many) return map.many->add(hash);
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(map.keys);
    if (std::find(begin, keys_.end(), hash) != keys_.end()) return false;
    if (keys_.size() - map.keys == few) {
        map.many = std::make_unique<Seen>();
        for (auto known = begin; known != keys_.end(); ++known) map.many->add(*known);
        map.many->add(hash);
        keys_.resize(map.keys);
    } else {
        keys_.push_back(hash);
    }
    return true;
}

// Of a map's value: a key is next.
void StreamEvents::end_value() {
    if (!open_.empty()) open_.back().at_key = true;
}

Result<void> StreamEvents::next(Event& event) {
    if (needs_tree_) return give_up();
    MULLION_TRY(source_->next(event));
    using Kind = Event::Kind;
    if (event.kind == Kind::end) return {};
    if (event.kind == Kind::map_end || event.kind == Kind::list_end) {
        keys_.resize(open_.back().keys);
        open_.pop_back();
        end_value();
        return {};
    }
    const bool scalar = event.kind == Kind::scalar;
    if (event.kind == Kind::alias || !event.anchor.empty() || (!event.tag.empty() && !options_.tags))
        return give_up();
    if (open_.size() > options_.limits.depth || ++nodes_ > options_.limits.nodes) return give_up();
    if (!open_.empty() && open_.back().is_map && open_.back().at_key) {
        if (!scalar || (event.plain && event.text == "<<") || !is_new(open_.back(), event.text))
            return give_up();
        open_.back().at_key = false;
        event.tag = {};  // A key is text.
        return {};
    }
    if (scalar) {
        end_value();
    } else {
        open_.push_back({event.kind == Kind::map_start, true, keys_.size()});
    }
    return {};
}

}  // namespace mullion::yaml
