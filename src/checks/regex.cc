#include "checks/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <utility>

namespace mullion::checks {
namespace {

// A text of a check is some hundred bytes. A pattern that needs more than this for it would not end.
constexpr std::uint32_t most_steps = 500'000;
constexpr std::uint32_t most_depth = 10'000;
constexpr std::uint32_t most_memory_kib = 20'000;
constexpr std::size_t longest_pattern = 16 * 1024;
constexpr std::size_t longest_result = 16 * 1024 * 1024;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* what) const {
        Free(what);
    }
};
using CodePointer = std::unique_ptr<pcre2_code, Freed<pcre2_code_free>>;
using MatchPointer = std::unique_ptr<pcre2_match_data, Freed<pcre2_match_data_free>>;
using ContextPointer = std::unique_ptr<pcre2_match_context, Freed<pcre2_match_context_free>>;

std::string reason(int code) {
    std::array<unsigned char, 256> text{};
    if (pcre2_get_error_message(code, text.data(), text.size()) < 0) return "error " + std::to_string(code);
    return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR bytes(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

struct Flags {
    std::uint32_t options = 0;
    bool all = false;
};

std::optional<Flags> read_flags(std::string_view flags) {
    Flags read;
    for (const char flag : flags) {
        if (flag == 'i')
            read.options |= PCRE2_CASELESS;
        else if (flag == 'm')
            read.options |= PCRE2_MULTILINE;
        else if (flag == 's')
            read.options |= PCRE2_DOTALL;
        else if (flag == 'x')
            read.options |= PCRE2_EXTENDED;
        else if (flag == 'g')
            read.all = true;
        else
            return {};
    }
    return read;
}

Error refused(std::string_view option, const std::string& why) {
    return {ErrorId::usage_invalid, "--" + std::string(option) + ": " + why};
}

}  // namespace

struct Regex::Code {
    CodePointer code;
    ContextPointer limits;
    bool all = false;
    std::string option;

    // The number of groups, 0 for no match. `data` keeps where they are.
    [[nodiscard]] Result<int> match(std::string_view text, std::size_t from, std::uint32_t how,
                                    pcre2_match_data* data) const;
};

Result<int> Regex::Code::match(std::string_view text, std::size_t from, std::uint32_t how,
                               pcre2_match_data* data) const {
    const int found = pcre2_match(code.get(), bytes(text), text.size(), from, how, data, limits.get());
    if (found >= 0) return found;
    if (found == PCRE2_ERROR_NOMATCH) return 0;
    return refused(option, "the regular expression does not end: " + reason(found));
}

Regex::Regex(std::unique_ptr<Code> code) : code_(std::move(code)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string_view pattern, std::string_view option, std::string_view flags) {
    const auto read = read_flags(flags);
    if (!read) return refused(option, "unknown flag in '" + std::string(flags) + "' (known: g i m s x)");
    if (pattern.size() > longest_pattern) return refused(option, "the regular expression is too long");
    int error = 0;
    std::size_t place = 0;
    // Code is not called and no byte is matched alone: \C would tear a character apart.
    const std::uint32_t options = read->options | PCRE2_NEVER_BACKSLASH_C;
    // Text is characters where the pattern is; a pattern of another encoding is taken by its bytes.
    CodePointer code(pcre2_compile(bytes(pattern), pattern.size(), options | PCRE2_MATCH_INVALID_UTF, &error,
                                   &place, nullptr));
    if (!code && error <= PCRE2_ERROR_UTF8_ERR1 && error >= PCRE2_ERROR_UTF8_ERR21)
        code.reset(pcre2_compile(bytes(pattern), pattern.size(), options, &error, &place, nullptr));
    if (!code)
        return refused(option, "wrong regular expression '" + std::string(pattern) + "' at character " +
                                   std::to_string(place + 1) + ": " + reason(error));
    auto made = std::make_unique<Code>();
    made->code = std::move(code);
    made->limits.reset(pcre2_match_context_create(nullptr));
    if (!made->limits) throw std::bad_alloc();
    pcre2_set_match_limit(made->limits.get(), most_steps);
    pcre2_set_depth_limit(made->limits.get(), most_depth);
    pcre2_set_heap_limit(made->limits.get(), most_memory_kib);
    made->all = read->all;
    made->option = option;
    return Regex(std::move(made));
}

namespace {

MatchPointer match_data(const pcre2_code* code) {
    MatchPointer data(pcre2_match_data_create_from_pattern(code, nullptr));
    if (!data) throw std::bad_alloc();
    return data;
}

std::string_view group(std::string_view text, pcre2_match_data* data, std::size_t number) {
    if (number >= pcre2_get_ovector_count(data)) return {};
    const auto* places = pcre2_get_ovector_pointer(data);
    const auto from = places[2 * number], to = places[2 * number + 1];
    if (from == PCRE2_UNSET || to < from) return {};
    return text.substr(from, to - from);
}

char escaped(char letter) {
    switch (letter) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        default:
            return letter;
    }
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The number of a group at `at`, behind "$", "${" or "\": which it takes along. Nothing where none stands.
std::optional<std::size_t> group_number(std::string_view text, std::size_t& at) {
    auto place = at;
    const bool braced = place < text.size() && text[place] == '{';
    if (braced) ++place;
    std::size_t number = 0;
    const auto first = place;
    while (place < text.size() && is_digit(text[place]) && place - first < 3)
        number = number * 10 + static_cast<std::size_t>(text[place++] - '0');
    if (place == first) return {};
    if (braced && (place == text.size() || text[place++] != '}')) return {};
    at = place;
    return number;
}

// The replacement, as in a string of Perl's in double quotes: $1 ${1} \1 $& \n \t, and \ before anything
// else.
void expand(std::string& result, std::string_view text, pcre2_match_data* data,
            std::string_view replacement) {
    for (std::size_t at = 0; at < replacement.size();) {
        const char c = replacement[at++];
        if ((c != '$' && c != '\\') || at == replacement.size()) {
            result += c;
            continue;
        }
        if (c == '$' && replacement[at] == '&') {
            result += group(text, data, 0);
            ++at;
            continue;
        }
        if (c == '$' || is_digit(replacement[at])) {
            if (const auto number = group_number(replacement, at))
                result += group(text, data, *number);
            else
                result += c;
            continue;
        }
        result += escaped(replacement[at++]);
    }
}

}  // namespace

Result<bool> Regex::matches(std::string_view text) const {
    const auto data = match_data(code_->code.get());
    MULLION_ASSIGN(const int found, code_->match(text, 0, 0, data.get()));
    return found > 0;
}

Result<std::vector<std::string>> Regex::groups(std::string_view text) const {
    const auto data = match_data(code_->code.get());
    MULLION_ASSIGN(const int found, code_->match(text, 0, 0, data.get()));
    std::vector<std::string> result;
    const std::size_t count = found == 0 ? 0 : pcre2_get_ovector_count(data.get());
    for (std::size_t i = 0; i < count; ++i) result.emplace_back(group(text, data.get(), i));
    return result;
}

Result<std::string> Regex::replace(std::string_view text, std::string_view replacement) const {
    const auto data = match_data(code_->code.get());
    std::string result;
    std::size_t copied = 0, from = 0;
    std::uint32_t how = 0;
    while (from <= text.size()) {
        MULLION_ASSIGN(const int found, code_->match(text, from, how, data.get()));
        if (found == 0 && how == 0) break;
        if (found == 0) {
            // Nothing but the empty match that was taken already: on by one character.
            ++from;
            while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) ++from;
            how = 0;
            continue;
        }
        const auto* places = pcre2_get_ovector_pointer(data.get());
        const auto begin = places[0], end = places[1];
        if (begin < copied || end < begin) break;  // \K in a lookbehind: nothing of it can be replaced.
        result += text.substr(copied, begin - copied);
        expand(result, text, data.get(), replacement);
        if (result.size() > longest_result) return refused(code_->option, "the text it makes is too long");
        copied = from = end;
        if (!code_->all) break;
        how = end == begin ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
    }
    result += text.substr(copied);
    return result;
}

}  // namespace mullion::checks
