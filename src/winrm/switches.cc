#include "winrm/switches.h"

#include <algorithm>

#include "winrm/letters.h"
#include "winrm/refuse.h"

namespace mullion::winrm {
namespace {

bool starts_quoted(std::string_view value) {
    return value.starts_with('"');
}

// Where the quote stands that closes the first one.
std::size_t closing_quote(std::string_view value) {
    for (std::size_t at = 1; at < value.size(); ++at) {
        if (value[at] == '"' && value[at - 1] != '\\') return at;
    }
    return std::string_view::npos;
}

std::string_view without_quotes(std::string_view value) {
    if (!starts_quoted(value) || closing_quote(value) != value.size() - 1) return value;
    return value.substr(1, value.size() - 2);
}

std::string unescaped(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (std::size_t at = 0; at < value.size(); ++at) {
        if (value.substr(at, 2) == "\\\"") ++at;
        out += value[at];
    }
    return out;
}

// What names no variable stays: "like '%win%'" is no question to the environment.
std::string expanded(std::string_view text, const Environment& environment) {
    std::string out;
    while (!text.empty()) {
        const auto begin = text.find('%');
        const auto end = begin == std::string_view::npos ? begin : text.find('%', begin + 1);
        if (end == std::string_view::npos) break;
        const std::string name(text.substr(begin + 1, end - begin - 1));
        const char* const value = name.empty() ? nullptr : environment(name.c_str());
        out += text.substr(0, begin);
        out += value != nullptr ? std::string_view(value) : text.substr(begin, end - begin);
        text.remove_prefix(value != nullptr ? end + 1 : end);
    }
    return out.append(text);
}

}  // namespace

const std::vector<SwitchRow>& switch_table() {
    using enum SwitchSet;
    static const std::vector<SwitchRow> rows = {
        {SwitchId::help, "?", {}, false, everywhere},
        {SwitchId::remote, "remote", {"r", "machine"}, true, connection},
        {SwitchId::username, "username", {"u"}, true, connection},
        {SwitchId::password, "password", {"p"}, true, connection},
        {SwitchId::authentication, "authentication", {"a", "auth"}, true, connection},
        {SwitchId::certificate, "certificate", {"c"}, true, connection},
        {SwitchId::usessl, "usessl", {"ssl"}, false, connection},
        {SwitchId::unencrypted, "unencrypted", {"un"}, false, connection},
        {SwitchId::encoding, "encoding", {}, true, connection},
        {SwitchId::skip_ca_check, "skipcacheck", {}, false, connection},
        {SwitchId::skip_cn_check, "skipcncheck", {}, false, connection},
        {SwitchId::skip_revocation_check, "skiprevocationcheck", {}, false, connection},
        {SwitchId::default_creds, "defaultcreds", {}, false, connection},
        {SwitchId::spn_port, "spnport", {}, false, connection},
        {SwitchId::proxy_access, "proxyaccess", {"pac"}, true, connection},
        {SwitchId::proxy_authentication, "proxyauthentication", {"pa", "proxyauth"}, true, connection},
        {SwitchId::proxy_username, "proxyusername", {"pu"}, true, connection},
        {SwitchId::proxy_password, "proxypassword", {"pp"}, true, connection},
        {SwitchId::timeout, "timeout", {}, true, connection},
        {SwitchId::format, "format", {"f"}, true, connection},
        {SwitchId::file, "file", {}, true, document},
        {SwitchId::options, "options", {}, true, document},
        {SwitchId::fragment, "fragment", {}, true, document},
        {SwitchId::dialect, "dialect", {}, true, document},
        {SwitchId::filter, "filter", {}, true, document},
        {SwitchId::associations, "associations", {}, false, enumeration},
        {SwitchId::return_type, "returntype", {}, true, enumeration},
        {SwitchId::shallow, "shallow", {}, false, enumeration},
        {SwitchId::base_properties_only, "basepropertiesonly", {}, false, enumeration},
        {SwitchId::quiet, "quiet", {"q"}, false, quickconfig},
        {SwitchId::transport, "transport", {}, true, quickconfig},
        {SwitchId::force, "force", {}, false, quickconfig},
    };
    return rows;
}

const SwitchRow* find_switch(std::string_view name) {
    for (const auto& row : switch_table()) {
        if (same_letters(row.name, name)) return &row;
        for (const auto alias : row.aliases) {
            if (same_letters(alias, name)) return &row;
        }
    }
    return nullptr;
}

bool is_for_script_host(std::string_view word) {
    return word.starts_with("--") || word.starts_with("//");
}

std::optional<SwitchWord> as_switch(std::string_view word) {
    if (word.empty() || (word[0] != '-' && word[0] != '/') || is_for_script_host(word)) return std::nullopt;
    const auto colon = word.find(':');
    SwitchWord parted{word.substr(1, colon == std::string_view::npos ? colon : colon - 1), {}};
    if (colon != std::string_view::npos) parted.value = word.substr(colon + 1);
    return parted;
}

Result<void> Switches::add(const SwitchWord& word) {
    if (word.name.empty()) return refuse_with_error("Missing switch name");
    const auto* row = find_switch(word.name);
    if (row == nullptr) {
        unknown_.push_back(lower(word.name));
        return {};
    }
    const std::string name(row->name);
    if (has(row->id)) return refuse_with_error("Option is not unique: " + name);
    if (starts_quoted(word.value) && closing_quote(word.value) == std::string_view::npos) {
        return refuse_with_error("A quoted parameter value must begin and end with quotes: " + name);
    }
    // winrm takes -usessl:false for -usessl, and -skipCAcheck:false for -skipCAcheck.
    if (!row->takes_value && !word.value.empty()) {
        return refuse_with_error("The '-" + name + "' option takes no value");
    }
    const bool may_ask = row->id == SwitchId::password || row->id == SwitchId::proxy_password;
    if (row->takes_value && without_quotes(word.value).empty() && !may_ask) {
        return refuse_with_error("Argument's value is not provided: " + name);
    }
    values_[index(row->id)] = word.value;
    given_.push_back(row->id);
    return {};
}

std::string Switches::plain(SwitchId id) const {
    return unescaped(without_quotes(values_[index(id)].value_or(std::string_view())));
}

std::string Switches::text(SwitchId id) const {
    auto text = plain(id);
    return environment_ ? expanded(text, environment_) : text;
}

Secret Switches::secret(SwitchId id) const {
    auto clear = plain(id);
    Secret secret(clear);
    wipe(clear);
    return secret;
}

namespace {

bool has_password(std::string_view bag) {
    // "Password", "RunAsPassword", "NewPassword": what is set to a name that ends so.
    constexpr std::string_view name = "password";
    for (std::size_t at = 0; at + name.size() <= bag.size(); ++at) {
        if (!same_letters(bag.substr(at, name.size()), name)) continue;
        auto rest = bag.substr(at + name.size());
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t\\\""), rest.size()));
        if (!rest.starts_with('=')) continue;
        rest.remove_prefix(1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t\\\""), rest.size()));
        if (!rest.empty() && rest.front() != ';' && rest.front() != '}' &&
            !same_letters(rest.substr(0, 5), "$null"))
            return true;
    }
    return false;
}

}  // namespace

