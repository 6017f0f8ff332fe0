// The tree of a document that was read, names resolved. Only this room's sources include it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "xml/document.h"

namespace mullion::xml {

inline constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

struct QName {
    std::string_view whole;  // As written: "prefix:local", or the local part alone.
    std::string_view local;
};
[[nodiscard]] std::string_view prefix_of(std::string_view whole, std::string_view local);

struct Attribute {
    std::string_view name;   // As written.
    std::string_view local;  // Of a declaration: the prefix that it declares.
    std::string_view space;  // Attributes without a prefix are in none.
    std::string_view value;
};

// The prefix that an attribute declares: "" for xmlns itself; nothing when it is no declaration.
[[nodiscard]] std::optional<std::string_view> declared_prefix(std::string_view attribute_name);

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

// Puts a tree together from what the scanner finds, and checks "Namespaces in XML 1.0": every prefix
// declared, no attribute twice by its expanded name, reserved names kept. Values are decoded where they
// stand: they only get shorter.
class TreeBuilder {
public:
    enum class Kind { text, cdata, attribute };

    explicit TreeBuilder(std::string& text);

    void open(const QName& name, std::size_t at);
    void attribute(const QName& name, std::string_view raw);
    void plain_attribute(const QName& name, std::string_view value);  // Nothing in it is to be decoded.
    [[nodiscard]] Result<void> attributes_end();
    void text(std::string_view raw);
    void plain_text(std::string_view value);
    void cdata(std::string_view raw);
    void close();
    [[nodiscard]] Tree take();

private:
    struct Declaration {
        std::string_view prefix;
        std::string_view uri;
    };
    struct Open {
        std::size_t node;
        std::size_t last_child;    // 0: none yet.
        std::size_t declarations;  // How many there were around it.
    };
    Node& add();
    [[nodiscard]] std::string_view decode(std::string_view raw, Kind kind);
    [[nodiscard]] std::optional<std::string_view> find(std::string_view prefix) const;
    [[nodiscard]] Result<void> declare(const Attribute& attribute, std::string_view prefix);
    [[nodiscard]] Result<void> resolve_attribute(std::size_t index);
    [[nodiscard]] Error wrong(std::string_view what) const;

    std::string& text_;
    Tree tree_;
    std::vector<Open> open_;
    std::vector<Declaration> declarations_;  // In scope, innermost last.
    std::size_t at_ = 0;                     // Where the element that was opened last begins.
};

// The only door between handles and nodes.
struct Access {
    static const Node* node(const Element& element) { return static_cast<const Node*>(element.node_); }
    static Element element(const Node* node) { return Element(node); }
};

}  // namespace mullion::xml
