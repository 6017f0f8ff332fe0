// Trees back to text: to_xml() for other readers, canonical() for comparing.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "xml/characters.h"
#include "xml/document.h"
#include "xml/escape.h"
#include "xml/tree.h"

namespace mullion::xml {
namespace {

// What stands before the colon of a name as it is written.
std::string_view written_prefix(std::string_view name) {
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

// Prefixes that names below `top` use, and those that values may use ("xs:string" of an xsi:type,
// "s:Sender").
std::set<std::string_view> used_prefixes(const Node* top) {
    std::set<std::string_view> used;
    const auto add = [&used](std::string_view text) {
        const auto prefix = written_prefix(text);
        if (prefix.size() <= 64) used.insert(prefix);
    };
    const auto add_value = [&](std::string_view text) {
        while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
        add(text.substr(0, 65));
    };
    for (const auto* node = top; node != nullptr; node = next_below(node, top)) {
        if (node->is_text()) add_value(node->value);
        if (!node->is_element()) continue;
        used.insert(written_prefix(node->name));
        for (const auto& attribute : node->attributes) {
            used.insert(written_prefix(attribute.name));
            add_value(attribute.value);
        }
    }
    return used;
}

// Declarations made around `top` that hold in it: the innermost of each prefix.
std::map<std::string_view, std::string_view> inherited(const Node* top) {
    std::map<std::string_view, std::string_view> found;
    for (const auto* node = top; node != nullptr; node = node->parent()) {
        for (const auto& attribute : node->attributes) {
            if (const auto prefix = declared_prefix(attribute.name)) {
                // What `top` declares itself is noted too, so that an outer one does not take its place.
                found.emplace(*prefix, node == top ? std::string_view() : attribute.value);
            }
        }
    }
    std::erase_if(found, [](const auto& entry) { return entry.second.empty(); });
    return found;
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
    out.append(" ").append(name).append("=\"");
    xml::append_attribute(out, value);
    out += '"';
}

void open_tag(std::string& out, const Node* node) {
    out.append("<").append(node->name);
    for (const auto& attribute : node->attributes) append_attribute(out, attribute.name, attribute.value);
}

}  // namespace

std::string Element::to_xml() const {
    const auto* top = Access::node(*this);
    std::string out;
    if (top == nullptr) return out;
    const auto* node = top;
    for (;;) {
        if (node->is_element()) {
            open_tag(out, node);
            if (node == top) {
                const auto used = used_prefixes(top);
                for (const auto& [prefix, uri] : inherited(top)) {
                    if (!used.contains(prefix)) continue;
                    append_attribute(out, prefix.empty() ? "xmlns" : "xmlns:" + std::string(prefix), uri);
                }
            }
            out += node->first_child() != nullptr ? ">" : "/>";
            if (const auto* child = node->first_child()) {
                node = child;
                continue;
            }
        } else {
            append_text(out, node->value);
        }
        while (node != top && node->next_sibling() == nullptr) {
            node = node->parent();
            out.append("</").append(node->name).append(">");
        }
        if (node == top) return out;
        node = node->next_sibling();
    }
}

namespace {

void append_expanded(std::string& out, std::string_view space, std::string_view local) {
    if (!space.empty()) out.append("{").append(space).append("}");
    out.append(local);
}

void append_quoted(std::string& out, std::string_view value) {
    out += '"';
    xml::append_attribute(out, value);  // Also line ends, so that a line is an element.
    out += '"';
}

void append_element_line(std::string& out, const Node* node) {
    append_expanded(out, node->space, node->local);
    std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> attributes;
    for (const auto& attribute : node->attributes) {
        if (declared_prefix(attribute.name)) continue;
        attributes.emplace_back(attribute.space, attribute.local, attribute.value);
    }
    std::sort(attributes.begin(), attributes.end());
    for (const auto& [space, local, value] : attributes) {
        out += " @";
        append_expanded(out, space, local);
        out += '=';
        append_quoted(out, value);
    }
}

bool has_elements(const Node* node) {
    for (const auto* child = node->first_child(); child != nullptr; child = child->next_sibling()) {
        if (child->is_element()) return true;
    }
    return false;
}

// Walks one level after the other without recursion; texts side by side are one text.
class Canonical {
public:
    std::string print(const Node* top);

private:
    void end_text(const Node* parent) {
        if (!text_.empty() && !(is_blank(text_) && has_elements(parent))) {
            out_ += has_elements(parent) ? "\n" + std::string(depth_ * 2, ' ') : " ";
            append_quoted(out_, text_);
        }
        text_.clear();
    }

    std::string out_;
    std::string text_;
    std::size_t depth_ = 0;
};

std::string Canonical::print(const Node* top) {
    const auto* node = top;
    for (;;) {
        if (node->is_element()) {
            if (node != top) {
                end_text(node->parent());
                out_.append("\n").append(depth_ * 2, ' ');
            }
            append_element_line(out_, node);
            if (const auto* child = node->first_child()) {
                node = child;
                ++depth_;
                continue;
            }
        } else {
            text_ += node->value;
        }
        while (node != top && node->next_sibling() == nullptr) {
            node = node->parent();
            end_text(node);
            --depth_;
        }
        if (node == top) return std::move(out_);
        node = node->next_sibling();
    }
}

}  // namespace

std::string canonical(const Element& element) {
    const auto* top = Access::node(element);
    return top != nullptr ? Canonical().print(top) : std::string();
}

}  // namespace mullion::xml
