#include "cli/cert_command.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/client_setup.h"
#include "cli/exit_status.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "crypto/client_certificate.h"
#include "crypto/keyed_certificate.h"
#include "encoding/hex.h"
#include "os/file.h"
#include "os/terminal.h"
#include "service/certificate_admin.h"

namespace mullion::cli {
namespace {

struct CertWords {
    bool client = false;
    bool trust = false;
    std::string user, out, state, file, pfx, password_file;
    std::string key = "rsa2048";
    unsigned days = 3650;
    std::string issuer, subject, uri = "*";
    std::string output = "text";
};

constexpr std::size_t largest_pfx = 1024 * 1024;

std::string time_text(WallTime time) {
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32] = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

// Both parts in PEM, and the certificate read.
struct Made {
    std::string pem;
    Secret key;
    std::string der;
    crypto::CertificateInfo info;
};

Result<Made> describe(std::string pem, Secret key) {
    MULLION_ASSIGN(std::string der, crypto::certificate_der(pem));
    MULLION_ASSIGN(auto info, crypto::describe_certificate(der));
    return Made{std::move(pem), std::move(key), std::move(der), std::move(info)};
}

Result<Made> make_new(const CertWords& words) {
    const auto kind = words.key == "p256" ? crypto::KeyKind::ec : crypto::KeyKind::rsa;
    MULLION_ASSIGN(auto made, crypto::make_client_certificate(words.user, words.user + "@localhost", kind,
                                                              std::chrono::hours(24) * words.days));
    return describe(std::move(made.certificate_pem), std::move(made.key_pem));
}

Result<Made> convert(const CertWords& words) {
    MULLION_ASSIGN(std::string bytes, os::read_file(words.pfx, largest_pfx));
    const Secret file(bytes);
    wipe_memory(bytes.data(), bytes.size());
    std::optional<Secret> password;
    if (!words.password_file.empty()) {
        MULLION_ASSIGN(password, os::read_secret_file(words.password_file));
    }
    const Secret none;
    MULLION_ASSIGN(auto read,
                   crypto::read_keyed_certificate({file, none, password ? &*password : nullptr, words.pfx}));
    return describe(std::move(read.chain_pem), std::move(read.key_pem));
}

// What is there stays: somebody may be using it.
Result<void> write_new(const std::string& path, std::string_view text, mode_t mode) {
    if (os::file_exists(path))
        return Error{ErrorId::usage_invalid,
                     fmt::format("{} exists; remove it, or give another --out", path)};
    return os::write_file_atomic(path, text, mode);
}

Result<void> create(const CertWords& words) {
    if (!words.client)
        return Error{ErrorId::usage_invalid, "say --client: other certificates are not made here"};
    if (words.user.empty() || words.user.find('/') != std::string::npos)
        return Error{ErrorId::usage_invalid, "--user names the local account on the host"};
    auto made = words.pfx.empty() ? make_new(words) : convert(words);
    if (!made.ok()) return std::move(made).error();
    const auto certificate = fmt::format("{}/{}.pem", words.out, words.user);
    const auto key = fmt::format("{}/{}_key.pem", words.out, words.user);
    if (os::file_exists(key))
        return Error{ErrorId::usage_invalid, fmt::format("{} exists; remove it, or give another --out", key)};
    MULLION_TRY(os::make_directory(words.out, 0700));
    MULLION_TRY(write_new(certificate, made->pem, 0644));
    MULLION_TRY(write_new(key, made->key.expose(), 0600));
    fmt::print(stderr, "{} and {}: thumbprint {}, valid until {}\n", certificate, key, made->info.thumbprint,
               time_text(made->info.not_after));
    const bool signs_itself = made->info.subject == made->info.issuer;
    const auto& upns = made->info.upns;
    fmt::print("{}", powershell_setup({words.user, upns.empty() ? words.user + "@localhost" : upns.front(),
                                       made->der, signs_itself ? "" : printable(made->info.issuer)}));
    return {};
}

Result<void> import_file(const CertWords& words) {
    if (!words.trust)
        return Error{ErrorId::usage_invalid, "say --trust: this puts certificates into DIR/trust"};
    MULLION_ASSIGN(const auto thumbprints, service::trust_certificates(words.state, words.file));
    for (const auto& one : thumbprints) fmt::print("{}\n", one);
    fmt::print(stderr, "a running service trusts them after its next reload (SIGHUP)\n");
    return {};
}

Result<void> map(const CertWords& words) {
    std::string hex = words.issuer;
    std::erase(hex, ' ');
    const auto bytes = encoding::from_hex(hex);
    if (!bytes || bytes->size() != 20)
        return Error{ErrorId::usage_invalid, "--issuer is a thumbprint: 40 hex digits"};
    service::CertificateMapping mapping;
    mapping.issuer = encoding::to_upper_hex(*bytes);
    mapping.subject = words.subject.empty() ? words.user + "@localhost" : words.subject;
    mapping.uri = words.uri;
    mapping.user = words.user;
    MULLION_TRY(service::add_mapping(words.state, mapping));
    fmt::print(stderr, "{} is {} after the next reload (SIGHUP) of a running service\n", mapping.subject,
               mapping.user);
    return {};
}

nlohmann::ordered_json in_json(const std::vector<crypto::CertificateInfo>& all) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& one : all)
        list.push_back({{"thumbprint", one.thumbprint},
                        {"subject", one.subject},
                        {"issuer", one.issuer},
                        {"upns", one.upns},
                        {"not_after", time_text(one.not_after)}});
    return list;
}

