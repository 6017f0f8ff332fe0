#include "inventory/value_text.h"

#include <fmt/core.h>

#include "encoding/utf8.h"
#include "inventory/python_scalars.h"

namespace mullion::inventory {
namespace {

// Python's repr() of a string. What it takes for not printable is more than controls (unassigned characters
// among them): those are shown here as they are, and so are bytes that are no UTF-8, which Python has no form
// for.
void append_quoted(std::string& into, std::string_view text) {
    const bool doubles =
        text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
    const char quote = doubles ? '"' : '\'';
    into += quote;
    while (!text.empty()) {
        const auto next = encoding::decode_utf8(text);
        const char c = text.front();
        if (c == quote || c == '\\') {
            into += '\\';
            into += c;
        } else if (c == '\n' || c == '\r' || c == '\t') {
            into += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        } else if (next.valid &&
                   (next.code < 0x20 || (next.code >= 0x7f && next.code <= 0xa0) || next.code == 0xad)) {
            into += fmt::format("\\x{:02x}", static_cast<unsigned>(next.code));
        } else {
            into += text.substr(0, next.length);
        }
        text.remove_prefix(next.length);
    }
    into += quote;
}

void append(std::string& into, const Value& value, bool quoted);

struct Append {
    std::string& into;
    bool quoted;  // Inside of a list or map.

    void operator()(std::monostate) const {
        if (quoted) into += "None";
    }
    void operator()(bool flag) const { into += flag ? "True" : "False"; }
    void operator()(std::int64_t number) const { into += std::to_string(number); }
    void operator()(double number) const { into += float_text(number); }
    void operator()(const std::string& text) const {
        if (quoted) {
            append_quoted(into, text);
        } else {
            into += text;
        }
    }
    void operator()(const List& list) const {
        into += '[';
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i != 0) into += ", ";
            append(into, list[i], true);
        }
        into += ']';
    }
    void operator()(const Map& map) const {
        into += '{';
        for (std::size_t i = 0; i < map.size(); ++i) {
            if (i != 0) into += ", ";
            append_quoted(into, map[i].first);
            into += ": ";
            append(into, map[i].second, true);
        }
        into += '}';
    }
    void operator()(const Vaulted&) const { into += "(vaulted)"; }
};

void append(std::string& into, const Value& value, bool quoted) {
    std::visit(Append{into, quoted}, value.data);
}

}  // namespace

std::string value_text(const Value& value) {
    std::string text;
    append(text, value, false);
    return text;
}

std::string_view kind_of(const Value& value) {
    constexpr std::string_view kinds[] = {"nothing", "true or false", "a number", "a number",
                                          "a text",  "a list",        "a map",    "a vaulted text"};
    return kinds[value.data.index()];
}

}  // namespace mullion::inventory
