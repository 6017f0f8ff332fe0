#include "state/certificate_admin.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/secret.h"
#include "crypto/certificate_bundle.h"
#include "http/message.h"
#include "os/file.h"
#include "state/config_file.h"
#include "state/state_directory.h"
#include "storage/database.h"

namespace mullion::state {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

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

}  // namespace

Result<std::vector<std::string>> trust_certificates(const std::string& state, const std::string& file) {
    MULLION_ASSIGN(std::string text, os::read_file(file, largest_file));
    const Secret bytes(text);
    wipe_memory(text.data(), text.size());
    MULLION_ASSIGN(const auto all, crypto::read_certificates(bytes, nullptr, file));
    MULLION_ASSIGN(const StateDirectory directory, StateDirectory::open_existing(state));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    std::vector<std::string> thumbprints;
    for (const auto& one : all) {
        MULLION_ASSIGN(const auto info, crypto::describe_certificate(one.der));
        MULLION_TRY(os::write_file_atomic(fmt::format("{}/{}.pem", directory.trust(), info.thumbprint),
                                          one.pem, 0600));
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
    MULLION_ASSIGN(StateDirectory directory, StateDirectory::open_existing(state));
    MULLION_ASSIGN(const auto change, directory.change());  // Two at once would lose one's mapping.
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_TRY(check_issuer(directory, mapping.issuer));
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
    MULLION_ASSIGN(const StateDirectory directory, StateDirectory::open_existing(state));
    KnownCertificates all;
    MULLION_ASSIGN(all.certificates, stored_certificates(directory));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const std::string text, directory.config_text());
    MULLION_ASSIGN(all.config, read_config(text));
    return all;
}

}  // namespace mullion::state
