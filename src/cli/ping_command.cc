// `mullion ping TARGET`: reach, authenticate, one question that changes nothing.
#include <unistd.h>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include <memory>

#include "cli/commands.h"
#include "cli/connection_options.h"
#include "cli/interrupts.h"
#include "cli/report_json.h"
#include "cli/report_text.h"
#include "cli/result_status.h"
#include "cli/write_all.h"
#include "client/client.h"

namespace mullion::cli {
namespace {

struct PingWords {
    std::shared_ptr<ConnectionOptions> connection;
    std::string output = "text";
};

int report(const std::string& format, const std::string& host, const client::PingOutcome& outcome) {
    if (format == "text") {
        if (outcome.error) (void)write_all(STDERR_FILENO, describe(*outcome.error));
        (void)write_all(outcome.error ? STDERR_FILENO : STDOUT_FILENO, summary(host, outcome));
    } else {
        auto object = ping_object(host, outcome);
        if (format == "json") object = document(object, outcome.status);
        (void)write_all(STDOUT_FILENO, object + "\n");
    }
    return exit_status_of(outcome.status, outcome.error);
}

int ping(const PingWords& words) {
    auto destination = resolve(*words.connection);
    if (!destination.ok()) return tell(destination.error());
    Interrupts interrupts;
    auto* const runtime = new client::Runtime;  // Never deleted: see run_command.cc.
    const auto host = destination->target.name;
    auto session =
        client::Session::make(*runtime, std::move(destination->target), std::move(destination->credential));
    client::PingOutcome outcome;
    if (session.ok()) {
        auto& one = *session.value();
        interrupts.on_first([&one] { one.interrupt(); });
        outcome = one.ping();
        interrupts.on_first({});
    } else {
        outcome.status = session.error().info().status;
        outcome.error = std::move(session).error();
    }
    return report(words.output, host, outcome);
}

}  // namespace

void declare_ping(CLI::App& app, Action& action) {
    auto words = std::make_shared<PingWords>();
    words->connection = declare_connection(app);
    app.add_option("--output", words->output, "text, json (one document) or jsonl (one line per host)")
        ->check(CLI::IsMember({"text", "json", "jsonl"}))
        ->type_name("text|json|jsonl");
    app.footer(
        "Exit status: 0 it answered; 4 it was not reached or refused; 5 wrong usage; 130 interrupted.\n\n"
        "Example: mullion ping https://admin@web01 -k --ca-file corp-ca.pem");
    action = [words] { return ping(*words); };
}

}  // namespace mullion::cli
