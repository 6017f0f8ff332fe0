// `mullion cert import|list|show|delete`: the certificate stores of the service.
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/cert_words.h"
#include "cli/password.h"
#include "cli/printable.h"
#include "cli/running_uses.h"
#include "crypto/certificate_bundle.h"
#include "os/file.h"
#include "os/terminal.h"
#include "state/certificate_admin.h"
#include "state/certificate_import.h"
#include "state/certificate_uses.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest_file = 1024 * 1024;

Result<std::optional<state::Store>> store_of(const CertWords& words) {
    if (words.store.empty()) return std::optional<state::Store>();
    const auto store = state::store_named(words.store);
    if (!store)
        return Error{ErrorId::usage_invalid,
                     fmt::format("--store {}: there are My, Root, CA and TrustedPeople", words.store)};
    return store;
}

Result<std::string> thumbprint_of(const CertWords& words) {
    const auto thumbprint = state::as_thumbprint(words.thumbprint);
    if (!thumbprint)
        return Error{ErrorId::usage_invalid,
                     fmt::format("{}: a thumbprint has 40 hex digits", words.thumbprint)};
    return *thumbprint;
}

std::string stores_text(const state::StoredCertificate& one) {
    std::string out;
    for (const auto store : one.stores) out += fmt::format("{}{}", out.empty() ? "" : ",", to_string(store));
    return out;
}

std::vector<std::string> names_of(const std::vector<state::Store>& stores) {
    std::vector<std::string> out;
    for (const auto store : stores) out.emplace_back(to_string(store));
    return out;
}

std::vector<std::string> users_of(const state::Config& config, const std::string& thumbprint) {
    std::vector<std::string> out;
    for (const auto& use : state::uses_of(config, thumbprint)) out.push_back(use.what);
    return out;
}

bool is_in(const state::StoredCertificate& one, state::Store store) {
    return std::find(one.stores.begin(), one.stores.end(), store) != one.stores.end();
}

Json in_json(const state::StoredCertificate& one, const state::Config& config) {
    const auto& info = one.info;
    return {{"thumbprint", info.thumbprint},
            {"stores", names_of(one.stores)},
            {"subject", info.subject},
            {"issuer", info.issuer},
            {"names", info.names},
            {"upns", info.upns},
            {"uses", info.uses},
            {"not_before", utc_text(info.not_before)},
            {"not_after", utc_text(info.not_after)},
            {"sha256", info.sha256},
            {"has_key", one.has_key},
            {"self_signed", info.self_signed},
            {"can_sign", info.can_sign},
            {"named_by", users_of(config, info.thumbprint)}};
}

void print_json(const Json& document) {
    fmt::print("{}\n", escaped_json(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)));
}

// `own` and `trusted` are what they were before there were stores.
void list_json(const std::vector<state::StoredCertificate>& all, const state::Config& config) {
    auto own = Json::array(), trusted = Json::array(), mappings = Json::array();
    for (const auto& one : all) {
        if (is_in(one, state::Store::my)) own.push_back(in_json(one, config));
        if (one.stores != std::vector{state::Store::my}) trusted.push_back(in_json(one, config));
    }
    for (const auto& one : config.mappings)
        mappings.push_back({{"issuer", one.issuer},
                            {"subject", one.subject},
                            {"uri", one.uri},
                            {"enabled", one.enabled},
                            {"user", one.user}});
    print_json({{"schema", 1}, {"own", own}, {"trusted", trusted}, {"mappings", mappings}});
}

void list_text(const std::vector<state::StoredCertificate>& all, const state::Config& config, bool mappings) {
    for (const auto& one : all)
        fmt::print("{:<18}  {}  {}  until {}\n", stores_text(one), one.info.thumbprint,
                   printable(fmt::format("{}{}{}", one.info.subject, one.info.upns.empty() ? "" : "  ",
                                         fmt::join(one.info.upns, ", "))),
                   utc_text(one.info.not_after));
    if (!mappings) return;
    for (const auto& one : config.mappings)
        fmt::print("{:<18}  {}  {} for {} is {}{}\n", "mapping", one.issuer, printable(one.subject),
                   printable(one.uri), one.user, one.enabled ? "" : "  (not enabled)");
}

void show_text(const state::StoredCertificate& one, const state::Config& config) {
    const auto& info = one.info;
    const auto line = [](std::string_view name, const std::string& value) {
        if (!value.empty()) fmt::print("{:<12} {}\n", name, printable(value));
    };
    const auto joined = [](const std::vector<std::string>& words) {
        return fmt::format("{}", fmt::join(words, ", "));
    };
    line("thumbprint", info.thumbprint);
    line("sha256", info.sha256);
    line("stores", joined(names_of(one.stores)));
    line("subject", info.subject);
    line("names", joined(info.names));
    line("upns", joined(info.upns));
    line("issuer", info.self_signed ? info.issuer + "  (signs itself)" : info.issuer);
    line("serial", info.serial);
    line("valid", fmt::format("{} to {}", utc_text(info.not_before), utc_text(info.not_after)));
    line("uses", info.uses.empty() ? "every" : joined(info.uses));
    line("authority", info.can_sign ? "yes" : "no");
    line("key", one.has_key ? "yes" : "no");
    const auto users = users_of(config, info.thumbprint);
    line("named by", users.empty() ? "nothing" : joined(users));
}