bool bag_gives_password(std::span<const std::string_view> words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (!words[at].starts_with('@')) continue;
        std::string joined;
        std::size_t bytes = 0;
        for (const auto word : words.subspan(at)) bytes += word.size() + 1;
        joined.reserve(bytes);  // Once: growing would leave bytes behind.
        do {
            joined.append(words[at]).append(1, ' ');
        } while (goes_on(joined) && ++at < words.size());
        const bool found = has_password(joined);
        wipe(joined);
        if (found) return true;
    }
    return false;
}

bool goes_on(std::string_view word) {
    bool quoted = false;
    bool open = false;
    for (std::size_t at = 0; at < word.size(); ++at) {
        if (word[at] == '"' && (!quoted || word[at - 1] != '\\')) quoted = !quoted;
        if (quoted) continue;
        if (word[at] == '{') open = true;
        if (word[at] == '}') open = false;
    }
    return open;
}

namespace {

bool is_password(const SwitchWord& word) {
    const auto* row = find_switch(word.name);
    return row != nullptr && !word.value.empty() &&
           (row->id == SwitchId::password || row->id == SwitchId::proxy_password);
}

}  // namespace

bool gives_password(std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [](std::string_view text) {
        const auto word = as_switch(text);
        return word && is_password(*word);
    });
}

std::vector<std::string_view> clear_parts(std::span<const std::string_view> words) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (words[at].starts_with('@')) {
            // All that follows when it does not end: what cannot be read may be a password too.
            std::string joined;
            std::size_t bytes = 0;
            for (const auto word : words.subspan(at)) bytes += word.size() + 1;
            joined.reserve(bytes);  // Once: growing would leave bytes behind.
            do {
                joined.append(words[at]).append(1, ' ');
                if (!words[at].empty()) parts.push_back(words[at]);
            } while (goes_on(joined) && ++at < words.size());
            wipe(joined);
            continue;
        }
        const auto word = as_switch(words[at]);
        if (word && is_password(*word)) parts.push_back(word->value);
    }
    return parts;
}

}  // namespace mullion::winrm
