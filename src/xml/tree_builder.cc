#include <algorithm>

#include "xml/tree.h"

namespace mullion::xml {

// About as much as an answer of a few kilobytes needs; vectors grow from there.
TreeBuilder::TreeBuilder(std::string& text, std::span<const Attribute> around) : text_(text) {
    tree_.nodes.reserve(std::min<std::size_t>(text.size() / 48 + 8, 64));
    tree_.attributes.reserve(16);
    open_.reserve(16);
    if (around.empty()) return;
    // An element that stands for all that are around.
    auto& outer = add();
    outer.name = outer.local = "around";
    // Innermost first: who looks a prefix up takes the first that he finds.
    tree_.attributes.assign(around.rbegin(), around.rend());
    outer.attribute_count_ = static_cast<std::uint32_t>(around.size());
    open_.push_back({0, 0});
    namespaces_.declare_around(around);
}

Node& TreeBuilder::add() {
    const std::size_t index = tree_.nodes.size();
    auto& node = tree_.nodes.emplace_back();
    if (open_.empty()) return node;
    auto& around = open_.back();
    node.up_ = static_cast<std::uint32_t>(index - around.node);
    tree_.nodes[around.node].has_children_ = true;
    if (around.last_child != 0)
        tree_.nodes[around.last_child].over_ = static_cast<std::uint32_t>(index - around.last_child);
    around.last_child = index;
    return node;
}

Result<void> TreeBuilder::open(const Scanner& tag) {
    const std::size_t first = tree_.attributes.size();
    for (const auto& [name, value, plain] : tag.attributes())
        tree_.attributes.push_back(
            {name.whole, name.local, {}, plain ? value : decode(value, ValueKind::attribute)});
    auto& node = add();
    node.name = tag.name().whole;
    node.local = tag.name().local;
    node.first_attribute_ = static_cast<std::uint32_t>(first);
    node.attribute_count_ = static_cast<std::uint32_t>(tree_.attributes.size() - first);
    open_.push_back({tree_.nodes.size() - 1, 0});
    return namespaces_.open(tag.name(), std::span(tree_.attributes).subspan(first), node.space, tag.began());
}

void TreeBuilder::text(std::string_view value) {
    add().value = value;
}

void TreeBuilder::close() {
    namespaces_.close();
    open_.pop_back();
}

std::string_view TreeBuilder::decode(std::string_view raw, ValueKind kind) {
    if (first_special(raw, kind) == std::string_view::npos) return raw;
    return decode_value(raw, kind, text_.data() + (raw.data() - text_.data()));
}

Tree TreeBuilder::take() {
    for (auto& node : tree_.nodes)
        node.attributes = {tree_.attributes.data() + node.first_attribute_, node.attribute_count_};
    return std::move(tree_);
}

Result<Tree> read_tree_within(std::string& text, const Limits& limits, std::span<const Attribute> around) {
    Scanner scanner(text, limits);
    TreeBuilder tree(text, around);
    for (;;) {
        switch (scanner.next()) {
            case Token::start:
                MULLION_TRY(tree.open(scanner));
                break;
            case Token::end:
                tree.close();
                break;
            case Token::text:
                tree.text(scanner.plain() ? scanner.piece() : tree.decode(scanner.piece(), ValueKind::text));
                break;
            case Token::cdata:
                tree.text(tree.decode(scanner.piece(), ValueKind::cdata));
                break;
            case Token::finished:
                return tree.take();
            case Token::failed:
                return scanner.error();
        }
    }
}

Result<Tree> read_tree(std::string& text, const Limits& limits) {
    return read_tree_within(text, limits, {});
}

}  // namespace mullion::xml
