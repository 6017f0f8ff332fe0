#include "service/certificate_admin.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "encoding/hex.h"
#include "http/message.h"
#include "service/config_file.h"
#include "service/state_directory.h"
#include "service/trusted_clients.h"
#include "service/warnings.h"
#include "storage/database.h"

namespace mullion::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::size_t most_certificates = 100;
constexpr std::string_view begin_mark = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end_mark = "-----END CERTIFICATE-----";

Result<StateDirectory> open_existing(const std::string& state) {
    if (!os::file_exists(state))
        return Error{ErrorId::state_directory, fmt::format("{}: there is no such directory", state)};
    return StateDirectory::open(state);
}

// A value that YAML reads as this text, whatever stands in it.
std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string entry_text(const CertificateMapping& mapping, const std::string& indent) {
    return fmt::format(
        "{0}- Issuer: {1}\n{0}  Subject: {2}\n{0}  URI: {3}\n{0}  Enabled: {4}\n{0}  UserName: {5}\n", indent,
        in_quotes(mapping.issuer), in_quotes(mapping.subject), in_quotes(mapping.uri), mapping.enabled,
        in_quotes(mapping.user));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

bool is_key(std::string_view line) {
    constexpr std::string_view key = "CertMapping:";
    return http::same_without_case(line.substr(0, key.size()), key) &&
           line.find_first_not_of(" \t\r\n", key.size()) == std::string_view::npos;
}

// How deep the list's first item stands: the new one is put before it.
std::string indent_after(const std::vector<std::string_view>& lines, std::size_t key) {
    for (std::size_t i = key + 1; i < lines.size(); ++i) {
        const auto first = lines[i].find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos || lines[i][first] == '#') continue;
        return lines[i][first] == '-' ? std::string(lines[i].substr(0, first)) : "  ";
    }
    return "  ";
}

std::string insert(std::string_view yaml, const CertificateMapping& mapping) {
    const auto lines = lines_of(yaml);
    const auto key = std::find_if(lines.begin(), lines.end(), is_key);
    std::string out;
    if (key == lines.end()) {
        out = yaml;
        if (!out.empty() && out.back() != '\n') out += '\n';
        return out + "CertMapping:\n" + entry_text(mapping, "  ");
    }
    const auto at = static_cast<std::size_t>(key - lines.begin());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        out += lines[i];
        if (i != at) continue;
        if (out.back() != '\n') out += '\n';
        out += entry_text(mapping, indent_after(lines, at));
    }
    return out;
}

Result<std::vector<crypto::CertificateInfo>> describe_all(const std::string& folder) {
    std::vector<crypto::CertificateInfo> found;
    std::error_code problem;
    std::vector<fs::path> paths;
    for (fs::directory_iterator item(folder, problem), end; !problem && item != end; item.increment(problem))
        if (item->path().extension() == ".pem") paths.push_back(item->path());
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
        MULLION_ASSIGN(std::string text, os::read_file(path.string(), largest_file));
        auto der = crypto::certificate_der(text);
        wipe_memory(text.data(), text.size());  // In certs/ the key is there as well.
        if (!der.ok()) continue;
        MULLION_ASSIGN(auto info, crypto::describe_certificate(*der));
        found.push_back(std::move(info));
    }
    return found;
}

}  // namespace

Result<std::vector<std::string>> trust_certificates(const std::string& state, const std::string& file) {
    MULLION_ASSIGN(const std::string text, os::read_file(file, largest_file));
    // Which of them can be read at all, before anything is changed.
    MULLION_ASSIGN(const auto all, crypto::ClientTrust::make({{file, text}}, {}));
    MULLION_ASSIGN(const StateDirectory directory, open_existing(state));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    std::vector<std::string> thumbprints;
    std::string_view rest = text;
    while (thumbprints.size() < most_certificates) {
        const auto begin = rest.find(begin_mark);
        const auto end = begin == std::string_view::npos ? begin : rest.find(end_mark, begin);
        if (end == std::string_view::npos) break;
        const auto pem = std::string(rest.substr(begin, end + end_mark.size() - begin)) + "\n";
        rest.remove_prefix(end + end_mark.size());
        MULLION_ASSIGN(const std::string der, crypto::certificate_der(pem));
        MULLION_ASSIGN(const auto info, crypto::describe_certificate(der));
        MULLION_TRY(
            os::write_file_atomic(fmt::format("{}/{}.pem", directory.trust(), info.thumbprint), pem, 0600));
        thumbprints.push_back(info.thumbprint);
    }
    return thumbprints;
}

Result<std::string> with_mapping(std::string_view yaml, const CertificateMapping& mapping) {
    MULLION_ASSIGN(const Config before, read_config(yaml));
    std::string text = insert(yaml, mapping);
    const auto after = read_config(text);
    if (!after.ok()) return Error{ErrorId::config_invalid, after.error().detail};
    Config wanted = before;
    wanted.mappings.insert(wanted.mappings.begin(), mapping);
    // A list written in one line, a key that is spelt otherwise: no guesses in somebody's file.
    if (*after != wanted)
        return Error{ErrorId::config_invalid,
                     "CertMapping is not written as a list of lines here: add the mapping by hand:\n" +
                         entry_text(mapping, "  ")};
    return text;
}

Result<void> add_mapping(const std::string& state, const CertificateMapping& mapping) {
    MULLION_ASSIGN(StateDirectory directory, open_existing(state));
    MULLION_ASSIGN(const auto change, directory.change());  // Two at once would lose one's mapping.
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto trust, trust_in(directory.trust()));
    const auto known = trust.trusted();
    if (std::find(known.begin(), known.end(), mapping.issuer) == known.end())
        return Error{ErrorId::config_invalid,
                     fmt::format("issuer {}: there is no such certificate in {}; mullion cert import FILE "
                                 "--trust --state {} puts it there. {}",
                                 mapping.issuer, directory.trust(), state, who_is_trusted(known))};
    MULLION_ASSIGN(
        const auto database,
        storage::AccountsDatabase::open(directory.accounts(), storage::AccountsDatabase::Mode::read_write));
    MULLION_ASSIGN(const auto account, database->find(mapping.user));
    if (!account) return Error{ErrorId::account_missing, mapping.user};
    MULLION_ASSIGN(const std::string before, directory.config_text());
    auto after = with_mapping(before, mapping);
    if (!after.ok())
        return Error{after.error().id, fmt::format("{}/winrm.yaml: {}", state, after.error().detail)};
    return os::write_file_atomic(directory.path() + "/winrm.yaml", *after, 0600);
}

Result<KnownCertificates> list_certificates(const std::string& state) {
    MULLION_ASSIGN(const StateDirectory directory, open_existing(state));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    KnownCertificates all;
    MULLION_ASSIGN(all.own, describe_all(directory.certificates()));
    MULLION_ASSIGN(all.trusted, describe_all(directory.trust()));
    MULLION_ASSIGN(const std::string text, directory.config_text());
    MULLION_ASSIGN(Config config, read_config(text));
    all.mappings = std::move(config.mappings);
    return all;
}

}  // namespace mullion::service
