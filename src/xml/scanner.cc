#include "xml/scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "xml/characters.h"
#include "xml/references.h"

namespace mullion::xml {
namespace {

constexpr auto npos = std::string_view::npos;
// A longer text is searched for each thing that it may hold by itself: the C library looks at many bytes at a
// time.
constexpr std::size_t short_text = 256;

class Scanner {
public:
    Scanner(std::string& text, const Limits& limits) : text_(text), limits_(limits), tree_(text) {
        open_.reserve(16);
    }
    Result<Tree> run();

private:
    struct Open {
        std::string_view name;
        std::size_t attributes;  // Of this element and all around it.
    };

    Result<void> declaration();
    Result<void> pseudo_attribute(std::string_view content, std::size_t& at, std::string_view name,
                                  std::string& value);
    Result<void> character_data(std::size_t end);
    Result<void> references(std::size_t begin, std::size_t end);
    Result<void> markup();
    Result<void> open_tag();
    Result<void> attribute();
    Result<void> close_tag();
    Result<void> comment();
    Result<void> cdata();
    Result<void> name(QName& out);
    Result<void> count_node();

    [[nodiscard]] Error wrong(std::string_view what) const { return malformed_at(at_, what); }
    [[nodiscard]] bool starts(std::string_view with) const { return text_.substr(at_).starts_with(with); }
    [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool skip_space() {
        const std::size_t before = at_;
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
        return at_ != before;
    }

    std::string_view text_;
    const Limits& limits_;
    TreeBuilder tree_;
    std::size_t at_ = 0;
    std::vector<Open> open_;
    std::size_t nodes_ = 0;
    bool root_seen_ = false;
};

Result<Tree> Scanner::run() {
    if (const auto bad = find_forbidden(text_); bad != npos) {
        return malformed_at(bad, "not UTF-8, or a character that XML does not allow");
    }
    MULLION_TRY(declaration());
    while (at_ < text_.size()) {
        MULLION_TRY(character_data(std::min(text_.find('<', at_), text_.size())));
        if (at_ < text_.size()) MULLION_TRY(markup());
    }
    if (!open_.empty())
        return wrong(fmt::format("the end comes inside <{}>", open_.back().name.substr(0, 80)));
    if (!root_seen_) return wrong("there is no element");
    return tree_.take();
}

// <?xml version="1.0" encoding="…" standalone="…"?>, in that order; the last two may be missing.
Result<void> Scanner::declaration() {
    if (!starts("<?xml") || text_.size() < 6 || !is_space(text_[5])) return {};
    const auto end = text_.find("?>", at_);
    if (end == npos) return wrong("the XML declaration has no end");
    const std::string_view content = text_.substr(5, end - 5);
    std::size_t at = 0;
    std::string version;
    std::string encoding;
    std::string standalone;
    MULLION_TRY(pseudo_attribute(content, at, "version", version));
    MULLION_TRY(pseudo_attribute(content, at, "encoding", encoding));
    MULLION_TRY(pseudo_attribute(content, at, "standalone", standalone));
    if (!is_blank(content.substr(at)) || (version != "1.0" && version != "1.1"))
        return wrong("the XML declaration is not valid");
    if (!standalone.empty() && standalone != "yes" && standalone != "no")
        return wrong("the XML declaration is not valid");
    // The bytes decide between UTF-8 and UTF-16, whichever of them is named: stacks re-encode and leave the
    // name.
    std::transform(encoding.begin(), encoding.end(), encoding.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const std::string_view known :
         {"", "utf-8", "utf8", "us-ascii", "utf-16", "utf-16le", "utf-16be", "unicode"}) {
        if (encoding != known) continue;
        at_ = end + 2;
        return {};
    }
    return wrong("the encoding is neither UTF-8 nor UTF-16");
}

// Leaves `value` empty when another name, or nothing, comes next.
Result<void> Scanner::pseudo_attribute(std::string_view content, std::size_t& at, std::string_view name,
                                       std::string& value) {
    std::size_t next = at;
    const auto skip = [&] {
        while (next < content.size() && is_space(content[next])) ++next;
    };
    skip();
    if (next == at || !content.substr(next).starts_with(name)) return {};
    next += name.size();
    skip();
    if (next == content.size() || content[next] != '=') return wrong("the XML declaration is not valid");
    ++next;
    skip();
    const char quote = next < content.size() ? content[next] : '\0';
    const auto end = quote == '"' || quote == '\'' ? content.find(quote, next + 1) : npos;
    if (end == npos || end == next + 1) return wrong("the XML declaration is not valid");
    value = content.substr(next + 1, end - next - 1);
    at = end + 1;
    return {};
}

// Text up to `end`, where markup or the end of the document is.
Result<void> Scanner::character_data(std::size_t end) {
    if (end == at_) return {};
    const std::string_view piece = text_.substr(at_, end - at_);
    if (open_.empty()) {
        if (!is_blank(piece))
            return wrong(root_seen_ ? "text after the root element" : "text before the root element");
    } else {
        MULLION_TRY(count_node());
        if (piece.size() <= short_text && is_plain(piece)) {
            tree_.plain_text(piece);
        } else {
            MULLION_TRY(references(at_, end));
            if (const auto found = piece.find("]]>"); found != npos)
                return malformed_at(at_ + found, "']]>' in text");
            tree_.text(piece);
        }
    }
    at_ = end;
    return {};
}

Result<void> Scanner::references(std::size_t begin, std::size_t end) {
    const std::string_view within = text_.substr(0, end);
    for (std::size_t at = within.find('&', begin); at != npos; at = within.find('&', at + 1)) {
        const auto semicolon = within.find(';', at);
        if (semicolon == npos || referenced_character(within.substr(at + 1, semicolon - at - 1)) == 0) {
            return malformed_at(at,
                                "a reference to an unknown entity or to a character that XML does not allow");
        }
    }
    return {};
}

Result<void> Scanner::markup() {
    const char second = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (second == '/') return close_tag();
    if (second != '!' && second != '?') return open_tag();
    if (starts("<!--")) return comment();
    if (starts("<![CDATA[")) return cdata();
    if (starts("<!DOCTYPE")) return wrong("DOCTYPE is not accepted");
    if (second == '?') return wrong("processing instructions are not accepted");
    return wrong("unknown markup");
}

Result<void> Scanner::name(QName& out) {
    const auto run = name_run(text_.substr(at_));
    if (!run.valid) return wrong("a name is not valid");
    out.whole = text_.substr(at_, run.length);
    out.local = out.whole.substr(run.local);
    at_ += run.length;
    return {};
}

Result<void> Scanner::count_node() {
    if (++nodes_ > limits_.nodes) return wrong(fmt::format("more than {} elements and texts", limits_.nodes));
    return {};
}

Result<void> Scanner::open_tag() {
    if (open_.empty() && root_seen_) return wrong("a second root element");
    if (open_.size() >= limits_.depth)
        return wrong(fmt::format("more than {} nested elements", limits_.depth));
    MULLION_TRY(count_node());
    root_seen_ = true;
    const std::size_t began = at_++;
    QName element;
    MULLION_TRY(name(element));
    tree_.open(element, began);

    const std::size_t around = open_.empty() ? 0 : open_.back().attributes;
    std::size_t count = 0;
    for (;;) {
        const bool parted = skip_space();
        if (here() == '>') {
            ++at_;
            open_.push_back({element.whole, around + count});
            return tree_.attributes_end();
        }
        if (starts("/>")) {
            at_ += 2;
            MULLION_TRY(tree_.attributes_end());
            tree_.close();
            return {};
        }
        if (!parted) return wrong("a tag is not valid");
        if (++count > limits_.attributes)
            return wrong(fmt::format("more than {} attributes", limits_.attributes));
        if (around + count > std::size_t{limits_.attributes} * enclosing_attributes_factor) {
            return wrong("too many attributes on nested elements");
        }
        MULLION_TRY(attribute());
    }
}

Result<void> Scanner::attribute() {
    QName attribute_name;
    MULLION_TRY(name(attribute_name));
    skip_space();
    if (here() != '=') return wrong("an attribute without a value");
    ++at_;
    skip_space();
    const char quote = here();
    if (quote != '"' && quote != '\'') return wrong("an attribute's value without quotes");
    ++at_;
    const auto end = text_.find(quote, at_);
    if (end == npos) return wrong("an attribute's value has no end");
    const auto value = text_.substr(at_, end - at_);
    if (is_plain(value)) {
        tree_.plain_attribute(attribute_name, value);
    } else {
        if (const auto found = value.find('<'); found != npos)
            return malformed_at(at_ + found, "'<' in an attribute's value");
        MULLION_TRY(references(at_, end));
        tree_.attribute(attribute_name, value);
    }
    at_ = end + 1;
    return {};
}

Result<void> Scanner::close_tag() {
    if (open_.empty()) return wrong("an end tag without its element");
    at_ += 2;
    if (!starts(open_.back().name))
        return wrong(fmt::format("the end tag is not that of <{}>", open_.back().name.substr(0, 80)));
    at_ += open_.back().name.size();
    skip_space();
    if (here() != '>') return wrong("an end tag is not valid");
    ++at_;
    open_.pop_back();
    tree_.close();
    return {};
}

Result<void> Scanner::comment() {
    const auto end = text_.find("--", at_ + 4);
    if (end == npos) return wrong("a comment has no end");
    if (!text_.substr(end).starts_with("-->")) return malformed_at(end, "'--' in a comment");
    at_ = end + 3;
    return {};
}

Result<void> Scanner::cdata() {
    if (open_.empty()) return wrong("text outside of the root element");
    MULLION_TRY(count_node());
    const auto end = text_.find("]]>", at_ + 9);
    if (end == npos) return wrong("a CDATA section has no end");
    tree_.cdata(text_.substr(at_ + 9, end - at_ - 9));
    at_ = end + 3;
    return {};
}

}  // namespace

Result<Tree> read_tree(std::string& text, const Limits& limits) {
    return Scanner(text, limits).run();
}

Error malformed_at(std::size_t offset, std::string_view what) {
    return {ErrorId::wsman_malformed, fmt::format("XML at byte {}: {}", offset, what)};
}

}  // namespace mullion::xml
