#include "cli/cert_command.h"

#include <fmt/core.h>

#include <cstdio>
#include <memory>

#include "cli/cert_words.h"
#include "cli/exit_status.h"
#include "cli/report_text.h"
#include "state/certificate_admin.h"

namespace mullion::cli {
namespace {

Result<void> map(const CertWords& words) {
    const auto issuer = state::as_thumbprint(words.issuer);
    if (!issuer) return Error{ErrorId::usage_invalid, "--issuer is a thumbprint: 40 hex digits"};
    state::CertificateMapping mapping;
    mapping.issuer = *issuer;
    mapping.subject = words.subject.empty() ? words.user + "@localhost" : words.subject;
    mapping.uri = words.uri;
    mapping.user = words.user;
    MULLION_TRY(state::add_mapping(words.state, mapping));
    fmt::print(stderr, "{} is {} after the next reload (SIGHUP) of a running service\n", mapping.subject,
               mapping.user);
    return {};
}

void declare_state(CLI::App& command, CertWords& words) {
    command.add_option("--state", words.state, "The service's state directory")->required()->type_name("DIR");
}

CLI::App* declare_create(CLI::App& app, CertWords& words) {
    auto* command = app.add_subcommand("create", "Make a certificate, of a client or of this machine");
    command->add_flag("--client", words.client, "A client's: for logging on with --transport certificate");
    command->add_flag("--server", words.server,
                      "This machine's own, into My: for HTTPS listeners and CredSSP");
    command->add_option("--user", words.user, "Of a client: the local account of the host that it is for")
        ->type_name("NAME");
    command
        ->add_option("--out", words.out,
                     "Of a client: folder for NAME.pem and NAME_key.pem; made when missing")
        ->type_name("DIR");
    command
        ->add_option("--name", words.names,
                     "Of this machine: a DNS name or address (repeatable; default: all that it has)")
        ->type_name("NAME");
    command->add_option("--state", words.state, "Of this machine: the service's state directory")
        ->type_name("DIR");
    command->add_option("--key", words.key, "rsa2048 or p256")->check(CLI::IsMember({"rsa2048", "p256"}));
    command
        ->add_option("--days", words.days,
                     "How long it is valid (default: a client's 3650, this machine's 825)")
        ->check(CLI::Range(1u, 36500u));
    command->add_option("--from-pfx", words.pfx, "Make nothing: convert this PKCS#12 file to PEM")
        ->type_name("FILE");
    command
        ->add_option("--password-file", words.password_file,
                     "The PKCS#12 file's password; - is standard input")
        ->type_name("FILE|-");
    command->footer(
        "Example: mullion cert create --client --user admin --out ~/winrm > setup.ps1\n"
        "         mullion cert create --server --name web01.example.com --state /var/lib/mullion\n");
    return command;
}

void declare_store(CLI::App& command, CertWords& words, const char* text) {
    command.add_option("--store", words.store, std::string("My, Root, CA or TrustedPeople. ") + text)
        ->type_name("STORE");
}

void declare_output(CLI::App& command, CertWords& words) {
    command.add_option("--output", words.output, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void declare_thumbprint(CLI::App& command, CertWords& words) {
    command.add_option("THUMBPRINT", words.thumbprint, "Its 40 hex digits")->required();
}

CLI::App* declare_import(CLI::App& app, CertWords& words) {
    auto* command = app.add_subcommand("import", "Put what lies in a file into a store");
    command->add_option("FILE", words.file, "PEM, DER (.cer) or PKCS#12 (.pfx)")->required();
    declare_store(*command, words, "My wants the key as well");
    command->add_flag("--trust", words.trust,
                      "Root and TrustedPeople at once: for clients that sign themselves");
    command
        ->add_option("--password-file", words.password_file,
                     "The password of a key or a PKCS#12 file; - is standard input")
        ->type_name("FILE|-");
    declare_state(*command, words);
    command->footer(
        "Example: mullion cert import web01.pfx --store My --password-file pw --state /var/lib/mullion\n"
        "         mullion cert import ca.cer --store Root --state /var/lib/mullion\n");
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

// Advice for connections names their options, which are not of this command.
std::string in_import_words(std::string_view line) {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"Give its password with --client-key-password-file FILE.",
         "Give its password with --password-file FILE (- is standard input); on a terminal it is asked "
         "for."},
        {"Give the key that the certificate was made with: --client-key FILE.",
         "Put the certificate and the key that it was made with into one file."},
        {"Files are PEM; a folder for --ca-file holds one or more certificates a file.",
         "The file is PEM, DER or PKCS#12."},
    };
    for (const auto& [from, to] : words)
        if (line == from) return std::string(to);
    return std::string(line);
}

int tell_of_import(const Error& error) {
    if (error.id == ErrorId::run_interrupted) return tell(error);
    fmt::print(stderr, "mullion: {}", describe(error, in_import_words));
    return error.info().exit_code;
}

}  // namespace

void declare_cert(CLI::App& app, Action& action) {
    auto words = std::make_shared<CertWords>();
    app.require_subcommand(1);
    app.footer("Example: mullion cert create --client --user admin --out ~/winrm > setup.ps1\n");
    auto* creating = declare_create(app, *words);
    auto* importing = declare_import(app, *words);
    auto* mapping = declare_map(app, *words);
    auto* listing = app.add_subcommand("list", "Show certificates and mappings; never a key");
    declare_store(*listing, *words, "Only of this one");
    declare_output(*listing, *words);
    declare_state(*listing, *words);
    listing->footer("Example: mullion cert list --store My --state /var/lib/mullion\n");
    auto* showing = app.add_subcommand("show", "All of one certificate, and who names it");
    declare_thumbprint(*showing, *words);
    declare_output(*showing, *words);
    declare_state(*showing, *words);
    showing->footer("Example: mullion cert show 8E1F… --state /var/lib/mullion\n");
    auto* deleting = app.add_subcommand("delete", "Take a certificate out of its stores");
    declare_thumbprint(*deleting, *words);
    declare_store(*deleting, *words, "Only out of this one");
    deleting->add_flag("--force", words->force, "Also while a listener or a mapping names it");
    declare_state(*deleting, *words);
    deleting->footer("Example: mullion cert delete 8E1F… --state /var/lib/mullion\n");
    action = [=] {
        const auto done = creating->parsed()    ? create_certificate(*words)
                          : importing->parsed() ? import_certificate(*words)
                          : mapping->parsed()   ? map(*words)
                          : showing->parsed()   ? show_certificate(*words)
                          : deleting->parsed()  ? delete_certificate(*words)
                                                : list_certificates(*words);
        if (done.ok()) return exit_status::ok;
        return importing->parsed() ? tell_of_import(done.error()) : tell(done.error());
    };
}

}  // namespace mullion::cli
