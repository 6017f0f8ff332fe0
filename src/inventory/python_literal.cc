// Values of INI inventories: Python's literals where they are some, and text otherwise. The Python Language
// Reference, 2.4 (literals) and 6.2 (displays).
#include <algorithm>
#include <optional>

#include "inventory/python_scalars.h"
#include "inventory/readers.h"

namespace mullion::inventory {
namespace {

constexpr unsigned deepest = 200;  // As many open brackets as Python takes.
constexpr std::size_t longest = 1024 * 1024;

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    // Nothing where the text as a whole is no literal.
    std::optional<Value> read() {
        auto value = items_as_value('\0');
        skip_blanks();
        if (!value || at_ != text_.size()) return std::nullopt;
        return value;
    }

private:
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

    [[nodiscard]] bool is_number_start() const { return (peek() >= '0' && peek() <= '9') || peek() == '.'; }

    void skip_blanks() {
        while (!at_end() && (peek() == ' ' || peek() == '\t' || peek() == '\f')) ++at_;
        if (peek() == '#') at_ = text_.size();  // A comment, to the end of the line.
    }
    bool take(char c) {
        skip_blanks();
        if (at_end() || peek() != c) return false;
        ++at_;
        return true;
    }

    // Expressions with commas between, up to `close` (which is taken) or the end of the text. `commas` tells
    // whether there was one.
    std::optional<List> items(char close, bool& commas) {
        List list;
        for (;;) {
            skip_blanks();
            if (close != '\0' && take(close)) return list;
            if (close == '\0' && at_end()) return list;
            auto value = expression();
            if (!value) return std::nullopt;
            list.push_back(std::move(*value));
            if (take(',')) {
                commas = true;
                continue;
            }
            if (close == '\0') return list;
            if (!take(close)) return std::nullopt;
            return list;
        }
    }
    // What parentheses hold: one value, or a tuple, which is a list to us.
    std::optional<Value> items_as_value(char close) {
        bool commas = false;
        auto list = items(close, commas);
        if (!list || (list->empty() && (close == '\0' || commas))) return std::nullopt;
        if (list->size() == 1 && !commas) return std::move(list->front());
        signable_ = false;
        return Value{std::move(*list)};
    }

    std::optional<Value> expression() {
        skip_blanks();
        const char c = peek();
        if (c != '+' && c != '-') return atom();
        ++at_;
        skip_blanks();
        if (peek() == '+' || peek() == '-') return std::nullopt;  // One sign only, and before a number.
        if (is_number_start()) {
            signable_ = false;
            return python_number(text_, at_, c == '-');
        }
        auto value = atom();
        if (!value || !signable_) return std::nullopt;
        signable_ = false;
        if (c == '-') return negated(std::move(*value));
        return value;
    }

    std::optional<Value> atom() {
        signable_ = false;
        const char c = peek();
        if (c == '(') return nested([this] { return items_as_value(')'); });
        if (c == '[') return nested([this] { return list(); });
        if (c == '{') return nested([this] { return map(); });
        if (is_number_start()) {
            auto value = python_number(text_, at_);
            signable_ = value.has_value();
            return value;
        }
        if (auto value = keyword()) return value;
        return python_strings(text_, at_);
    }

    template <class Read>
    std::optional<Value> nested(Read read) {
        if (depth_ == deepest) return std::nullopt;
        ++depth_;
        ++at_;
        auto value = read();
        --depth_;
        return value;
    }

    std::optional<Value> list() {
        bool commas = false;
        auto found = items(']', commas);
        if (!found || (found->empty() && commas)) return std::nullopt;
        signable_ = false;
        return Value{std::move(*found)};
    }

    std::optional<Value> map() {
        Map found;
        for (;;) {
            if (take('}')) break;
            auto key = expression();
            if (!key || !take(':')) return std::nullopt;  // {1, 2} is a set: JSON has none, so it stays text.
            auto name = key_text(*key);
            auto value = expression();
            if (!name || !value) return std::nullopt;
            const auto same =
                std::find_if(found.begin(), found.end(), [&](auto& entry) { return entry.first == *name; });
            if (same != found.end()) {
                same->second = std::move(*value);
            } else {
                found.emplace_back(std::move(*name), std::move(*value));
            }
            if (take(',')) continue;
            if (!take('}')) return std::nullopt;
            break;
        }
        signable_ = false;
        return Value{std::move(found)};
    }

    std::optional<Value> keyword() {
        for (const auto& [word, value] : {std::pair<std::string_view, Value>{"True", {true}},
                                          {"False", {false}},
                                          {"None", {std::monostate{}}}}) {
            if (text_.substr(at_, word.size()) != word) continue;
            const auto next = at_ + word.size();
            if (next < text_.size() && is_python_word(text_[next])) continue;
            at_ = next;
            return value;
        }
        return std::nullopt;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    unsigned depth_ = 0;
    bool signable_ = false;  // The last atom was a number without a sign, in parentheses or not.
};

}  // namespace

Value python_literal(std::string_view text) {
    auto source = text;
    while (!source.empty() && (source.front() == ' ' || source.front() == '\t')) source.remove_prefix(1);
    if (source.size() <= longest) {
        if (auto value = Reader(source).read()) return std::move(*value);
    }
    return Value{std::string(text)};
}

}  // namespace mullion::inventory
