#include "winrm/winrs_line.h"

#include <algorithm>
#include <charconv>

#include "core/printable.h"
#include "winrm/letters.h"
#include "winrm/refuse.h"

namespace mullion::winrm {
namespace {

constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_variables = 1000;
constexpr std::string_view end_of_switches = "--";

enum class Id {
    help,
    remote,
    unencrypted,
    username,
    password,
    timeout,
    directory,
    environment,
    no_echo,
    no_profile,
    allow_delegate,
    compression,
    ssl,
};

struct Row {
    Id id;
    std::string_view short_name;
    std::string_view name;
    bool takes_value;
};

constexpr Row rows[] = {
    {Id::help, "?", "help", false},
    {Id::remote, "r", "remote", true},
    {Id::unencrypted, "un", "unencrypted", false},
    {Id::username, "u", "username", true},
    {Id::password, "p", "password", true},
    {Id::timeout, "t", "timeout", true},
    {Id::directory, "d", "directory", true},
    {Id::environment, "env", "environment", true},
    {Id::no_echo, "noe", "noecho", false},
    {Id::no_profile, "nop", "noprofile", false},
    {Id::allow_delegate, "ad", "allowdelegate", false},
    {Id::compression, "comp", "compression", false},
    {Id::ssl, "ssl", "usessl", false},
};

const Row* find_row(std::string_view name) {
    for (const auto& row : rows) {
        if (same_letters(name, row.short_name) || same_letters(name, row.name)) return &row;
    }
    return nullptr;
}

std::string_view name_of(std::string_view word) {
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    return word.substr(0, word.find(':'));
}

std::string_view value_of(std::string_view word) {
    const auto colon = word.find(':');
    auto value = colon == std::string_view::npos ? std::string_view() : word.substr(colon + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    return value;
}

// "/bin/echo", on a host that is no Windows. No switch has a '/' in its name.
bool is_path(std::string_view word) {
    return word.starts_with('/') && name_of(word).find('/') != std::string_view::npos;
}

Error wrong(std::string text) {
    return refuse("Winrs.exe: " + std::move(text) + "\nUse \"winrs -?\" to obtain the usage information");
}

std::string shown(std::string_view word) {
    return "\"" + one_line(word.substr(0, word.find(':'))) + "\"";  // Its value may be a password.
}

// winrm has switches for it, winrs of Windows has none: here it is said with options of our own.
Error unrecognized(std::string_view word) {
    auto error = wrong("Unrecognized switch " + shown(word));
    const auto name = name_of(word);
    const auto is = [name](auto... names) { return (same_letters(name, names) || ...); };
    if (is("certificate", "c"))
        error.advice.emplace_back(
            "A client certificate is given with --transport=certificate "
            "--client-cert=FILE (and --client-key=FILE), over https.");
    if (is("authentication", "auth", "a"))
        error.advice.emplace_back(
            "How to log on is said with --transport=LIST: negotiate, kerberos, ntlm, basic, certificate or "
            "credssp.");
    return error;
}

class Line {
public:
    // True at the switch that asks for help.
    Result<bool> take(std::string_view word) {
        const auto* row = find_row(name_of(word));
        if (row == nullptr) return unrecognized(word);
        const auto value = value_of(word);
        if (row->takes_value && value.empty() && row->id != Id::password) {
            return wrong("Switch " + shown(word) + " needs a value");
        }
        if (!row->takes_value && !value.empty()) return wrong("Switch " + shown(word) + " takes no value");
        if (row->id != Id::environment && std::find(seen_.begin(), seen_.end(), row->id) != seen_.end()) {
            return wrong("Switch " + shown(word) + " is given twice");
        }
        seen_.push_back(row->id);
        MULLION_TRY(set(row->id, value));
        return row->id == Id::help;
    }

    Result<WinrsLine> finish(std::span<const std::string_view> command) {
        if (!remote_.empty()) {
            MULLION_ASSIGN(request_.remote, parse_endpoint(remote_, request_.ssl));
        }
        if (request_.password && request_.user.empty())
            return wrong("Switch \"-password\" needs \"-username\"");
        for (const auto word : command) {
            if (!request_.command.empty()) request_.command += ' ';
            request_.command += word;
        }
        if (request_.command.find_first_not_of(" \t") == std::string::npos)
            return wrong("No command is given");
        return WinrsLine(std::move(request_));
    }

private:
    Result<void> set(Id id, std::string_view value) {
        switch (id) {
            case Id::help:
                break;
            case Id::remote:
                remote_ = value;
                break;
            case Id::unencrypted:
                request_.unencrypted = true;
                break;
            case Id::username:
                request_.user = value;
                break;
            case Id::password:
                if (!value.empty())
                    request_.password.emplace(value);  // From the word itself, without a copy.
                break;
            case Id::timeout:
                return set_timeout(value);
            case Id::directory:
                request_.directory = value;
                break;
            case Id::environment:
                return add_variable(value);
            case Id::no_echo:
                request_.no_echo = true;
                break;
            case Id::no_profile:
                request_.no_profile = true;
                break;
            case Id::allow_delegate:
                request_.allow_delegate = true;
                break;
            case Id::compression:
                request_.compression = true;
                break;
            case Id::ssl:
                request_.ssl = true;
                break;
        }
        return {};
    }

    Result<void> set_timeout(std::string_view value) {
        std::uint32_t seconds = 0;
        const auto* end = value.data() + value.size();
        const auto [stop, failure] = std::from_chars(value.data(), end, seconds);
        if (failure != std::errc() || stop != end)
            return wrong("Switch \"-timeout\" needs a number of seconds");
        request_.timeout_s = seconds;
        return {};
    }

    Result<void> add_variable(std::string_view value) {
        const auto equals = value.find('=');
        if (equals == 0 || equals == std::string_view::npos) {
            return wrong("Switch \"-environment\" needs NAME=VALUE");
        }
        if (request_.environment.size() == most_variables) return wrong("Over 1000 variables are given");
        for (auto& [name, old] : request_.environment) {
            if (!same_letters(name, value.substr(0, equals))) continue;  // As Windows compares them.
            old = value.substr(equals + 1);
            return {};
        }
        request_.environment.emplace_back(value.substr(0, equals), value.substr(equals + 1));
        return {};
    }

    WinrsRequest request_;
    std::string remote_;
    std::vector<Id> seen_;
};

}  // namespace

bool is_winrs_switch(std::string_view word) {
    return word.starts_with('-') || (word.starts_with('/') && !is_path(word));
}

Result<WinrsLine> parse_winrs_line(std::span<const std::string_view> words) {
    std::size_t bytes = 0;
    for (const auto word : words) bytes += word.size() + 1;
    if (bytes > most_bytes) return wrong("The command line is over 1 MiB");
    if (words.empty()) return WinrsLine(WinrsHelp());
    Line line;
    std::size_t at = 0;
    for (; at < words.size() && is_winrs_switch(words[at]); ++at) {
        // Behind it a command may begin with what looks like a switch.
        if (words[at] == end_of_switches) return line.finish(words.subspan(at + 1));
        MULLION_ASSIGN(const bool help, line.take(words[at]));
        if (help) return WinrsLine(WinrsHelp());
    }
    return line.finish(words.subspan(at));
}

std::vector<std::string_view> winrs_clear_parts(std::span<const std::string_view> words) {
    std::vector<std::string_view> parts;
    for (const auto word : words) {
        if (!is_winrs_switch(word) || word == end_of_switches) break;
        const auto* row = find_row(name_of(word));
        if (row != nullptr && row->id == Id::password && !value_of(word).empty())
            parts.push_back(value_of(word));
    }
    return parts;
}

}  // namespace mullion::winrm
