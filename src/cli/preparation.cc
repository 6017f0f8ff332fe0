#include "cli/preparation.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "cli/printable.h"
#include "client/kerberos_logon.h"
#include "os/terminal.h"

namespace mullion::cli {
namespace {

const Error* error_of(const fleet::Prepared& prepared) {
    const auto* const not_run = std::get_if<fleet::NotRun>(&prepared);
    return not_run != nullptr && not_run->error ? &*not_run->error : nullptr;
}

fleet::Prepared not_run(Error error, const std::string& name) {
    return fleet::NotRun{std::move(error).on_host(name), {}};
}

}  // namespace

Result<Secret> OperatorPassword::get(const std::string& prompt, int cancelled) {
    if (!known_) known_ = read_password(source_, prompt, cancelled);
    if (!known_->ok()) return known_->error();
    return known_->value().clone();
}

Preparation::Preparation(Hosts& hosts, HostSecrets& secrets, PasswordSource password, Notify notify)
    : hosts_(hosts), secrets_(secrets), password_(std::move(password)), notify_(std::move(notify)) {}

Result<void> Preparation::check() {
    first_ = prepare_now(0);
    const auto* const first = error_of(*first_);
    if (first == nullptr) return {};
    if (first->id == ErrorId::run_interrupted) return *first;  // Ctrl-C is meant for all of it.
    for (std::size_t host = 1; host < hosts_.count(); ++host) {
        const auto other = prepare_now(host);
        const auto* const error = error_of(other);
        if (error == nullptr || error->id != first->id || error->detail != first->detail) return {};
    }
    auto error = *first;
    if (hosts_.count() > 1) error.host.clear();  // It is no fault of that one.
    return error;
}

fleet::Prepared Preparation::prepare(std::size_t host) {
    if (host == 0 && first_) {
        auto prepared = std::move(*first_);
        first_.reset();
        return prepared;
    }
    return prepare_now(host);
}

fleet::Prepared Preparation::prepare_now(std::size_t host) {
    if (!std::exchange(looked_up_, true)) secrets_.look_up();
    const auto name = hosts_.name(host);
    auto plan = hosts_.plan(host);
    if (!plan.ok()) return not_run(std::move(plan).error(), name);
    if (const auto* skip = std::get_if<inventory::Skip>(&*plan))
        return fleet::NotRun{std::nullopt, skip->reason};
    auto& reach = std::get<inventory::Reach>(*plan);
    look_at_key(reach.target);
    auth::Credential credential;
    if (!target::takes_password(reach.target)) {
        credential.user = reach.target.user;
        return fleet::Work{std::move(reach.target), std::move(credential)};
    }
    if (!reach.credential.empty()) {
        secrets_.look_at(reach);
        credential.user = reach.target.user;
        auto password = secrets_.password(reach);
        if (!password.ok()) return not_run(std::move(password).error(), name);
        credential.password = std::move(password).value();
        const bool no_profile = secrets_.no_profile(reach);
        return fleet::Work{std::move(reach.target), std::move(credential), no_profile};
    }
    // A cache of tickets says whose it is.
    const bool tickets = client::brings_tickets(reach.target) && !password_.given();
    if (reach.target.user.empty() && !(tickets && reach.target.kerberos.keytab.empty()))
        return not_run({ErrorId::auth_credentials, "there is no user name"}, name);
    credential.user = reach.target.user;
    // A flag wins over a variable, as all flags do; MULLION_PASSWORD_FILE is for hosts that have none.
    if (reach.password && !password_.given()) {
        auto password = secrets_.password(reach);
        if (!password.ok()) return not_run(std::move(password).error(), name);
        credential.password = std::move(password).value();
    } else if (!tickets) {
        auto password = ask_operator(reach.target);
        if (!password.ok()) return fleet::NotRun{std::move(password).error(), {}};
        credential.password = std::move(password).value();
    }
    return fleet::Work{std::move(reach.target), std::move(credential)};
}

// A key is as good as a password.
void Preparation::look_at_key(const target::Target& target) const {
    const auto& ways = target.transports;
    if (!notify_ || std::find(ways.begin(), ways.end(), "certificate") == ways.end()) return;
    const auto& file = target.client_key.empty() ? target.client_certificate : target.client_key;
    if (os::others_may_read(file))
        notify_(printable(fmt::format("{}: others may read this key (chmod 600)", file)));
}

std::string Preparation::question(const target::Target& target) const {
    const auto several = hosts_.count() > 1;
    return printable(
        several ? fmt::format("Password for {} and other hosts without one of their own: ", target.name)
                : fmt::format("Password of {} for {}: ", target.user, target.name));
}

Result<Secret> Preparation::ask_operator(const target::Target& target) {
    std::string prompt;
    std::unique_lock<std::mutex> quiet;
    if (!password_.known()) {
        prompt = question(target);
        if (terminal_.hush) quiet = terminal_.hush();
    }
    auto password = password_.get(prompt, terminal_.interrupted);
    if (!password.ok() && password.error().id == ErrorId::run_interrupted && terminal_.interrupt) {
        terminal_.interrupt();
        return Error(ErrorId::run_not_started, "");
    }
    return password;
}

}  // namespace mullion::cli
