#include "xml/scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "xml/characters.h"
#include "xml/references.h"
#include "xml/runs.h"

namespace mullion::xml {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t short_value = 256;
constexpr std::size_t longest_shown = 80;  // Of a name in an error.

// The bytes decide between UTF-8 and UTF-16, whichever of them is named: stacks re-encode and leave the name.
bool is_known_encoding(std::string_view name) {
    constexpr std::array<std::string_view, 8> known{"",       "utf-8",    "utf8",     "us-ascii",
                                                    "utf-16", "utf-16le", "utf-16be", "unicode"};
    std::string lower(name.substr(0, longest_shown));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return std::find(known.begin(), known.end(), lower) != known.end();
}

// Where the first reference stands that means nothing; npos when there is none.
std::size_t unknown_reference(std::string_view within) {
    for (std::size_t at = within.find('&'); at != npos; at = within.find('&', at + 1)) {
        const auto semicolon = within.find(';', at);
        if (semicolon == npos || referenced_character(within.substr(at + 1, semicolon - at - 1)) == 0)
            return at;
    }
    return npos;
}

}  // namespace

Scanner::Scanner(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {
    open_.reserve(16);
    attributes_.reserve(16);
    if (const auto bad = find_forbidden(text_); bad != npos)
        wrong_at(bad, "not UTF-8, or a character that XML does not allow");
    else
        declaration();
}

bool Scanner::wrong_at(std::size_t offset, std::string_view what) {
    error_ = malformed_at(offset, what);
    return false;
}

bool Scanner::skip_space() {
    const std::size_t before = at_;
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ != before;
}

Token Scanner::next() {
    if (error_) return Token::failed;
    if (empty_element_) {
        empty_element_ = false;
        open_.pop_back();
        return Token::end;
    }
    while (at_ < text_.size()) {
        if (text_[at_] != '<') {
            if (!open_.empty()) return character_data();
            if (!outside()) return Token::failed;
            continue;
        }
        const char second = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
        if (second == '/') return close_tag();
        if (second != '!' && second != '?') return open_tag();
        if (starts("<![CDATA[")) return cdata();
        if (!starts("<!--")) return unknown_markup();
        if (!comment()) return Token::failed;
    }
    return end_of_document();
}

Token Scanner::end_of_document() {
    if (!open_.empty())
        return failed(fmt::format("the end comes inside <{}>", open_.back().name.substr(0, longest_shown)));
    if (!root_seen_) return failed("there is no element");
    return Token::finished;
}

Token Scanner::unknown_markup() {
    if (starts("<!DOCTYPE")) return failed("DOCTYPE is not accepted");
    if (starts("<?")) return failed("processing instructions are not accepted");
    return failed("unknown markup");
}

// <?xml version="1.0" encoding="…" standalone="…"?>, in that order; the last two may be missing.
bool Scanner::declaration() {
    if (!starts("<?xml") || text_.size() < 6 || !is_space(text_[5])) return true;
    const auto end = text_.find("?>", at_);
    if (end == npos) return wrong("the XML declaration has no end");
    const std::string_view content = text_.substr(5, end - 5);
    std::size_t at = 0;
    std::string_view version;
    std::string_view encoding;
    std::string_view standalone;
    if (!pseudo_attribute(content, at, "version", version) ||
        !pseudo_attribute(content, at, "encoding", encoding) ||
        !pseudo_attribute(content, at, "standalone", standalone))
        return false;
    if (!is_blank(content.substr(at)) || (version != "1.0" && version != "1.1"))
        return wrong("the XML declaration is not valid");
    if (!standalone.empty() && standalone != "yes" && standalone != "no")
        return wrong("the XML declaration is not valid");
    if (!is_known_encoding(encoding)) return wrong("the encoding is neither UTF-8 nor UTF-16");
    at_ = end + 2;
    return true;
}

// Leaves `value` empty when another name, or nothing, comes next.
bool Scanner::pseudo_attribute(std::string_view content, std::size_t& at, std::string_view name,
                               std::string_view& value) {
    std::size_t next = at;
    const auto skip = [&] {
        while (next < content.size() && is_space(content[next])) ++next;
    };
    skip();
    if (next == at || !content.substr(next).starts_with(name)) return true;
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
    return true;
}

// White space, before the root element and behind it.
bool Scanner::outside() {
    const auto end = std::min(text_.find('<', at_), text_.size());
    if (!is_blank(text_.substr(at_, end - at_)))
        return wrong(root_seen_ ? "text after the root element" : "text before the root element");
    at_ = end;
    return true;
}

// Text up to the next markup or the end of the document.
Token Scanner::character_data() {
    if (!count_node()) return Token::failed;
    const auto run = runs::text<encoding::Sixteen>(text_.substr(at_));
    piece_ = text_.substr(at_, run.length);
    plain_ = !run.reference && !run.line_end;
    if (run.reference && !references(at_, at_ + run.length)) return Token::failed;
    if (const auto found = run.angle ? piece_.find("]]>") : npos; found != npos) {
        wrong_at(at_ + found, "']]>' in text");
        return Token::failed;
    }
    at_ += run.length;
    return Token::text;
}

bool Scanner::leaf() {
    if (error_ || open_.empty()) return false;
    if (empty_element_) {
        empty_element_ = false;
        open_.pop_back();
        piece_ = {};
        plain_ = true;
        return true;
    }
    const auto run = runs::text<encoding::Sixteen>(text_.substr(at_));
    const bool fits = run.length == 0 || nodes_ < limits_.nodes;
    auto end = at_ + run.length;
    const auto piece = text_.substr(at_, run.length);
    if (!run.ended || !fits || !end_tag(end)) return false;
    // Rare enough to look at them twice.
    if (run.reference && unknown_reference(piece) != npos) return false;
    if (run.angle && piece.find("]]>") != npos) return false;
    nodes_ += run.length == 0 ? 0 : 1;
    piece_ = piece;
    plain_ = !run.reference && !run.line_end;
    at_ = end;
    open_.pop_back();
    return true;
}

bool Scanner::references(std::size_t begin, std::size_t end) {
    const auto bad = unknown_reference(text_.substr(begin, end - begin));
    return bad == npos ||
           wrong_at(begin + bad,
                    "a reference to an unknown entity or to a character that XML does not allow");
}

bool Scanner::name(QName& out) {
    const auto run = name_run(text_.substr(at_));
    if (!run.valid) return wrong("a name is not valid");
    out.whole = text_.substr(at_, run.length);
    out.local = out.whole.substr(run.local);
    at_ += run.length;
    return true;
}

bool Scanner::count_node() {
    if (++nodes_ > limits_.nodes) return wrong(fmt::format("more than {} elements and texts", limits_.nodes));
    return true;
}

Token Scanner::open_tag() {
    if (open_.empty() && root_seen_) return failed("a second root element");
    if (open_.size() >= limits_.depth)
        return failed(fmt::format("more than {} nested elements", limits_.depth));
    if (!count_node()) return Token::failed;
    root_seen_ = true;
    began_ = at_++;
    if (!name(name_)) return Token::failed;
    attributes_.clear();
    const std::size_t around = open_.empty() ? 0 : open_.back().attributes;
    for (;;) {
        if (here() == '>') {
            ++at_;
            return opened(around);
        }
        const bool parted = skip_space();
        if (here() == '>') continue;
        if (starts("/>")) {
            at_ += 2;
            empty_element_ = true;
            return opened(around);
        }
        if (!parted) return failed("a tag is not valid");
        if (attributes_.size() == limits_.attributes)
            return failed(fmt::format("more than {} attributes", limits_.attributes));
        if (around + attributes_.size() >= std::size_t{limits_.attributes} * enclosing_attributes_factor)
            return failed("too many attributes on nested elements");
        if (!attribute()) return Token::failed;
    }
}

Token Scanner::opened(std::size_t around) {
    open_.push_back({name_.whole, around + attributes_.size()});
    return Token::start;
}

bool Scanner::attribute() {
    RawAttribute found;
    if (!name(found.name)) return false;
    skip_space();
    if (here() != '=') return wrong("an attribute without a value");
    ++at_;
    skip_space();
    const char quote = here();
    if (quote != '"' && quote != '\'') return wrong("an attribute's value without quotes");
    ++at_;
    // Nothing that is plain ends a value in double quotes.
    const auto front = text_.substr(at_, short_value);
    const auto run = plain_run(front);
    found.plain = quote == '"' && run < front.size() && front[run] == quote;
    const auto end = found.plain ? at_ + run : text_.find(quote, at_);
    if (end == npos) return wrong("an attribute's value has no end");
    found.value = text_.substr(at_, end - at_);
    if (!found.plain) {
        if (const auto angle = found.value.find('<'); angle != npos)
            return wrong_at(at_ + angle, "'<' in an attribute's value");
        if (!references(at_, end)) return false;
    }
    attributes_.push_back(found);
    at_ = end + 1;
    return true;
}

// Whether at a "<" the end tag of the open element stands, without white space as nearly all are; `at` is
// then set behind it.
bool Scanner::end_tag(std::size_t& at) const {
    const auto& expected = open_.back().name;
    const auto rest = text_.substr(at);
    const auto end = expected.size() + 2;
    if (rest.size() <= end || rest[end] != '>' || rest[1] != '/' ||
        rest.substr(2, expected.size()) != expected)
        return false;
    at += end + 1;
    return true;
}

Token Scanner::close_tag() {
    if (open_.empty()) return failed("an end tag without its element");
    if (end_tag(at_)) {
        open_.pop_back();
        return Token::end;
    }
    at_ += 2;
    const auto& expected = open_.back().name;
    if (!starts(expected))
        return failed(fmt::format("the end tag is not that of <{}>", expected.substr(0, longest_shown)));
    at_ += expected.size();
    skip_space();
    if (here() != '>') return failed("an end tag is not valid");
    ++at_;
    open_.pop_back();
    return Token::end;
}

bool Scanner::comment() {
    const auto end = text_.find("--", at_ + 4);
    if (end == npos) return wrong("a comment has no end");
    if (!text_.substr(end).starts_with("-->")) return wrong_at(end, "'--' in a comment");
    at_ = end + 3;
    return true;
}

Token Scanner::cdata() {
    if (open_.empty()) return failed("text outside of the root element");
    if (!count_node()) return Token::failed;
    const auto end = text_.find("]]>", at_ + 9);
    if (end == npos) return failed("a CDATA section has no end");
    piece_ = text_.substr(at_ + 9, end - at_ - 9);
    plain_ = false;
    at_ = end + 3;
    return Token::cdata;
}

Error malformed_at(std::size_t offset, std::string_view what) {
    return {ErrorId::wsman_malformed, fmt::format("XML at byte {}: {}", offset, what)};
}

}  // namespace mullion::xml
