// Bounded reading of XML with namespaces.
//
// Strict: refuses DOCTYPE, processing instructions, undeclared prefixes, duplicate attributes, more than one
// root, characters that XML 1.0 forbids, malformed UTF-8, and whatever is over its limits.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::xml {

struct Limits {
    std::size_t bytes = 4 * 1024 * 1024;  // Of the document as it came.
    unsigned depth = 64;                  // Nested elements.
    unsigned attributes = 64;     // Of one element, namespace declarations counted; four times as many
                                  // of an element and all around it together.
    std::size_t nodes = 100'000;  // Elements and texts in all.
};

// A handle on an element; valid as long as its Document. Copying is cheap. An empty handle has no name,
// no text, no children, so look-ups can be chained.
class Element {
public:
    Element() = default;
    explicit operator bool() const { return node_ != nullptr; }

    [[nodiscard]] std::string_view local() const;  // Name without its prefix.
    [[nodiscard]] std::string_view space() const;  // Namespace URI; empty when there is none.
    [[nodiscard]] bool is(std::string_view space, std::string_view local) const;

    // All character data below it joined, as sent (use trimmed() for values).
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string trimmed() const;
    // The same without a copy, when it is in one piece or none (long base64 is); nothing when comments, CDATA
    // sections or elements part it. Valid as long as the Document.
    [[nodiscard]] std::optional<std::string_view> text_view() const;
    [[nodiscard]] std::optional<std::string> attribute(std::string_view space, std::string_view local) const;

    [[nodiscard]] Element first(std::string_view space, std::string_view local) const;  // Child by name.
    [[nodiscard]] Element first() const;  // First child element.
    [[nodiscard]] Element next() const;   // The next element beside this one.
    [[nodiscard]] std::vector<Element> children() const;
    [[nodiscard]] std::vector<Element> children(std::string_view space, std::string_view local) const;
    // The namespace that a prefix means here ("s" of a QName in text, such as s:Sender). Without a prefix,
    // the default namespace, "" when there is none.
    [[nodiscard]] std::optional<std::string> namespace_of(std::string_view prefix) const;
    // The element as XML of its own, with the declarations that it needs.
    [[nodiscard]] std::string to_xml() const;

private:
    friend struct Access;
    explicit Element(const void* node) : node_(node) {}
    const void* node_ = nullptr;
};

class Document {
public:
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    // UTF-8 (with or without BOM) and UTF-16 of both orders, by BOM or by its first bytes.
    // Errors: wsman.malformed with what is wrong and the byte offset.
    [[nodiscard]] static Result<Document> parse(std::string bytes, const Limits& limits = {});
    [[nodiscard]] static Result<Document> parse(std::string_view bytes, const Limits& limits = {});
    [[nodiscard]] static Result<Document> parse(const char* bytes, const Limits& limits = {}) {
        return parse(std::string_view(bytes), limits);
    }

    [[nodiscard]] Element root() const;

private:
    struct State;
    explicit Document(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// One spelling for all documents of the same meaning: names with their namespace, attributes sorted, white
// space between elements dropped, prefixes inside QName texts not touched. One line for each element,
// indented, so that a diff of two shows where they part. For comparing in tests and logs; not XML.
[[nodiscard]] std::string canonical(const Element& element);

}  // namespace mullion::xml
