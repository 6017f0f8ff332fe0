#include "winrm/property_bag.h"

#include "encoding/utf16.h"
#include "winrm/letters.h"
#include "winrm/refuse.h"

namespace mullion::winrm {
namespace {

constexpr std::size_t most_properties = 1000;

// A copy in clear that does not outlive its use.
class Unescaped {
public:
    explicit Unescaped(std::string_view text) {
        text_.reserve(text.size());  // Once: a string that grows leaves its old bytes behind.
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text.substr(at, 2) == "\\\"") ++at;
            text_ += text[at];
        }
    }
    Unescaped(const Unescaped&) = delete;
    Unescaped& operator=(const Unescaped&) = delete;
    ~Unescaped() { wipe(text_); }
    [[nodiscard]] std::string_view text() const { return text_; }

private:
    std::string text_;
};

Error wrong_syntax() {
    auto error = refuse("Syntax Error: input must be of the form {KEY=\"VALUE\"[;KEY=\"VALUE\"]}");
    error.advice.push_back("Quote all of it for the shell: '@{KEY=\"VALUE\"}'.");
    return error;
}

struct Item {
    std::string_view name;
    std::optional<std::string_view> value;
};

class Reader {
public:
    explicit Reader(std::string_view rest) : rest_(rest) {}

    Result<std::vector<Item>> all() {
        std::vector<Item> items;
        for (;;) {
            auto item = next();
            if (!item || items.size() == most_properties) return wrong_syntax();
            for (const auto& other : items) {
                if (other.name != item->name) continue;
                return refuse_with_error("Multiple matching parameter names not allowedin @{...}: " +
                                         std::string(item->name));  // Misspelt there, too.
            }
            items.push_back(*item);
            if (rest_.empty()) return items;
            if (!take(';')) return wrong_syntax();
        }
    }

private:
    void skip_blanks() {
        while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    }
    static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view take_name() {
        std::size_t length = 0;
        const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == ':'; };
        while (length < rest_.size() && fits(rest_[length])) ++length;
        const auto name = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return name;
    }

    // Up to the quote that ends it.
    std::optional<std::string_view> take_quoted() {
        const auto end = rest_.find('"');
        if (end == std::string_view::npos) return std::nullopt;
        const auto value = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return value;
    }

    // What a shell left of a value in quotes.
    std::string_view take_bare() {
        auto value = rest_.substr(0, rest_.find_first_of(";{}\""));
        rest_.remove_prefix(value.size());
        while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
        return value;
    }

    std::optional<Item> next() {
        skip_blanks();
        Item item{take_name(), std::nullopt};
        skip_blanks();
        if (item.name.empty() || !take('=')) return std::nullopt;
        skip_blanks();
        if (take('"')) {
            item.value = take_quoted();
            if (!item.value) return std::nullopt;
        } else {
            const auto bare = take_bare();
            if (bare.empty()) return std::nullopt;
            if (!same_letters(bare, "$null")) item.value = bare;
        }
        skip_blanks();
        return item;
    }

    std::string_view rest_;
};

// Views are of `text`.
Result<std::vector<Item>> items_of(std::string_view text) {
    if (!encoding::is_utf8(text)) return wrong_syntax();
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') return wrong_syntax();
    if (text == "{}") return std::vector<Item>();
    return Reader(text.substr(1, text.size() - 2)).all();
}

}  // namespace

Result<std::vector<Property>> parse_property_bag(std::string_view text) {
    const Unescaped unescaped(text);
    MULLION_ASSIGN(const auto items, items_of(unescaped.text()));
    std::vector<Property> bag;
    for (const auto& item : items) {
        Property property{std::string(item.name), std::nullopt};
        if (item.value) property.value.emplace(*item.value);
        bag.push_back(std::move(property));
    }
    return bag;
}

Result<std::vector<PlainProperty>> parse_plain_bag(std::string_view text) {
    const Unescaped unescaped(text);
    MULLION_ASSIGN(const auto items, items_of(unescaped.text()));
    std::vector<PlainProperty> bag;
    for (const auto& item : items) {
        PlainProperty property{std::string(item.name), std::nullopt};
        if (item.value) property.value.emplace(*item.value);
        bag.push_back(std::move(property));
    }
    return bag;
}

}  // namespace mullion::winrm
