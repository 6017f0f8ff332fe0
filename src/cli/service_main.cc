// mullion-service: the commands that need the service's libraries. `mullion serve` becomes this program.
#include "cli/cert_command.h"
#include "cli/commands.h"
#include "cli/process.h"
#include "cli/serve_command.h"
#include "cli/simulate_command.h"
#include "cli/user_command.h"

int main(int count, char** words) {
    using namespace mullion::cli;
    const std::vector<Command> commands{
        {"serve", "answer WinRM on this machine", declare_serve},
        {"simulate", "play a fleet of WinRM hosts, for tests", declare_simulate},
        {"user", "the accounts of the service", declare_user},
        {"cert", "certificates of clients, and whom they are mapped to", declare_cert},
        {"docs", "", declare_service_docs},
    };
    run_process([&] { return run_command_line(commands, count, words); }, Leaves::nothing);
}
