// -e of the command line: KEY=VALUE pairs, @FILE, or YAML in braces.
#include <array>
#include <cstdint>

#include <fmt/core.h>

#include "encoding/utf8.h"
#include "inventory/loader.h"
#include "inventory/readers.h"

namespace mullion::inventory {
namespace {

Error wrong(std::string_view given, std::string_view why) {
    return {ErrorId::usage_invalid, fmt::format("-e {}: {}", given.substr(0, given.find('=')), why)};
}

unsigned count(std::string_view text, std::string_view what) {
    unsigned found = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
        ++found;
    return found;
}

// Words with blanks between, of which those in quotes or in a template's braces are none.
class Words {
public:
    // Nothing where a quote or brace is left open.
    std::optional<std::vector<std::string>> split(std::string_view text) {
        std::string word;
        std::string_view blanks;
        while (!text.empty()) {
            const auto size = std::min(text.find_first_of(" \t\r\n"), text.size());
            const bool inside = quote_ != '\0' || depth_ > 0;
            if (inside) {
                word += std::string(blanks);
            } else if (!word.empty()) {
                words_.push_back(std::exchange(word, {}));
            }
            take(text.substr(0, size));
            word += text.substr(0, size);
            text.remove_prefix(size);
            blanks = text.substr(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
            text.remove_prefix(blanks.size());
        }
        if (!word.empty()) words_.push_back(std::move(word));
        if (quote_ != '\0' || depth_ > 0) return std::nullopt;
        return std::move(words_);
    }

private:
    void take(std::string_view part) {
        char before = '\0';
        for (const char c : part) {
            if ((c == '"' || c == '\'') && before != '\\') {
                if (quote_ == '\0') {
                    quote_ = c;
                } else if (quote_ == c) {
                    quote_ = '\0';
                }
            }
            before = c;
        }
        for (const auto& [open, close] :
             {std::pair("{{", "}}"), std::pair("{%", "%}"), std::pair("{#", "#}")}) {
            const unsigned opened = count(part, open), closed = count(part, close);
            depth_ = depth_ + opened > closed ? depth_ + opened - closed : 0;
        }
    }

    std::vector<std::string> words_;
    char quote_ = '\0';
    unsigned depth_ = 0;
};

// \n, \t, \\, \", \x41, \u00e4, \U0001F600 as Python has them; other backslashes stay.
std::string without_escapes(std::string_view text) {
    constexpr std::string_view from = "\\'\"abfnrtv", to = "\\'\"\a\b\f\n\r\t\v";
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            out += text[at];
            continue;
        }
        const char c = text[at + 1];
        const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        const auto hex = text.substr(at + 2, digits);
        const bool all_hex = hex.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
        if (digits != 0 && hex.size() == digits && all_hex) {
            const auto code = static_cast<char32_t>(std::stoul(std::string(hex), nullptr, 16));
            const bool surrogate = code >= 0xD800 && code < 0xE000;
            encoding::append_utf8(out, surrogate || code > 0x10FFFF ? U'\uFFFD' : code);
            at += digits + 1;
        } else if (const auto simple = from.find(c); simple != std::string_view::npos) {
            out += to[simple];
            ++at;
        } else {
            out += '\\';
        }
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view without_quotes(std::string_view text) {
    const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
                        text.front() == text.back() && text[text.size() - 2] != '\\';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

// The first "=" that no backslash precedes; not the first character.
std::size_t equals(std::string_view word) {
    auto at = word.find('=', 1);
    while (at != std::string_view::npos && word[at - 1] == '\\') at = word.find('=', at + 1);
    return at;
}

Result<void> add_pairs(Model& model, std::uint32_t file, std::string_view given, Variables& into) {
    const auto words = Words().split(given);
    if (!words) return wrong(given, "a quote or brace is not closed");
    for (const auto& written : *words) {
        const std::string word = without_escapes(written);
        const auto at = equals(word);
        if (at == std::string::npos)
            return wrong(given, fmt::format("KEY=VALUE is wanted, and here is {}", written));
        const std::string_view name = trimmed(std::string_view(word).substr(0, at));
        const std::string_view value = without_quotes(trimmed(std::string_view(word).substr(at + 1)));
        assign(into, model.name(name), Value{std::string(value), {file, 0}});
    }
    return {};
}

}  // namespace

Result<Variables> load_extra_variables(Model& model, const Vault& vault,
                                       const std::vector<std::string>& given) {
    Variables out;
    const std::uint32_t file = model.add_file("-e");
    for (const auto& text : given) {
        if (text.empty()) continue;
        if (text[0] == '/' || text[0] == '.') return wrong(text, fmt::format("a file is given as @{}", text));
        if (text[0] != '@' && text[0] != '{' && text[0] != '[') {
            MULLION_TRY(add_pairs(model, file, text, out));
            continue;
        }
        if (text[0] == '[') return wrong("[…]", "a list is no set of variables");
        auto variables =
            text[0] == '@' ? load_variables(model, vault, text.substr(1)) : read_variables(model, file, text);
        if (!variables.ok()) return std::move(variables).error();
        for (auto& variable : *variables) assign(out, variable.name, std::move(variable.value));
    }
    return out;
}

}  // namespace mullion::inventory
