#include "exporter/page.h"

#include <algorithm>
#include <array>

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

Page::Group& Page::group_of(const Family& family) {
    const auto [found, is_new] = places_.try_emplace(family.name, groups_.size());
    if (is_new) groups_.push_back({&family});
    return groups_[found->second];
}

void Page::add(const Family& family, std::span<const std::string_view> labels, double value) {
    const auto names = family.labels();
    std::array<std::string_view, Family::most_labels> values = {};
    const std::size_t count = std::min(names.size(), labels.size());
    for (std::size_t at = 0; at < count; ++at) values[at] = cut(labels[at], limits_.label_bytes);

    std::string line(family.name);
    append_labels(line, names, std::span(values).first(count));
    if (series_ >= limits_.series || !seen_.insert(std::hash<std::string>{}(line)).second) {
        ++dropped_;
        return;
    }
    ++series_;
    auto& lines = group_of(family).lines;
    lines += line;
    lines += ' ';
    append_number(lines, value);
    lines += '\n';
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
