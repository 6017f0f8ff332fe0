#include "xml/rewrite.h"

#include <algorithm>

#include "xml/characters.h"
#include "xml/escape.h"
#include "xml/tree.h"

namespace mullion::xml {
namespace {

bool holds_text(const Node* node) {
    for (const auto* child = node->first_child(); child != nullptr; child = child->next_sibling()) {
        if (child->is_text() && !is_blank(child->value)) return true;
    }
    return false;
}

bool holds_elements(const Node* node) {
    for (const auto* child = node->first_child(); child != nullptr; child = child->next_sibling()) {
        if (child->is_element()) return true;
    }
    return false;
}

void append_attribute_to(std::string& out, std::string_view name, std::string_view value) {
    out.append(" ").append(name).append("=\"");
    append_attribute(out, value);
    out += '"';
}

bool is_nil(const Attribute& attribute) {
    return attribute.space == xsi_namespace && attribute.local == "nil";
}

void open_tag(std::string& out, const Node* node, bool keep_nil = true) {
    out.append("<").append(node->name);
    for (const auto& attribute : node->attributes) {
        if (keep_nil || !is_nil(attribute)) append_attribute_to(out, attribute.name, attribute.value);
    }
}

void close_tag(std::string& out, const Node* node) {
    out.append("</").append(node->name).append(">");
}

void append_changed(std::string& out, const Node* node, const Change& change) {
    if (change.kind == Change::Kind::leave_out) return;
    open_tag(out, node, false);
    if (change.kind == Change::Kind::text) {
        out += '>';
        append_text(out, change.text);
        close_tag(out, node);
        return;
    }
    // A prefix that the element itself binds to something else cannot be bound twice.
    const auto bound = resolve(*node, "xsi");
    const std::string prefix = bound && !bound->empty() && *bound != xsi_namespace ? "nilxsi" : "xsi";
    if (!bound || *bound != xsi_namespace) append_attribute_to(out, "xmlns:" + prefix, xsi_namespace);
    append_attribute_to(out, prefix + ":nil", "true");
    out += "/>";
}

// Walks without recursion; enter() says whether the children are to be visited.
template <class Visitor>
void walk(const Node* top, Visitor& visitor) {
    const auto* node = top;
    for (;;) {
        if (visitor.enter(node)) {
            node = node->first_child();
            continue;
        }
        while (node != top && node->next_sibling() == nullptr) {
            node = node->parent();
            visitor.leave(node);
        }
        if (node == top) return;
        node = node->next_sibling();
    }
}

class Rewriter {
public:
    Rewriter(std::string& out, std::span<const Change> changes) : out_(out), changes_(changes) {}

    // True when its children are to be visited.
    bool enter(const Node* node) {
        if (node->is_text()) {
            append_text(out_, node->value);
            return false;
        }
        const auto change = std::find_if(changes_.begin(), changes_.end(), [node](const Change& candidate) {
            return Access::node(candidate.element) == node;
        });
        if (change != changes_.end()) {
            append_changed(out_, node, *change);
            return false;
        }
        open_tag(out_, node);
        out_ += node->first_child() != nullptr ? ">" : "/>";
        return node->first_child() != nullptr;
    }
    void leave(const Node* node) { close_tag(out_, node); }

private:
    std::string& out_;
    std::span<const Change> changes_;
};

class Indenter {
public:
    explicit Indenter(std::string& out) : out_(out) {}

    bool enter(const Node* node) {
        if (node->is_text()) return false;  // Blank: what is not was printed with its element.
        out_.append(depth_ * 4, ' ');
        if (holds_text(node)) {
            Rewriter verbatim(out_, {});
            walk(node, verbatim);
            out_ += '\n';
            return false;
        }
        open_tag(out_, node);
        const bool container = holds_elements(node);
        out_ += container ? ">\n" : "/>\n";
        if (container) ++depth_;
        return container;
    }
    void leave(const Node* node) {
        --depth_;
        out_.append(depth_ * 4, ' ');
        close_tag(out_, node);
        out_ += '\n';
    }

private:
    std::string& out_;
    std::size_t depth_ = 0;
};

}  // namespace

bool has_own_text(const Element& element) {
    const auto* node = Access::node(element);
    return node != nullptr && holds_text(node);
}

std::string rewritten(const Element& root, std::span<const Change> changes) {
    std::string out;
    if (const auto* top = Access::node(root)) {
        Rewriter rewriter(out, changes);
        walk(top, rewriter);
    }
    return out;
}

std::string indented(const Element& root) {
    std::string out;
    if (const auto* top = Access::node(root)) {
        Indenter indenter(out);
        walk(top, indenter);
    }
    return out;
}

std::vector<PlainAttribute> plain_attributes(const Element& element) {
    std::vector<PlainAttribute> found;
    if (!element) return found;
    for (const auto& attribute : Access::node(element)->attributes)
        if (attribute.space.empty() && !declared_prefix(attribute.name))
            found.push_back({attribute.local, attribute.value});
    return found;
}

}  // namespace mullion::xml
