#include <fmt/format.h>

#include <algorithm>

#include "encoding/utf8.h"
#include "xml/references.h"
#include "xml/scanner.h"
#include "xml/tree.h"

namespace mullion::xml {
namespace {

bool special_in_attribute(char c) {
    return c == '&' || c == '\r' || c == '\n' || c == '\t';
}

// Where the first character stands that decoding changes. XML 1.0 2.11 and 3.3.3. Attributes are short; texts
// may be long, and each search of theirs is one that the C library does many bytes at a time.
std::size_t first_special(std::string_view raw, TreeBuilder::Kind kind) {
    if (kind == TreeBuilder::Kind::attribute) {
        const auto* const found = std::find_if(raw.begin(), raw.end(), special_in_attribute);
        return found == raw.end() ? std::string_view::npos : static_cast<std::size_t>(found - raw.begin());
    }
    const auto line_end = raw.find('\r');
    return kind == TreeBuilder::Kind::cdata ? line_end : std::min(line_end, raw.find('&'));
}

}  // namespace

// About as much as an answer of a few kilobytes needs; vectors grow from there.
TreeBuilder::TreeBuilder(std::string& text) : text_(text) {
    tree_.nodes.reserve(std::min<std::size_t>(text.size() / 48 + 8, 64));
    tree_.attributes.reserve(16);
    open_.reserve(16);
    declarations_.reserve(16);
}

Error TreeBuilder::wrong(std::string_view what) const {
    return malformed_at(at_, what);
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

void TreeBuilder::open(const QName& name, std::size_t at) {
    at_ = at;
    auto& node = add();
    node.name = name.whole;
    node.local = name.local;
    node.first_attribute_ = static_cast<std::uint32_t>(tree_.attributes.size());
    open_.push_back({tree_.nodes.size() - 1, 0, declarations_.size()});
}

void TreeBuilder::attribute(const QName& name, std::string_view raw) {
    plain_attribute(name, decode(raw, Kind::attribute));
}

void TreeBuilder::plain_attribute(const QName& name, std::string_view value) {
    tree_.attributes.push_back({name.whole, name.local, {}, value});
}

// "Namespaces in XML 1.0" 2.2 and 3.
Result<void> TreeBuilder::declare(const Attribute& attribute, std::string_view prefix) {
    const auto uri = attribute.value;
    if (prefix == "xmlns") return wrong("the prefix xmlns may not be declared");
    if ((prefix == "xml") != (uri == xml_namespace)) return wrong("xml and its namespace belong together");
    if (uri == xmlns_namespace) return wrong("the namespace of xmlns may not be declared");
    if (!prefix.empty() && uri.empty()) return wrong("a prefix may not be undeclared");
    declarations_.push_back({prefix, uri});
    return {};
}

std::optional<std::string_view> TreeBuilder::find(std::string_view prefix) const {
    const auto found = std::find_if(declarations_.rbegin(), declarations_.rend(),
                                    [prefix](const Declaration& known) { return known.prefix == prefix; });
    if (found != declarations_.rend()) return found->uri;
    if (prefix == "xml") return xml_namespace;
    return std::nullopt;
}

Result<void> TreeBuilder::resolve_attribute(std::size_t index) {
    auto& attribute = tree_.attributes[index];
    if (const auto prefix = declared_prefix(attribute.name)) {
        attribute.space = xmlns_namespace;
        attribute.local = *prefix;
    } else {
        const auto own = prefix_of(attribute.name, attribute.local);
        const auto space = own.empty() ? std::string_view() : find(own);
        if (!space) return wrong(fmt::format("the prefix {} is not declared", own.substr(0, 80)));
        attribute.space = *space;
    }
    for (std::size_t i = tree_.nodes.back().first_attribute_; i < index; ++i) {
        const auto& other = tree_.attributes[i];
        if (other.local == attribute.local && other.space == attribute.space)
            return wrong(fmt::format("the attribute {} is given twice", attribute.local.substr(0, 80)));
    }
    return {};
}

Result<void> TreeBuilder::attributes_end() {
    auto& node = tree_.nodes.back();
    const std::size_t first = node.first_attribute_;
    const std::size_t end = tree_.attributes.size();
    node.attribute_count_ = static_cast<std::uint32_t>(end - first);
    for (std::size_t i = first; i < end; ++i) {
        const auto& attribute = tree_.attributes[i];
        if (const auto prefix = declared_prefix(attribute.name)) MULLION_TRY(declare(attribute, *prefix));
    }
    const auto own = prefix_of(node.name, node.local);
    const auto space = own == "xmlns" ? std::nullopt : find(own);
    if (!space && !own.empty()) return wrong(fmt::format("the prefix {} is not declared", own.substr(0, 80)));
    node.space = space.value_or(std::string_view());
    for (std::size_t i = first; i < end; ++i) MULLION_TRY(resolve_attribute(i));
    return {};
}

void TreeBuilder::text(std::string_view raw) {
    plain_text(decode(raw, Kind::text));
}

void TreeBuilder::plain_text(std::string_view value) {
    add().value = value;
}

void TreeBuilder::cdata(std::string_view raw) {
    plain_text(decode(raw, Kind::cdata));
}

void TreeBuilder::close() {
    declarations_.resize(open_.back().declarations);
    open_.pop_back();
}

// In place. Line ends become line feeds and, in attributes, every white space a blank; what a reference
// stands for stays as it is.
std::string_view TreeBuilder::decode(std::string_view raw, Kind kind) {
    const bool attribute = kind == Kind::attribute;
    std::size_t at = first_special(raw, kind);
    if (at == std::string_view::npos) return raw;
    char* const begin = text_.data() + (raw.data() - text_.data());
    char* out = begin + at;
    while (at < raw.size()) {
        const char c = raw[at];
        if (c == '&' && kind != Kind::cdata) {
            const auto end = raw.find(';', at);
            const auto code = referenced_character(raw.substr(at + 1, end - at - 1));
            std::string character;
            encoding::append_utf8(character, code);
            out = std::copy(character.begin(), character.end(), out);
            at = end + 1;
            continue;
        }
        const bool pair = c == '\r' && at + 1 < raw.size() && raw[at + 1] == '\n';
        const bool white = c == '\r' || (attribute && (c == '\n' || c == '\t'));
        *out++ = white ? (attribute ? ' ' : '\n') : c;
        at += pair ? 2 : 1;
    }
    return {begin, static_cast<std::size_t>(out - begin)};
}

Tree TreeBuilder::take() {
    for (auto& node : tree_.nodes)
        node.attributes = {tree_.attributes.data() + node.first_attribute_, node.attribute_count_};
    return std::move(tree_);
}

}  // namespace mullion::xml
