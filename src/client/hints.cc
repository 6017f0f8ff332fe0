#include "client/hints.h"

#include <fmt/core.h>

#include <algorithm>

#include "client/hint_signs.h"

namespace mullion::client {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower(c);
    return out;
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

// PowerShell breaks its errors into lines, and writes them as CLIXML where it was started as a program's
// child: an element for each line, its end escaped.
std::string in_one_piece(std::string_view bytes) {
    std::string text = lower(bytes);
    replace_all(text, "_x000d__x000a_</s><s s=\"error\">", " ");
    replace_all(text, "_x000d__x000a_", " ");
    std::string out;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!blank) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    return out + ' ';
}

// A number is no part of a longer one.
bool has_number(std::string_view text, const std::string& digits) {
    for (auto at = text.find(digits); at != std::string_view::npos; at = text.find(digits, at + 1)) {
        const auto end = at + digits.size();
        const bool begins = at == 0 || !is_word(text[at - 1]);
        if (begins && (end == text.size() || !is_word(text[end]))) return true;
    }
    return false;
}

// "\\server\share": what follows is a name, and no device's.
bool has_share(std::string_view text) {
    for (auto at = text.find("\\\\"); at != std::string_view::npos; at = text.find("\\\\", at + 2)) {
        const auto name = text.substr(at + 2, text.find('\\', at + 2) - (at + 2));
        if (at + 2 + name.size() < text.size() && !name.empty() && (is_word(name[0]) || name[0] == '['))
            return true;
    }
    return false;
}

class Seen {
public:
    explicit Seen(const Ended& ended) : exit_code_(ended.exit_code), command_(lower(ended.command)) {
        const bool failed = !ended.exit_code || *ended.exit_code != 0;
        text_ = in_one_piece(ended.errors);
        if (failed) text_ += in_one_piece(ended.output);
        if (ended.error != nullptr) text_ += in_one_piece(ended.error->message());
    }

    [[nodiscard]] bool one_of(std::span<const Mark> marks) const {
        return std::any_of(marks.begin(), marks.end(), [this](const Mark& mark) { return holds(mark); });
    }

private:
    [[nodiscard]] bool holds(const Mark& mark) const {
        if (mark.sign == Sign::number) return holds(mark.number);
        if (mark.sign == Sign::share) return has_share(text_) || has_share(command_);
        const std::string wanted = lower(mark.text);
        const bool asked_for = mark.sign == Sign::name && command_.find(wanted) != std::string::npos;
        return asked_for || text_.find(wanted) != std::string::npos;
    }
    [[nodiscard]] bool holds(std::uint32_t number) const {
        return exit_code_ == number || has_number(text_, fmt::format("0x{:08x}", number)) ||
               has_number(text_, fmt::format("{}", number)) ||
               text_.find(fmt::format("{}", static_cast<std::int32_t>(number))) != std::string::npos;
    }

    std::optional<std::uint32_t> exit_code_;
    std::string command_;
    std::string text_;
};

}  // namespace

void Tail::add(std::string_view bytes) {
    if (bytes.size() > most) bytes.remove_prefix(bytes.size() - most);
    if (bytes_.size() + bytes.size() > 2 * most)
        bytes_.erase(0, bytes_.size() - std::min(bytes_.size(), most));
    bytes_ += bytes;
}

std::vector<ErrorId> hints_of(const Ended& ended) {
    std::vector<ErrorId> hints;
    if (ended.exit_code == 0U && ended.errors.empty()) return hints;
    const Seen seen(ended);
    for (const auto& row : sign_rows()) {
        const bool there = seen.one_of(row.one_of) && (row.and_one_of.empty() || seen.one_of(row.and_one_of));
        const bool known = std::find(hints.begin(), hints.end(), row.hint) != hints.end();
        if (there && !known) hints.push_back(row.hint);
    }
    return hints;
}

}  // namespace mullion::client
