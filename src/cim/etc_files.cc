// os-release(5) and resolv.conf(5).
#include "cim/lines.h"
#include "cim/proc_files.h"

namespace mullion::cim {
namespace {

constexpr std::size_t most_names = 256;

// Single quotes keep all as it is; in double ones, and without any, a backslash keeps what follows it.
std::string unquoted(std::string_view text) {
    const bool single = text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
    if (single) return std::string(text.substr(1, text.size() - 2));
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        out += text[at];
    }
    return out;
}

}  // namespace

std::map<std::string, std::string, std::less<>> parse_os_release(std::string_view text) {
    std::map<std::string, std::string, std::less<>> values;
    // People write this file: a last line without its end counts.
    while (!text.empty()) {
        const auto line = trimmed(take_until(text, '\n'));
        const auto equals = line.find('=');
        if (line.starts_with('#') || equals == std::string_view::npos || equals == 0) continue;
        if (values.size() < most_names)
            values.insert_or_assign(std::string(line.substr(0, equals)), unquoted(line.substr(equals + 1)));
    }
    return values;
}

Resolver parse_resolver(std::string_view text) {
    Resolver resolver;
    while (!text.empty()) {
        auto line = take_until(text, '\n');
        line = line.substr(0, line.find_first_of("#;"));
        const auto keyword = take_word(line);
        if (keyword == "nameserver") {
            if (const auto server = take_word(line); !server.empty() && resolver.servers.size() < most_names)
                resolver.servers.emplace_back(server);
        } else if (keyword == "search" || keyword == "domain") {
            resolver.search.clear();  // The last of both wins.
            for (auto word = take_word(line); !word.empty() && resolver.search.size() < most_names;
                 word = take_word(line))
                resolver.search.emplace_back(word);
        }
    }
    return resolver;
}

}  // namespace mullion::cim
