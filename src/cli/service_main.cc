// mullion-service: the commands that need the service's libraries. `mullion serve` becomes this program.
#include "cli/audit_command.h"
#include "cli/cert_command.h"
#include "cli/commands.h"
#include "cli/process.h"
#include "cli/secrets_command.h"
#include "cli/serve_command.h"
#include "cli/simulate_command.h"
#include "cli/user_command.h"
#include "crypto/wiped_free.h"

int main(int count, char** words) {
    (void)mullion::crypto::take_openssl_memory();  // Nothing was before us.
    using namespace mullion::cli;
    const std::vector<Command> commands{
        {"serve", "answer WinRM on this machine", declare_serve},
        {"simulate", "play a fleet of WinRM hosts, for tests", declare_simulate},
        {"user", "the accounts of the service", declare_user},
        {"cert", "certificates of clients, and whom they are mapped to", declare_cert},
        {"secret", "text and file secrets", declare_secret},
        {"credential", "WinRM credentials for hosts", declare_credential},
        {"connector", "secret managers (AWS KMS) and lists of hosts", declare_connector},
        {"apply", "secrets, credentials and connectors from YAML", declare_apply},
        {"audit", "who used, changed or was refused which secret", declare_audit},
        {"docs", "", declare_service_docs},
    };
    run_process([&] { return run_command_line(commands, count, words); }, Leaves::nothing);
}
