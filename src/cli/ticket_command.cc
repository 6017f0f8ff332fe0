// mullion ticket: the tickets that others made, kinit above all. Those that Mullion gets itself are in the
// memory of the command that uses them, and end with it.
#include <fmt/chrono.h>
#include <fmt/core.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "kerberos/tickets.h"

namespace mullion::cli {
namespace {

using kerberos::CacheInfo;
using Time = std::chrono::system_clock::time_point;

struct TicketWords {
    std::string cache;
    std::string output = "text";
};

std::string utc(Time time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string realm_of(const CacheInfo& info) {
    const auto at = info.client.rfind('@');
    return at == std::string::npos ? std::string() : info.client.substr(at + 1);
}

void print_json(const CacheInfo& info) {
    auto tickets = nlohmann::ordered_json::array();
    for (const auto& ticket : info.tickets) {
        const bool renewable = ticket.renewable_until != Time();
        tickets.push_back({{"server", ticket.server},
                           {"client", ticket.client},
                           {"begins", utc(ticket.begins)},
                           {"expires", utc(ticket.ends)},
                           {"expired", ticket.ends <= std::chrono::system_clock::now()},
                           {"renewable_until", renewable ? nlohmann::ordered_json(utc(ticket.renewable_until))
                                                         : nlohmann::ordered_json()},
                           {"flags", ticket.flags},
                           {"encryption", ticket.encryption}});
    }
    const nlohmann::ordered_json document{{"schema", 1},
                                          {"cache", info.name},
                                          {"principal", info.client},
                                          {"realm", realm_of(info)},
                                          {"tickets", tickets}};
    // Names are a KDC's words: whatever is no UTF-8 in them is replaced.
    fmt::print("{}\n", escaped_json(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)));
}

void print_text(const CacheInfo& info) {
    fmt::print("cache      {}\nprincipal  {}\nrealm      {}\n", printable(info.name), printable(info.client),
               printable(realm_of(info)));
    if (info.tickets.empty()) fmt::print("no tickets\n");
    for (const auto& ticket : info.tickets) {
        const bool expired = ticket.ends <= std::chrono::system_clock::now();
        fmt::print("\n{}\n  begins   {}\n  expires  {}{}\n", printable(ticket.server), utc(ticket.begins),
                   utc(ticket.ends), expired ? " (expired)" : "");
        if (ticket.renewable_until != Time())
            fmt::print("  renew    until {}\n", utc(ticket.renewable_until));
        fmt::print("  flags    {}, {}\n", ticket.flags, ticket.encryption);
    }
}

int list(const TicketWords& words) {
    const auto info = kerberos::look_at(words.cache);
    if (!info.ok()) return tell(info.error());
    if (words.output == "json") {
        print_json(*info);
    } else {
        print_text(*info);
    }
    return exit_status::ok;
}

int destroy(const TicketWords& words) {
    const auto info = kerberos::destroy_tickets(words.cache);
    if (!info.ok()) return tell(info.error());
    fmt::print(stderr, "destroyed {} with {} ticket{} of {}\n", printable(info->name), info->tickets.size(),
               info->tickets.size() == 1 ? "" : "s", printable(info->client));
    return exit_status::ok;
}

CLI::App* declare(CLI::App& app, const char* name, const char* text, TicketWords& words) {
    auto* command = app.add_subcommand(name, text);
    command
        ->add_option(
            "--ccache", words.cache,
            "The cache: a file, KEYRING:…, KCM:…, DIR:… (default: KRB5CCNAME, or what krb5.conf says)")
        ->type_name("NAME");
    return command;
}

}  // namespace

void declare_ticket(CLI::App& app, Action& action) {
    auto words = std::make_shared<TicketWords>();
    app.footer("Example: mullion ticket list --ccache /tmp/krb5cc_1000\n");
    app.require_subcommand(1);
    auto* listing =
        declare(app, "list", "Show a cache: whose it is, and each ticket with its flags and end", *words);
    listing->add_option("--output", words->output, "text or json")->check(CLI::IsMember({"text", "json"}));
    listing->footer("Example: mullion ticket list --output json\n");
    declare(app, "destroy", "Destroy a cache with all its tickets", *words)
        ->footer("Example: mullion ticket destroy\n");
    action = [words, listing] {
        if (listing->parsed()) return list(*words);
        return destroy(*words);
    };
}

}  // namespace mullion::cli
