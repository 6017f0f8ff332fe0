#include "cli/result_status.h"

#include "cli/exit_status.h"

namespace mullion::cli {

int exit_status_of(Status status, const std::optional<Error>& error) {
    if (error) return error->info().exit_code;
    return status == Status::ok ? exit_status::ok : exit_status::command_failed;
}

}  // namespace mullion::cli
