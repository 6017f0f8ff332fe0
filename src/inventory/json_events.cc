#include "inventory/json_events.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "encoding/utf16.h"
#include "encoding/utf8.h"

namespace mullion::inventory {
namespace {

using yaml::Event;

// Its errors have no text: what is wrong with a text that is no JSON is for the reader of YAML to say.
class JsonEvents : public yaml::Events {
public:
    JsonEvents(std::string_view text, unsigned depth) : text_(text), depth_(depth) {}

    Result<void> next(Event& event) override {
        event = Event();
        skip_blanks();
        event.line = line_;
        if (open_.empty()) return top(event);
        const char close = open_.back();
        if (peek() == close && state_ != State::value) return end(event);
        if (state_ == State::comma) {
            if (!take(',')) return wrong();
            skip_blanks();
            event.line = line_;
            state_ = close == '}' ? State::key : State::value;
        }
        if (state_ == State::key || (state_ == State::first && close == '}')) return key(event);
        return value(event);
    }

private:
    // What is wanted: the first key or value or the end, a key, a value, or a comma or the end.
    enum class State { first, key, value, comma };

    static Error wrong() { return {ErrorId::inventory_invalid, "not JSON"}; }
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    void skip_blanks() {
        for (; peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r'; ++at_)
            if (peek() == '\n') ++line_;
    }

    Result<void> top(Event& event) {
        if (!begun_) {
            begun_ = true;
            if (peek() != '{' && peek() != '[') return wrong();
            return value(event);
        }
        return at_ == text_.size() ? Result<void>() : wrong();
    }

    Result<void> key(Event& event) {
        MULLION_TRY(string(event));
        skip_blanks();
        if (!take(':')) return wrong();
        state_ = State::value;
        return {};
    }

    Result<void> value(Event& event) {
        state_ = State::comma;
        const char c = peek();
        if (c == '{' || c == '[') return begin(event, c);
        if (c == '"') return string(event);
        event.kind = Event::Kind::scalar;
        event.plain = true;
        for (const auto& [word, plain] :
             {std::pair("null", "null"), std::pair("true", "true"), std::pair("false", "false"),
              std::pair("NaN", ".nan"), std::pair("Infinity", ".inf"), std::pair("-Infinity", "-.inf")}) {
            if (take(std::string_view(word))) {
                event.text = plain;
                return {};
            }
        }
        return number(event);
    }

    Result<void> begin(Event& event, char c) {
        if (c == '{' && tagged(event)) return {};
        if (open_.size() > depth_) return wrong();
        ++at_;
        open_ += c == '{' ? '}' : ']';
        state_ = State::first;
        event.kind = c == '{' ? Event::Kind::map_start : Event::Kind::list_start;
        return {};
    }

    Result<void> end(Event& event) {
        ++at_;
        event.kind = open_.back() == '}' ? Event::Kind::map_end : Event::Kind::list_end;
        open_.pop_back();
        state_ = State::comma;
        return {};
    }

    // {"__ansible_vault": "…"}
    bool tagged(Event& event) {
        const std::size_t before = at_;
        const unsigned line = line_;
        ++at_;
        skip_blanks();
        for (const auto& [key, tag] :
             {std::pair("\"__ansible_vault\"", "!vault"), std::pair("\"__ansible_unsafe\"", "!unsafe")}) {
            if (!take(std::string_view(key))) continue;
            skip_blanks();
            if (!take(':')) break;
            skip_blanks();
            if (peek() != '"' || !string(event).ok()) break;
            skip_blanks();
            if (!take('}')) break;
            event.tag = tag;
            return true;
        }
        at_ = before;
        line_ = line;
        return false;
    }

    Result<void> number(Event& event) {
        const std::size_t begin = at_;
        (void)take('-');
        if (!take('0') && !digits()) return wrong();
        bool whole = true;
        if (peek() == '.') {
            ++at_;
            whole = false;
            if (!digits()) return wrong();
        }
        if (peek() == 'e' || peek() == 'E') {
            ++at_;
            whole = false;
            if (peek() == '+' || peek() == '-') ++at_;
            if (!digits()) return wrong();
        }
        event.text = text_.substr(begin, at_ - begin);
        if (whole) return {};
        // As YAML 1.1 writes it, so that there is one meaning of a plain scalar.
        double real = 0;
        const auto read = std::from_chars(event.text.data(), event.text.data() + event.text.size(), real);
        if (read.ec == std::errc::result_out_of_range)
            real = event.text.find("e-") != std::string_view::npos ||
                           event.text.find("E-") != std::string_view::npos
                       ? 0.0
                       : std::copysign(HUGE_VAL, event.text[0] == '-' ? -1 : 1);
        scratch_ = std::isinf(real) ? (real < 0 ? "-.inf" : ".inf") : fmt::format("{:.17e}", real);
        event.text = scratch_;
        return {};
    }
    bool digits() {
        const std::size_t begin = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ > begin;
    }

    Result<void> string(Event& event) {
        event.kind = Event::Kind::scalar;
        if (!take('"')) return wrong();
        const std::size_t end = text_.find_first_of("\"\\", at_);
        if (end == std::string_view::npos) return wrong();
        const auto simple = text_.substr(at_, end - at_);
        if (has_control(simple)) return wrong();
        at_ = end;
        if (take('"')) {
            event.text = simple;
            return {};
        }
        scratch_ = simple;
        while (!take('"')) {
            const char c = peek();
            if (at_ >= text_.size() || static_cast<unsigned char>(c) < 0x20) return wrong();
            ++at_;
            if (c != '\\') {
                scratch_ += c;
            } else if (!escape()) {
                return wrong();
            }
        }
        event.text = scratch_;
        return {};
    }
    static bool has_control(std::string_view text) {
        for (const char c : text)
            if (static_cast<unsigned char>(c) < 0x20) return true;
        return false;
    }

    bool escape() {
        constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
        const char c = peek();
        ++at_;
        if (c == 'u') return character();
        const auto known = from.find(c);
        if (known == std::string_view::npos) return false;
        scratch_ += to[known];
        return true;
    }
    // Behind "\u". A pair of surrogates is one character; half of one is none, which Python would keep.
    bool character() {
        auto code = hex();
        if (!code) return false;
        if (*code >= 0xD800 && *code < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
            const std::size_t before = at_;
            at_ += 2;
            const auto low = hex();
            if (!low) return false;
            if (*low >= 0xDC00 && *low < 0xE000) {
                code = 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00);
            } else {
                at_ = before;
            }
        }
        const bool half = *code >= 0xD800 && *code < 0xE000;
        encoding::append_utf8(scratch_, half ? U'\uFFFD' : static_cast<char32_t>(*code));
        return true;
    }
    std::optional<std::uint32_t> hex() {
        const auto text = text_.substr(at_, 4);
        std::uint32_t code = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), code, 16);
        if (text.size() != 4 || fault != std::errc() || end != text.data() + 4) return std::nullopt;
        at_ += 4;
        return code;
    }

    std::string_view text_;
    unsigned depth_;
    std::size_t at_ = 0;
    unsigned line_ = 1;
    bool begun_ = false;
    State state_ = State::first;
    std::string open_;     // The closing brackets to come.
    std::string scratch_;  // What the event's view is of.
};

}  // namespace

std::unique_ptr<yaml::Events> read_json(std::string_view text, unsigned depth) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return nullptr;
    if (!encoding::is_utf8(text)) return nullptr;
    JsonEvents all(text, depth);
    Event event;
    do {
        if (!all.next(event).ok()) return nullptr;
    } while (event.kind != Event::Kind::end);
    return std::make_unique<JsonEvents>(text, depth);
}

}  // namespace mullion::inventory
