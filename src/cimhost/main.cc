// mullion-cim-host: answers one question about CIM, read from its stdin, on its stdout. Started by the
// service as a caller's own Unix user, not by people.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string_view>

#include "cimhost/host.h"

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
        std::printf("mullion-cim-host %s\n", MULLION_VERSION);
        return 0;
    }
    if (argc != 1) {
        std::fputs(
            "mullion-cim-host takes no arguments. It answers one question of `mullion serve` from its stdin; "
            "what this machine tells by CIM is asked with `mullion cim query` or `winrm enumerate`.\n",
            stderr);
        return 2;
    }
    // Nobody reads any more: an error of write(), after which this ends by itself.
    std::signal(SIGPIPE, SIG_IGN);
    return mullion::cimhost::serve(STDIN_FILENO, STDOUT_FILENO, mullion::cim::Registry::standard(),
                                   mullion::cim::this_machine());
}
