#include "secrets/masking/patterns.h"

#include <algorithm>

namespace mullion::secrets {
namespace {

constexpr std::uint32_t ends_here = 1U << 31;    // A text ends at this node.
constexpr std::uint32_t ends_behind = 1U << 30;  // One ends at a node that its links lead to.
constexpr std::uint32_t link_bits = ends_behind - 1;

// Texts that share what leads to one node, and are neighbours, as they are sorted.
struct Run {
    std::uint32_t begin, end;
};

std::size_t common(std::string_view a, std::string_view b) {
    const auto end = std::mismatch(
        a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
    return static_cast<std::size_t>(end.first - a.begin());
}

std::size_t count_nodes(const std::vector<Secret>& sorted) {
    std::size_t count = 1;
    std::string_view before;
    for (const auto& text : sorted) {
        count += text.expose().size() - common(before, text.expose());
        before = text.expose();
    }
    return count;
}

void sort(std::vector<Secret>& texts) {
    std::erase_if(texts, [](const Secret& text) { return text.empty(); });
    std::sort(texts.begin(), texts.end(),
              [](const Secret& a, const Secret& b) { return a.expose() < b.expose(); });
    texts.erase(std::unique(texts.begin(), texts.end(),
                            [](const Secret& a, const Secret& b) { return a.expose() == b.expose(); }),
                texts.end());
}

}  // namespace

Patterns::Patterns(std::vector<Secret> texts) {
    sort(texts);
    // All at once: what grows leaves copies behind.
    const auto count = count_nodes(texts);
    labels_.reserve(count);
    first_child_.reserve(count + 1);
    links_.assign(count, 0);
    build_tree(texts);
    build_links();
}

Patterns::~Patterns() {
    wipe_memory(labels_.data(), labels_.size());
    wipe_memory(first_child_.data(), first_child_.size() * sizeof(std::uint32_t));
    wipe_memory(links_.data(), links_.size() * sizeof(std::uint32_t));
    wipe_memory(roots_.data(), sizeof roots_);
}

void Patterns::build_tree(const std::vector<Secret>& texts) {
    std::vector<Run> level{{0, static_cast<std::uint32_t>(texts.size())}};
    std::vector<Run> below;
    labels_.push_back(0);
    levels_.push_back(0);
    for (std::size_t depth = 0; !level.empty(); ++depth) {
        const auto byte_of = [&](std::uint32_t text) {
            return static_cast<unsigned char>(texts[text].expose()[depth]);
        };
        below.clear();
        levels_.push_back(static_cast<std::uint32_t>(labels_.size()));
        for (auto run : level) {
            const auto node = static_cast<std::uint32_t>(first_child_.size());
            first_child_.push_back(static_cast<std::uint32_t>(labels_.size()));
            // Each is there once, and the shorter one stands before those that go on.
            if (run.begin < run.end && texts[run.begin].expose().size() == depth) {
                links_[node] |= ends_here;
                ++run.begin;
            }
            while (run.begin < run.end) {
                const auto byte = byte_of(run.begin);
                auto end = run.begin + 1;
                while (end < run.end && byte_of(end) == byte) ++end;
                if (depth == 0) roots_[byte] = static_cast<std::uint32_t>(labels_.size());
                labels_.push_back(byte);
                below.push_back({run.begin, end});
                run.begin = end;
            }
        }
        level.swap(below);
    }
    first_child_.push_back(static_cast<std::uint32_t>(labels_.size()));
}

// By depth: a link leads upwards, so all that it leads to is known.
void Patterns::build_links() {
    for (std::uint32_t parent = 0; parent < labels_.size(); ++parent) {
        for (auto node = first_child_[parent]; node < first_child_[parent + 1]; ++node) {
            std::uint32_t found = 0;
            for (auto from = parent; from != 0 && found == 0;) {
                from = link(from);
                found = child(from, labels_[node]);
            }
            links_[node] |= found;
            if ((links_[found] & (ends_here | ends_behind)) != 0) links_[node] |= ends_behind;
        }
    }
}

std::uint32_t Patterns::link(std::uint32_t node) const {
    return links_[node] & link_bits;
}

// 0, which is nobody's child: it has none with that byte.
std::uint32_t Patterns::child(std::uint32_t node, unsigned char byte) const {
    if (node == 0) return roots_[byte];
    const auto begin = labels_.begin() + first_child_[node];
    const auto end = labels_.begin() + first_child_[node + 1];
    const auto found = std::lower_bound(begin, end, byte);
    return found != end && *found == byte ? static_cast<std::uint32_t>(found - labels_.begin()) : 0;
}

std::uint32_t Patterns::depth_of(std::uint32_t node) const {
    const auto level = std::upper_bound(levels_.begin(), levels_.end(), node);
    return static_cast<std::uint32_t>(level - levels_.begin()) - 1;
}

Patterns::Place Patterns::next(Place from, char byte) const {
    const auto wanted = static_cast<unsigned char>(byte);
    if (const auto node = child(from.node, wanted); node != 0) return {node, from.depth + 1};
    while (from.node != 0) {
        from.node = link(from.node);
        if (const auto node = child(from.node, wanted); node != 0) return {node, depth_of(node)};
    }
    return {};
}

Patterns::Place Patterns::settled(Place place) const {
    if (first_child_[place.node] != first_child_[place.node + 1]) return place;
    while (place.node != 0 && first_child_[place.node] == first_child_[place.node + 1])
        place.node = link(place.node);
    place.depth = depth_of(place.node);
    return place;
}

std::size_t Patterns::ending_at(Place place) const {
    if ((links_[place.node] & ends_here) != 0) return place.depth;
    if ((links_[place.node] & ends_behind) == 0) return 0;
    auto node = link(place.node);
    while ((links_[node] & ends_here) == 0) node = link(node);
    return depth_of(node);
}

std::size_t Patterns::first_beginning(std::string_view bytes) const {
    const auto found = std::find_if(bytes.begin(), bytes.end(), [this](char byte) {
        return roots_[static_cast<unsigned char>(byte)] != 0;
    });
    return static_cast<std::size_t>(found - bytes.begin());
}

}  // namespace mullion::secrets