Result<void> list(const CertWords& words) {
    MULLION_ASSIGN(const auto known, service::list_certificates(words.state));
    if (words.output == "json") {
        auto mappings = nlohmann::ordered_json::array();
        for (const auto& one : known.mappings)
            mappings.push_back({{"issuer", one.issuer},
                                {"subject", one.subject},
                                {"uri", one.uri},
                                {"enabled", one.enabled},
                                {"user", one.user}});
        const nlohmann::ordered_json all{{"schema", 1},
                                         {"own", in_json(known.own)},
                                         {"trusted", in_json(known.trusted)},
                                         {"mappings", mappings}};
        fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
        return {};
    }
    const auto show = [](const char* what, const std::vector<crypto::CertificateInfo>& all) {
        for (const auto& one : all)
            fmt::print("{}  {}  {}  until {}\n", what, one.thumbprint,
                       printable(fmt::format("{}{}{}", one.subject, one.upns.empty() ? "" : "  ",
                                             fmt::join(one.upns, ", "))),
                       time_text(one.not_after));
    };
    show("own    ", known.own);
    show("trusted", known.trusted);
    for (const auto& one : known.mappings)
        fmt::print("mapped   {}  {} for {} is {}{}\n", one.issuer, printable(one.subject), printable(one.uri),
                   one.user, one.enabled ? "" : "  (not enabled)");
    return {};
}

void declare_state(CLI::App& command, CertWords& words) {
    command.add_option("--state", words.state, "The service's state directory")->required()->type_name("DIR");
}

CLI::App* declare_create(CLI::App& app, CertWords& words) {
    auto* command =
        app.add_subcommand("create", "Make a client's certificate, and print how a host takes it");
    command->add_flag("--client", words.client, "A client's: for logging on with --transport certificate");
    command->add_option("--user", words.user, "The local account of the host that it is for")
        ->required()
        ->type_name("NAME");
    command->add_option("--out", words.out, "Folder for NAME.pem and NAME_key.pem; made when missing")
        ->required()
        ->type_name("DIR");
    command->add_option("--key", words.key, "rsa2048 or p256")->check(CLI::IsMember({"rsa2048", "p256"}));
    command->add_option("--days", words.days, "How long it is valid (default 3650)")
        ->check(CLI::Range(1u, 36500u));
    command->add_option("--from-pfx", words.pfx, "Make nothing: convert this PKCS#12 file to PEM")
        ->type_name("FILE");
    command
        ->add_option("--password-file", words.password_file,
                     "The PKCS#12 file's password; - is standard input")
        ->type_name("FILE|-");
    command->footer("Example: mullion cert create --client --user admin --out ~/winrm > setup.ps1\n");
    return command;
}

CLI::App* declare_map(CLI::App& app, CertWords& words) {
    auto* command =
        app.add_subcommand("map", "Let a client's certificate stand for an account of the service");
    command->add_option("--user", words.user, "The account")->required()->type_name("NAME");
    command->add_option("--issuer", words.issuer, "Thumbprint of who signed it; its own when it signs itself")
        ->required()
        ->type_name("HEX");
    command
        ->add_option("--subject", words.subject,
                     "Its UPN, with a * at one end at most (default NAME@localhost)")
        ->type_name("TEXT");
    command->add_option("--uri", words.uri, "Resources that it is for, with a * at the end (default *)")
        ->type_name("URI");
    declare_state(*command, words);
    command->footer("Example: mullion cert map --user admin --issuer 8E1F… --state /var/lib/mullion\n");
    return command;
}

}  // namespace

void declare_cert(CLI::App& app, Action& action) {
    auto words = std::make_shared<CertWords>();
    app.require_subcommand(1);
    app.footer("Example: mullion cert create --client --user admin --out ~/winrm > setup.ps1\n");
    auto* creating = declare_create(app, *words);
    auto* importing = app.add_subcommand("import", "Trust the signers of clients' certificates");
    importing->add_option("FILE", words->file, "PEM file with one or more certificates")->required();
    importing->add_flag("--trust", words->trust, "Put them into DIR/trust");
    declare_state(*importing, *words);
    auto* mapping = declare_map(app, *words);
    auto* listing = app.add_subcommand("list", "Show certificates and mappings; never a key");
    listing->add_option("--output", words->output, "text or json")->check(CLI::IsMember({"text", "json"}));
    declare_state(*listing, *words);
    action = [words, creating, importing, mapping] {
        const auto done = creating->parsed()    ? create(*words)
                          : importing->parsed() ? import_file(*words)
                          : mapping->parsed()   ? map(*words)
                                                : list(*words);
        return done.ok() ? exit_status::ok : tell(done.error());
    };
}

}  // namespace mullion::cli
