#include "exporter/page.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exporter/text_format.h"

namespace mullion::exporter {
namespace {

// A text that is too long loses its end. Not in the middle of a character: append_label_value() would show
// that as one that is broken.
std::string_view cut(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

}  // namespace

bool SeenHashes::insert(std::size_t hash) {
    hash = std::max<std::size_t>(hash, 1);
    if (2 * count_ >= places_.size()) grow();
    auto& place = places_[place_of(hash)];
    if (place == hash) return false;
    place = hash;
    ++count_;
    return true;
}

std::size_t SeenHashes::place_of(std::size_t hash) const {
    std::size_t at = hash & (places_.size() - 1);
    while (places_[at] != 0 && places_[at] != hash) at = (at + 1) & (places_.size() - 1);
    return at;
}

void SeenHashes::grow() {
    const auto before = std::exchange(places_, {});
    places_.resize(std::max<std::size_t>(2 * before.size(), 1024));
    for (const auto hash : before)
        if (hash != 0) places_[place_of(hash)] = hash;
}

Page::Group& Page::group_of(const Family& family) {
    if (last_family_ == &family) return groups_[last_group_];
    const auto [found, is_new] = places_.try_emplace(family.name, groups_.size());
    if (is_new) groups_.push_back({&family});
    last_family_ = &family;
    last_group_ = found->second;
    return groups_[last_group_];
}

void Page::add(const Family& family, std::span<const std::string_view> labels, double value) {
    if (series_ >= limits_.series || bytes_ >= limits_.bytes) {
        ++dropped_;
        return;
    }
    const auto names = family.labels();
    std::array<std::string_view, Family::most_labels> values = {};
    const std::size_t count = std::min(names.size(), labels.size());
    for (std::size_t at = 0; at < count; ++at) values[at] = cut(labels[at], limits_.label_bytes);

    auto& lines = group_of(family).lines;
    const std::size_t begin = lines.size();
    lines += family.name;
    append_labels(lines, names, std::span(values).first(count));
    if (!seen_.insert(std::hash<std::string_view>{}(std::string_view(lines).substr(begin)))) {
        lines.resize(begin);
        ++dropped_;
        return;
    }
    ++series_;
    lines += ' ';
    append_number(lines, value);
    lines += '\n';
    bytes_ += lines.size() - begin;
}

std::string Page::print() const {
    std::string out;
    std::size_t size = 0;
    for (const auto& group : groups_) size += group.lines.size() + 256;
    out.reserve(size);
    for (const auto& group : groups_) {
        append_header(out, *group.family);
        out += group.lines;
    }
    return out;
}

}  // namespace mullion::exporter
