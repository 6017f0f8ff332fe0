#include "winrm/resource.h"

#include "encoding/utf16.h"
#include "winrm/letters.h"
#include "winrm/refuse.h"

namespace mullion::winrm {
namespace {

constexpr std::size_t most_selectors = 100;

Error no_locator(std::string advice) {
    return refuse_with_error("Unable to create ResourceLocator object.", std::move(advice));
}

bool can_stand_in_uri(std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F || c == '"' || c == '<' || c == '>') return false;
    }
    return true;
}

std::string expanded(std::string_view given) {
    const auto slash = given.find('/');
    for (const auto& alias : aliases()) {
        if (!same_letters(given.substr(0, slash), alias.name)) continue;
        return std::string(alias.uri) + std::string(given.substr(std::min(slash, given.size())));
    }
    return std::string(given);
}

// Takes "NAME=VALUE" off the front, and the '+' behind it.
Result<Selector> take_selector(std::string_view& rest) {
    const auto equals = rest.find_first_of("=+");
    if (equals == std::string_view::npos || rest[equals] != '=' || equals == 0) {
        return no_locator("Write selectors as RESOURCE?NAME=VALUE+NAME=VALUE.");
    }
    Selector selector{std::string(rest.substr(0, equals)), {}};
    rest.remove_prefix(equals + 1);
    std::size_t end = 0;
    if (rest.starts_with('"')) {
        const auto quote = rest.find('"', 1);
        if (quote == std::string_view::npos || (quote + 1 < rest.size() && rest[quote + 1] != '+')) {
            return no_locator("End the selector's value where its quotes end.");
        }
        selector.value = rest.substr(1, quote - 1);
        end = quote + 1;
    } else {
        end = std::min(rest.find('+'), rest.size());
        selector.value = rest.substr(0, end);
    }
    rest.remove_prefix(end);
    if (rest == "+") return no_locator("Write a selector behind the last '+', or leave it out.");
    if (!rest.empty()) rest.remove_prefix(1);
    return selector;
}

Result<std::vector<Selector>> selectors_of(std::string_view rest) {
    std::vector<Selector> found;
    while (!rest.empty()) {
        MULLION_ASSIGN(auto selector, take_selector(rest));
        for (const auto& other : found) {
            if (same_letters(other.name, selector.name)) return no_locator("Name each selector once.");
        }
        if (found.size() == most_selectors) return no_locator("Write at most 100 selectors.");
        found.push_back(std::move(selector));
    }
    return found;
}

}  // namespace

const std::vector<Alias>& aliases() {
    static const std::vector<Alias> all = {
        {"winrm", "http://schemas.microsoft.com/wbem/wsman/1"},
        {"wsman", "http://schemas.microsoft.com/wbem/wsman/1"},
        {"wmi", "http://schemas.microsoft.com/wbem/wsman/1/wmi"},
        {"wmicimv2", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2"},
        {"cimv2", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2"},
        {"shell", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"},
    };
    return all;
}

Result<Resource> parse_resource(std::string_view text) {
    const auto question = text.find('?');
    const auto given = text.substr(0, question);
    if (given.empty()) return refuse_with_error("URI is 0 length");
    if (!encoding::is_utf8(text)) return no_locator("Write the resource in UTF-8.");
    if (!can_stand_in_uri(given))
        return no_locator("A resource URI has no blanks, quotes or control characters.");
    Resource resource{std::string(given), expanded(given), {}};
    if (question != std::string_view::npos) {
        MULLION_ASSIGN(resource.selectors, selectors_of(text.substr(question + 1)));
        if (resource.selectors.empty()) return no_locator("Write a selector behind '?', or leave it out.");
    }
    return resource;
}

std::string_view last_word(std::string_view given) {
    std::size_t begin = given.size();
    const auto may_follow = [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
    };
    while (begin > 0 && may_follow(given[begin - 1])) --begin;
    while (begin < given.size() && !is_letter(given[begin]) && given[begin] != '_') ++begin;
    return given.substr(begin);
}

}  // namespace mullion::winrm
