// From bytes to tokens: well-formed and within limits, or an error that says where not. Every reader of this
// room stands on it, so that what one refuses none takes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "xml/attribute.h"
#include "xml/document.h"

namespace mullion::xml {

// `start` of an element, its tag read to the ">"; <a/> is a start and an end.
enum class Token : std::uint8_t { start, end, text, cdata, finished, failed };

struct RawAttribute {
    QName name;
    std::string_view value;  // As it stands there.
    bool plain = false;      // Nothing in it is to be decoded.
};

// One pass over UTF-8 without a BOM, no recursion, no copy: views into `text`, which may change where it was
// read already, but must stay where it is. A Result for each token would cost as much as the token: after
// `failed`, which it stays at, error() has why.
class Scanner {
public:
    Scanner(std::string_view text, const Limits& limits);
    [[nodiscard]] Token next();
    // Right behind a start, for most elements: when one text or nothing comes, and then the end of the
    // element, all of that at once; piece() is the text. False when something else comes or something is
    // wrong: then nothing was read, and next() tells.
    [[nodiscard]] bool leaf();

    [[nodiscard]] const QName& name() const { return name_; }                               // Of a start.
    [[nodiscard]] std::span<const RawAttribute> attributes() const { return attributes_; }  // Of a start.
    [[nodiscard]] std::size_t began() const { return began_; }  // Where the tag of the last start stands.
    [[nodiscard]] std::string_view piece() const { return piece_; }  // Of text and CDATA, as it stands there.
    [[nodiscard]] bool plain() const { return plain_; }              // Nothing in the piece is to be decoded.
    [[nodiscard]] std::size_t at() const { return at_; }             // Behind the token.
    [[nodiscard]] std::size_t depth() const { return open_.size(); }  // A start's own counted, an end's not.
    [[nodiscard]] const Error& error() const { return *error_; }

private:
    struct Open {
        std::string_view name;
        std::size_t attributes;  // Of this element and all around it.
    };

    bool declaration();
    bool pseudo_attribute(std::string_view content, std::size_t& at, std::string_view name,
                          std::string_view& value);
    bool outside();
    Token character_data();
    bool references(std::size_t begin, std::size_t end);
    Token open_tag();
    Token opened(std::size_t around);
    bool attribute();
    Token close_tag();
    bool end_tag(std::size_t& at) const;
    bool comment();
    Token cdata();
    Token unknown_markup();
    Token end_of_document();
    bool name(QName& out);
    bool count_node();

    bool wrong_at(std::size_t offset, std::string_view what);
    bool wrong(std::string_view what) { return wrong_at(at_, what); }
    Token failed(std::string_view what) {
        wrong(what);
        return Token::failed;
    }
    [[nodiscard]] bool starts(std::string_view with) const { return text_.substr(at_).starts_with(with); }
    [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool skip_space();

    std::string_view text_;
    std::size_t at_ = 0;
    std::string_view piece_;
    QName name_;
    std::size_t began_ = 0;
    std::size_t nodes_ = 0;
    bool plain_ = false;
    bool root_seen_ = false;
    bool empty_element_ = false;  // The start was <a/>: its end comes next.
    std::vector<Open> open_;
    std::vector<RawAttribute> attributes_;
    Limits limits_;
    std::optional<Error> error_;
};

// How errors of this room read.
[[nodiscard]] Error malformed_at(std::size_t offset, std::string_view what);

// Attributes of an element and of all that enclose it together, in multiples of Limits::attributes. It bounds
// what a look-up of a prefix may cost.
inline constexpr unsigned enclosing_attributes_factor = 4;

}  // namespace mullion::xml
