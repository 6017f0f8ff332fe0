#include "cli/winrs_refusals.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "cli/printable.h"

namespace mullion::cli {
namespace {

bool says(const Error& error, std::string_view words) {
    return error.detail.find(words) != std::string::npos;
}

// The dynamic linker obeys them in every program of the command's: no service takes them from a client.
bool steers_the_linker(std::string_view name) {
    return name.starts_with("LD_");
}

std::string refused_variables(const client::RunOptions& options) {
    std::string names;
    for (const auto& [name, value] : options.environment)
        if (steers_the_linker(name)) names += (names.empty() ? "" : ", ") + printable(name);
    return names;
}

std::string about_environment(const client::RunOptions& options) {
    const auto names = refused_variables(options);
    if (names.empty())
        return "The host does not take one of the variables of -environment: leave out the one that it "
               "names, or set it inside the command.";
    return fmt::format(
        "The host does not take {} from a client, since it steers the loader of programs: leave it out of "
        "-environment, or set it inside the command.",
        names);
}

std::string about_user(bool at_the_machine) {
    if (at_the_machine)
        return "Nobody logged on: without -username the command would run as whoever asks here, and the "
               "service runs none as root. Name an account: -username:NAME (mullion user list shows them).";
    return "The service may not run commands as the Linux user of this account: it runs as another one "
           "without being root, or the account was given a user with uid 0 without --allow-root. mullion "
           "user list shows who is who.";
}

}  // namespace

Error explain_refusal(Error error, const client::RunOptions& options, bool at_the_machine) {
    if (error.id != ErrorId::wsman_access_denied) return error;
    std::string why;
    if (says(error, "environment")) why = about_environment(options);
    if (says(error, "PAM refused a session"))
        why =
            "PAM on the host lets this user have no session now: the service's log there says why (an "
            "expired account, a limit, a module of /etc/pam.d).";
    if (says(error, "(become user)")) why = about_user(at_the_machine);
    if (why.empty()) return error;
    error.id = ErrorId::wsman_fault;  // Groups and rights, which the other is about, change nothing here.
    error.advice.insert(error.advice.begin(), std::move(why));
    return error;
}

}  // namespace mullion::cli
