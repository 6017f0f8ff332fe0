#include "cli/commands.h"
#include "cli/process.h"

int main(int count, char** words) {
    mullion::cli::run_process([&] { return mullion::cli::run_command_line(count, words); });
}
