// Shells that end without a Delete: nobody used them for too long, they are as old as they may become, or
// their account is no more.
#include <fmt/core.h>

#include <algorithm>

#include "service/shells/shell_faults.h"
#include "service/shells/shells.h"

namespace mullion::service {
namespace {

constexpr std::string_view ended = "The shell was ended with everything in it: ";
constexpr std::uint32_t no_limit = 2'147'483'647;  // What Windows shows where there is none.
// Whose shell was ended may come and ask for a while.
constexpr Duration remembered{600'000};
constexpr std::size_t most_remembered = 1'024;

// How old a shell may become, and who says so.
struct Age {
    Duration most = Duration::max();
    std::string_view by;
};

Age most_of(const Shell& shell, const state::Settings& settings) {
    Age age;
    const auto run_time = settings.max_shell_run_time_ms;
    if (run_time != 0 && run_time < no_limit) age = {Duration(run_time), "MaxShellRunTime"};
    if (shell.lifetime && *shell.lifetime > Duration(0) && *shell.lifetime < age.most)
        age = {*shell.lifetime, "the Lifetime that its client chose"};
    return age;
}

}  // namespace

wsman::Fault Shells::missing(const Visit& visit, const std::string& shell_id) const {
    const std::string id = upper(shell_id);
    const auto his = [&](const Ended& one) {
        return one.id == id && one.owner == visit.user && one.account == visit.account;
    };
    const auto found = std::find_if(ended_.begin(), ended_.end(), his);
    return shell_missing(found == ended_.end() ? std::string_view() : found->because);
}

wsman::Fault Shells::closed(const Shell& shell) {
    return wsman::make_fault(wsman::code::aborted, shell.ended_because);
}

void Shells::end(const std::shared_ptr<Shell>& shell, std::string_view because) {
    shell->ended_because = fmt::format("{}{}. ", ended, because);
    log_.warning("shell {} of {} is ended: {}", shell->id, shell->owner, because);
    ended_.push_back({shell->id, shell->owner, shell->account, shell->ended_because, clock_.now()});
    close(shell);
}

void Shells::forget_ended() {
    while (!ended_.empty() &&
           (ended_.size() > most_remembered || clock_.now() - ended_.front().when >= remembered))
        ended_.pop_front();
}

void Shells::end_what_is_too_old(const state::Settings& settings) {
    std::vector<std::pair<std::shared_ptr<Shell>, Age>> old;
    for (const auto& [id, shell] : shells_) {
        const Age age = most_of(*shell, settings);
        if (std::chrono::duration_cast<Duration>(clock_.now() - shell->created) >= age.most)
            old.emplace_back(shell, age);
    }
    for (const auto& [shell, age] : old)
        end(shell, fmt::format("it is {} milliseconds old, as old as {} allows", age.most.count(), age.by));
}

void Shells::end_what_is_idle() {
    std::vector<std::shared_ptr<Shell>> idle;
    for (const auto& [id, shell] : shells_) {
        if (shell->in_use == 0 && clock_.now() - shell->last_used >= shell->idle_timeout)
            idle.push_back(shell);
    }
    for (const auto& shell : idle)
        end(shell, fmt::format("nobody used it for {} milliseconds, as long as IdleTimeout allows",
                               shell->idle_timeout.count()));
}

void Shells::end_of_deleted(const std::function<bool(const rights::Sid&)>& deleted) {
    std::vector<std::shared_ptr<Shell>> gone;
    for (const auto& [id, shell] : shells_)
        if (deleted(shell->account)) gone.push_back(shell);
    for (const auto& shell : gone)
        end(shell, fmt::format("the account {} that opened it was deleted", shell->owner));
    operations_.end_of_deleted(deleted);
}

void Shells::sweep(const state::Settings& settings) {
    end_what_is_too_old(settings);
    end_what_is_idle();
    forget_ended();
    operations_.sweep();
}

}  // namespace mullion::service
