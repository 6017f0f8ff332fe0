#include "xml/writer.h"

#include <cassert>

#include "xml/characters.h"
#include "xml/escape.h"

namespace mullion::xml {

Writer::Writer(std::size_t reserve) {
    out_.reserve(reserve);
    open_.reserve(8);
}

void Writer::finish_tag() {
    if (in_tag_) out_ += '>';
    in_tag_ = false;
}

Writer& Writer::open(std::string_view name) {
    assert(is_qname(name));
    finish_tag();
    out_ += '<';
    open_.push_back({out_.size(), name.size()});
    out_ += name;
    in_tag_ = true;
    return *this;
}

Writer& Writer::declare(std::string_view prefix, std::string_view uri) {
    assert(in_tag_ && (prefix.empty() || (is_ncname(prefix) && !uri.empty())));
    out_ += prefix.empty() ? " xmlns" : " xmlns:";
    out_ += prefix;
    out_ += "=\"";
    append_attribute(out_, uri);
    out_ += '"';
    return *this;
}

Writer& Writer::attribute(std::string_view name, std::string_view value) {
    assert(in_tag_ && is_qname(name));
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    append_attribute(out_, value);
    out_ += '"';
    return *this;
}

Writer& Writer::text(std::string_view value) {
    if (value.empty()) return *this;
    finish_tag();
    append_text(out_, value);
    return *this;
}

Writer& Writer::plain(std::string_view value) {
    assert(value.find_first_of("<>&") == std::string_view::npos);
    return raw(value);
}

Writer& Writer::raw(std::string_view xml) {
    if (xml.empty()) return *this;
    finish_tag();
    out_ += xml;
    return *this;
}

Writer& Writer::close() {
    assert(!open_.empty());
    if (in_tag_) {
        out_ += "/>";
        in_tag_ = false;
    } else {
        const Open name = open_.back();
        out_ += "</";
        out_.append(out_, name.at, name.length);
        out_ += '>';
    }
    open_.pop_back();
    return *this;
}

Writer& Writer::go_on_from(const Writer& begun) {
    assert(out_.empty());
    out_ = begun.out_;
    open_ = begun.open_;
    in_tag_ = begun.in_tag_;
    return *this;
}

std::string Writer::take() {
    assert(open_.empty());
    return std::move(out_);
}

}  // namespace mullion::xml