// A certificate that came alone is what most have who are refused here.
Error about_missing_key(Error error, const CertWords& words, state::Store store) {
    if (store != state::Store::my || error.id != ErrorId::tls_files) return error;
    auto text = os::read_file(words.file, largest_file);
    if (!text.ok()) return error;
    const Secret bytes(*text);
    const bool has_key = text->find("PRIVATE KEY") != std::string::npos;
    wipe(*text);
    if (has_key || !crypto::read_certificates(bytes, nullptr, words.file).ok()) return error;
    error.detail = fmt::format(
        "{}: it holds a certificate and no key; in My are those that the service shows, with their keys",
        words.file);
    error.advice = {
        "Put the key behind the certificate in one PEM file, or both into PKCS#12: openssl pkcs12 -export "
        "-in CERT -inkey KEY -out FILE.pfx",
        "A certificate of somebody else that is to be trusted goes to --store Root, CA or TrustedPeople."};
    return error;
}

// What opens PKCS#12: of a file, or from the terminal once it is known that there must be one.
Result<std::vector<state::Placed>> import_asking(const CertWords& words, state::Store store) {
    if (!words.password_file.empty()) {
        MULLION_ASSIGN(const Secret password, os::read_secret_file(words.password_file));
        return state::import_certificates(words.state, words.file, store, &password);
    }
    auto imported = state::import_certificates(words.state, words.file, store, nullptr);
    const bool locked = !imported.ok() && imported.error().id == ErrorId::tls_client_key_password;
    if (!locked || ::isatty(STDIN_FILENO) == 0) return imported;
    PasswordSource source;
    source.ask = true;
    MULLION_ASSIGN(const Secret password, read_password(source, fmt::format("Password of {}: ", words.file)));
    return state::import_certificates(words.state, words.file, store, &password);
}

Error no_such(const std::string& thumbprint, const std::vector<state::StoredCertificate>& all) {
    std::string present;
    for (const auto& one : all)
        present +=
            fmt::format("{}{} ({})", present.empty() ? "" : ", ", one.info.thumbprint, one.info.subject);
    return {ErrorId::usage_invalid, fmt::format("there is no certificate {}; those that are there: {}",
                                                thumbprint, present.empty() ? "none" : present)};
}

}  // namespace

std::string utc_text(WallTime time) {
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32] = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

Result<void> import_certificate(const CertWords& words) {
    MULLION_ASSIGN(const auto store, store_of(words));
    if (words.trust == store.has_value())
        return Error{ErrorId::usage_invalid,
                     "say --store My, Root, CA or TrustedPeople; --trust is Root and TrustedPeople at once"};
    if (words.trust) {
        if (!words.password_file.empty())
            return Error{ErrorId::usage_invalid, "--trust takes certificates alone, which have no password"};
        MULLION_ASSIGN(const auto thumbprints, state::trust_certificates(words.state, words.file));
        for (const auto& one : thumbprints) fmt::print("{}\n", one);
        return {};
    }
    const auto imported = import_asking(words, *store);
    if (!imported.ok()) return about_missing_key(imported.error(), words, *store);
    const auto& placed = *imported;
    for (const auto& one : placed) {
        const std::string subject = printable(one.info.subject);
        if (!one.store) {
            fmt::print(stderr,
                       "left out: {} ({}) signs itself, and was not asked for: --store Root trusts it\n",
                       one.info.thumbprint, subject);
            continue;
        }
        if (*one.store == *store) fmt::print("{}\n", one.info.thumbprint);
        fmt::print(stderr, "{}: {} ({}), until {}\n", to_string(*one.store), one.info.thumbprint, subject,
                   utc_text(one.info.not_after));
    }
    return {};
}

Result<void> list_certificates(const CertWords& words) {
    MULLION_ASSIGN(const auto store, store_of(words));
    MULLION_ASSIGN(auto known, state::list_certificates(words.state));
    auto& all = known.certificates;
    if (store) std::erase_if(all, [&](const auto& one) { return !is_in(one, *store); });
    if (words.output == "json")
        list_json(all, known.config);
    else
        list_text(all, known.config, !store);
    return {};
}

Result<void> show_certificate(const CertWords& words) {
    MULLION_ASSIGN(const std::string thumbprint, thumbprint_of(words));
    MULLION_ASSIGN(const auto known, state::list_certificates(words.state));
    const auto& all = known.certificates;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto& one) { return one.info.thumbprint == thumbprint; });
    if (found == all.end()) return no_such(thumbprint, all);
    if (words.output == "json")
        print_json({{"schema", 1}, {"certificate", in_json(*found, known.config)}});
    else
        show_text(*found, known.config);
    return {};
}

// Its command line may name the certificate.
static Error unasked(Error error) {
    error.detail = "the running service was not asked who names the certificate: " + error.detail;
    error.advice.emplace_back("Ask as root or the service's user, or say --force.");
    return error;
}

Result<void> delete_certificate(const CertWords& words) {
    MULLION_ASSIGN(const auto store, store_of(words));
    MULLION_ASSIGN(const std::string thumbprint, thumbprint_of(words));
    auto running = running_uses(words.state, thumbprint);
    if (!running.ok() && !words.force) return unasked(std::move(running).error());
    const auto uses = running.ok() ? std::move(*running) : std::vector<state::CertificateUse>();
    MULLION_ASSIGN(const auto users,
                   state::delete_certificate(words.state, thumbprint, store, words.force, uses));
    for (const auto& one : users) fmt::print(stderr, "{} named it, and has none now\n", printable(one));
    return {};
}

}  // namespace mullion::cli
