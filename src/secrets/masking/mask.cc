#include "secrets/masking/mask.h"

#include <algorithm>
#include <utility>

namespace mullion::secrets {

void Mask::look_for(std::shared_ptr<const Patterns> patterns) {
    if (patterns == patterns_) return;
    patterns_ = std::move(patterns);
    place_ = {};
    found_.clear();
    auto again = std::exchange(held_, {});
    if (patterns_) scan(again);
    wipe(again);
}

std::string Mask::add(std::string_view output) {
    if (!patterns_) return std::string(output);
    scan(output);
    return give_out(held_.size() - place_.depth);
}

std::string Mask::flush() {
    place_ = {};
    return give_out(held_.size());
}

void Mask::scan(std::string_view bytes) {
    auto at = held_.size();
    held_ += bytes;
    while (at < held_.size()) {
        if (place_.node == 0) {
            at += patterns_->first_beginning(std::string_view(held_).substr(at));
            if (at == held_.size()) break;
        }
        place_ = patterns_->next(place_, held_[at]);
        ++at;
        const auto length = patterns_->ending_at(place_);
        if (length == 0) continue;
        found(at - length, at);
        place_ = patterns_->settled(place_);
    }
}

// Ends come in their order; the beginning may lie before what was found already.
void Mask::found(std::size_t begin, std::size_t end) {
    while (!found_.empty() && found_.back().end > begin) {
        begin = std::min(begin, found_.back().begin);
        found_.pop_back();
    }
    if (begin < masked_)
        masked_ = end;
    else
        found_.push_back({begin, end});
}

// What lies before `size` can belong to nothing that is still to come: a secret that begins there is masked
// now, however far it reaches, and one that begins later waits.
std::string Mask::give_out(std::size_t size) {
    std::string out;
    std::size_t from = std::min(masked_, size);
    std::size_t told = 0;
    for (; told < found_.size() && found_[told].begin < size; ++told) {
        out.append(held_, from, found_[told].begin - from);
        out += mask_text;
        masked_ = found_[told].end;
        from = std::min(masked_, size);
    }
    out.append(held_, from, size - from);
    found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(told));
    for (auto& rest : found_) {
        rest.begin -= size;
        rest.end -= size;
    }
    held_.erase(0, size);
    masked_ -= std::min(masked_, size);
    return out;
}

std::string masked(const std::shared_ptr<const Patterns>& patterns, std::string text) {
    if (!patterns) return text;
    Mask mask(patterns);
    auto out = mask.add(text);
    out += mask.flush();
    return out;
}

}  // namespace mullion::secrets
