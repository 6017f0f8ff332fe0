#include "client/run_policy.h"

#include <algorithm>

#include "wsman/fault.h"

namespace mullion::client {
namespace {

// A host that restarts its WinRM service is back within this; tries are counted as well, since each may take
// a read timeout.
constexpr Duration restart_window{30'000};
constexpr unsigned fewest_receive_tries = 5;

// One such answer may have been spoilt on the way.
constexpr unsigned most_nonsense = 5;

constexpr Duration first_pause{100};
constexpr Duration longest_pause{2'000};

}  // namespace

bool says_gone(const Failure& failure) {
    return failure.is_fault(wsman::code::unexpected_selectors) ||
           failure.is_fault(wsman::code::shell_already_closed) ||
           failure.is_fault(wsman::code::command_already_closed) ||
           failure.is_fault(wsman::code::resource_not_found);
}

bool is_nonsense(const Error& error) {
    return error.id == ErrorId::http_malformed || error.id == ErrorId::http_too_large ||
           error.id == ErrorId::http_not_winrm || error.id == ErrorId::wsman_malformed ||
           error.id == ErrorId::wsman_mismatch || error.id == ErrorId::seal_broken;
}

void RunPolicy::succeeded() {
    tries_ = nonsense_ = 0;
    trouble_since_.reset();
}

Duration RunPolicy::pause() {
    const auto doublings = std::min(tries_, 10U);
    ++tries_;
    return std::min(longest_pause, first_pause * (1U << doublings));
}

bool RunPolicy::worth_waiting(const Failure& failure, MonotonicTime now) {
    if (failure.sent) return false;
    if (failure.stale && failure.error.id == ErrorId::net_closed) return tries_ < 2;
    const auto id = failure.error.id;
    return (id == ErrorId::net_refused || id == ErrorId::http_busy) && now < wait_until_;
}

Next RunPolicy::after_create(const Failure& failure, MonotonicTime now) {
    // The id is random and ours: who has it already has it from us.
    if (failure.is_fault(wsman::code::shell_id_conflict)) return Next::use_it;
    if (worth_waiting(failure, now)) return Next::again;
    if (failure.error.id == ErrorId::http_busy && now < wait_until_) return Next::again;
    // The channel has logged on once more already: a third time could lock the account.
    if (failure.error.id == ErrorId::auth_rejected) return Next::give_up;
    if (failure.lost() && !create_repeated_) {
        create_repeated_ = true;
        return Next::again;
    }
    return Next::give_up;
}

Next RunPolicy::after_command(const Failure& failure, MonotonicTime now) {
    if (worth_waiting(failure, now)) return Next::again;
    const bool used_up = failure.is_fault(wsman::code::quota_operations) || (held_ && says_gone(failure));
    if (used_up && !shell_recycled_) {
        shell_recycled_ = true;
        create_repeated_ = false;  // The next shell has an id, and a right to a lost answer, of its own.
        return Next::recycle_shell;
    }
    // It has that command already: a 401, which anybody on the way can say, made the channel send it again.
    if (failure.is_fault(wsman::code::command_id_conflict)) return Next::ask_for_it;
    // It was not the host who refused it, perhaps; and to ask would be another log-on that could lock the
    // account.
    if (failure.lost() && failure.error.id == ErrorId::auth_rejected) return Next::unknown;
    // The host held the request until its time was over: the command may have begun meanwhile.
    if (failure.lost() || failure.is_fault(wsman::code::operation_timed_out)) return Next::ask_for_it;
    return Next::give_up;
}

NextReceive RunPolicy::after_receive(const Failure& failure, MonotonicTime now) {
    if (failure.is_fault(wsman::code::operation_timed_out)) {
        succeeded();
        return NextReceive::again;
    }
    if (failure.fault) return NextReceive::unknown;
    if (!failure.sent && failure.stale && failure.error.id == ErrorId::net_closed && tries_ < 2)
        return NextReceive::again;  // It never left, so no answer was lost.
    // The host knew us before: a log-on that it now rejects does not come right by repetition, and could lock
    // the account. Everything else a restarting service may say: nothing, refused, 503, 404.
    if (failure.error.id == ErrorId::auth_rejected) return NextReceive::unknown;
    if (is_nonsense(failure.error) && ++nonsense_ == most_nonsense) return NextReceive::unknown;
    if (!trouble_since_) trouble_since_ = now;
    const bool in_window = now - *trouble_since_ < restart_window;
    if (!in_window && tries_ >= fewest_receive_tries) return NextReceive::unknown;
    return NextReceive::again_damaged;
}

NextSend RunPolicy::after_send(const Failure& failure) {
    if (failure.is_fault(wsman::code::busy)) return NextSend::again;
    if (failure.is_fault(wsman::code::broken_pipe) || says_gone(failure)) return NextSend::no_reader;
    return NextSend::give_up;
}

}  // namespace mullion::client
