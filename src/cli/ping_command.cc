// `mullion ping TARGET`: reach, authenticate, one question that changes nothing.
#include <memory>

#include "cli/commands.h"
#include "cli/connection_options.h"
#include "cli/fleet_run.h"
#include "cli/ping_report.h"
#include "cli/report_text.h"
#include "cli/seconds.h"

namespace mullion::cli {
namespace {

struct PingWords {
    std::shared_ptr<ConnectionOptions> connection;
    FleetOptions fleet;
    Format format = Format::text;
    client::PingOptions options;
};

int ping(const PingWords& words) {
    Notices notices;
    const auto hosts =
        find_hosts(*words.connection, [&notices](const std::string& text) { notices.tell(text); });
    if (!hosts.ok()) return tell(hosts.error());
    HostSecrets secrets(**hosts, words.connection->secrets, {"ping", {}, {}},
                        [&notices](const std::string& text) { notices.tell(text); });
    Preparation preparation(**hosts, secrets, words.connection->password,
                            [&notices](const std::string& text) { notices.tell(text); });
    if (const auto checked = preparation.check(); !checked.ok()) return tell(checked.error());
    FleetRun run(**hosts, preparation, notices, words.fleet);
    PingReport report(**hosts, run.state(), run.writer(), words.format);
    run.fleet().ping((*hosts)->count(), run.prepare(), words.options, report);
    report.finish(run.elapsed());
    return run.end();
}

}  // namespace

void declare_ping(CLI::App& app, Action& action) {
    auto words = std::make_shared<PingWords>();
    words->connection = declare_connection(app);
    declare_fleet(app, words->fleet);
    declare_seconds(app, "--timeout", words->options.timeout,
                    "Wall clock for each host (default: --connect-timeout and --read-timeout together)");
    declare_format(app, words->format);
    app.footer(
        "Exit status: 0 all answered; 4 a host was not reached or refused; 5 wrong usage or inventory; 130 "
        "interrupted.\n\n"
        "Examples:\n"
        "  mullion ping https://admin@web01 -k --ca-file corp-ca.pem\n"
        "  mullion ping -i hosts.yml 'windows:!web03' --output jsonl");
    action = [words] { return ping(*words); };
}

}  // namespace mullion::cli
