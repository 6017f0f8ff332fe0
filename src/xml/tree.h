// The tree of a document that was read, names resolved. Only this room's sources include it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "xml/attribute.h"
#include "xml/document.h"
#include "xml/namespaces.h"
#include "xml/scanner.h"
#include "xml/values.h"

namespace mullion::xml {

// An element or a piece of text. Nodes stand in one array in document order, so that they find each other by
// their distances: a first child is the next one.
class Node {
public:
    [[nodiscard]] bool is_element() const { return !name.empty(); }
    [[nodiscard]] bool is_text() const { return name.empty(); }
    [[nodiscard]] const Node* parent() const { return up_ == 0 ? nullptr : this - up_; }
    [[nodiscard]] const Node* first_child() const { return has_children_ ? this + 1 : nullptr; }
    [[nodiscard]] const Node* next_sibling() const { return over_ == 0 ? nullptr : this + over_; }

    std::string_view name;  // As written; of a text: empty.
    std::string_view local;
    std::string_view space;
    std::string_view value;  // Of a text.
    std::span<const Attribute> attributes;

private:
    friend class TreeBuilder;
    std::uint32_t up_ = 0;    // To the parent.
    std::uint32_t over_ = 0;  // To the next sibling.
    bool has_children_ = false;
    std::uint32_t first_attribute_ = 0;  // These two until the array of attributes stays where it is.
    std::uint32_t attribute_count_ = 0;
};

// What a prefix means at this element; the empty prefix is the default namespace, "" when there is none.
[[nodiscard]] std::optional<std::string_view> resolve(const Node& element, std::string_view prefix);

// The next node in document order below `top`, without recursion; null at the end.
[[nodiscard]] const Node* next_below(const Node* node, const Node* top);

// Refers to the text that it was made of.
struct Tree {
    std::vector<Node> nodes;
    std::vector<Attribute> attributes;
};

// Reads a whole document. The tree refers to `text`, in which references and line ends are decoded where they
// stand.
[[nodiscard]] Result<Tree> read_tree(std::string& text, const Limits& limits);
// The same of one element of a larger document, where the declarations `around` hold. They are the attributes
// of the tree's first node, the element is its second.
[[nodiscard]] Result<Tree> read_tree_within(std::string& text, const Limits& limits,
                                            std::span<const Attribute> around);

// Puts a tree together from what the scanner finds.
class TreeBuilder {
public:
    TreeBuilder(std::string& text, std::span<const Attribute> around);

    [[nodiscard]] Result<void> open(const Scanner& tag);
    void text(std::string_view value);
    void close();
    // In place.
    [[nodiscard]] std::string_view decode(std::string_view raw, ValueKind kind);
    [[nodiscard]] Tree take();

private:
    struct Open {
        std::size_t node;
        std::size_t last_child;  // 0: none yet.
    };
    Node& add();

    std::string& text_;
    Tree tree_;
    std::vector<Open> open_;
    Namespaces namespaces_;
};

// The only door between handles and nodes.
struct Access {
    static const Node* node(const Element& element) { return static_cast<const Node*>(element.node_); }
    static Element element(const Node* node) { return Element(node); }
};

}  // namespace mullion::xml
