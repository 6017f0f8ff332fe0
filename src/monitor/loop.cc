#include "monitor/loop.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>
#include <variant>

#include "core/secret.h"
#include "os/seqpacket.h"
#include "os/signals.h"

namespace mullion::monitor {
namespace {

int number_of(os::SignalRequest::What what) {
    switch (what) {
        case os::SignalRequest::What::interrupt:
            return SIGINT;
        case os::SignalRequest::What::quit:
            return SIGQUIT;
        case os::SignalRequest::What::kill:
            return SIGKILL;
    }
    return SIGKILL;
}

// A start holds four descriptors here, an unsent Spawned three: beyond either, commands wait to be begun, and
// everything else is done meanwhile. The network process has eight of one user under way at a time; beyond
// what waits here, requests wait in the socket.
constexpr std::size_t most_starting = 64;
constexpr std::size_t most_unsent = 64;
constexpr std::size_t most_waiting = 128;  // Each may have spawn_message_limit bytes.
constexpr const char* waiting_step = "wait for earlier commands";
constexpr int tidy_again_ms = 20;
constexpr int longest_wait_ms = 60'000;

Error broken(std::string what) {
    return {ErrorId::serve_monitor, std::move(what)};
}

}  // namespace

Result<void> Loop::run() {
    while (true) {
        auto goes_on = turn();
        if (goes_on.ok() && *goes_on) continue;
        if (logons_) logons_->end_all();
        for (const auto& line : children_.end_all()) log_.warning("{}", line);
        if (!goes_on.ok()) return std::move(goes_on).error();
        return {};
    }
}

Result<bool> Loop::turn() {
    begin_waiting();
    const auto socket_events =
        static_cast<short>((has_room() ? POLLIN : 0) | (outgoing_.empty() ? 0 : POLLOUT));
    std::vector<pollfd> watched{
        {socket_, socket_events, 0},
        {signals_, POLLIN, 0},
    };
    std::vector<std::uint64_t> starting;
    children_.each_starting([&](std::uint64_t token, int report) {
        watched.push_back({report, POLLIN, 0});
        starting.push_back(token);
    });
    if (::poll(watched.data(), watched.size(), patience(memory_.tidy())) < 0) {
        if (errno == EINTR) return true;
        return os::system_error(ErrorId::serve_monitor, "poll", errno);
    }

    std::vector<std::uint64_t> readable;
    for (std::size_t i = 0; i < starting.size(); ++i) {
        if (watched[i + 2].revents != 0) readable.push_back(starting[i]);
    }
    const auto now = std::chrono::steady_clock::now();
    tell_started(children_.decide(readable));
    tell_started(children_.give_up_opening(now));
    for (int number = os::next_signal(signals_); number != 0; number = os::next_signal(signals_)) {
        if (number != SIGCHLD) return false;
    }
    if ((watched[0].revents & POLLIN) != 0) {
        MULLION_ASSIGN(const bool goes_on, read_messages());
        if (!goes_on) return false;
    } else if ((watched[0].revents & (POLLHUP | POLLERR)) != 0) {
        return false;  // Gone, with answers of ours unread.
    }
    // Also without a SIGCHLD: one that came while its child was still starting is looked at only now.
    tell_ended();
    tell_logons(now);
    for (const auto& line : children_.look_after_sessions(now)) log_.warning("{}", line);
    return write_messages();
}

// Groups in which something was killed a moment ago can be removed in the next.
int Loop::patience(bool tidy_again) const {
    auto first = children_.next_deadline();
    if (const auto other = logons_ ? logons_->next_deadline() : std::nullopt;
        other && (!first || *other < *first))
        first = other;
    if (!first) return tidy_again ? tidy_again_ms : -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - std::chrono::steady_clock::now());
    const int wait =
        static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, longest_wait_ms));
    return tidy_again ? std::min(wait, tidy_again_ms) : wait;
}

bool Loop::has_room() const {
    return outgoing_.size() < most_unsent && waiting_.size() < most_waiting;
}

Result<bool> Loop::read_messages() {
    while (has_room()) {
        // The network process never sends a descriptor: one that does is not it any more.
        MULLION_ASSIGN(os::Packet packet, os::receive_packet(socket_, 0));
        if (packet.kind == os::Packet::Kind::would_block) return true;
        if (packet.kind == os::Packet::Kind::closed) return false;
        auto message = os::decode_to_monitor(packet.bytes);
        wipe(packet.bytes);  // There may be a ticket in it.
        if (!message)
            return broken("the network process sent what is no message; it is not trusted any more");
        MULLION_TRY(handle(std::move(*message)));
        begin_waiting();
    }
    return true;
}

Result<void> Loop::handle(os::ToMonitor message) {
    if (auto* request = std::get_if<os::SpawnRequest>(&message)) {
        if (knows(request->token)) return broken("a token was used twice");
        waiting_.push_back(std::move(*request));
    }
    if (const auto* request = std::get_if<os::LogonRequest>(&message)) return log_on(*request);
    if (const auto* signal = std::get_if<os::SignalRequest>(&message)) {
        if (take_from_waiting(signal->token))
            tell(os::SpawnFailed{signal->token, EINTR, waiting_step});
        else
            children_.signal(signal->token, number_of(signal->what));
    }
    if (const auto* release = std::get_if<os::Release>(&message))
        if (!take_from_waiting(release->token)) children_.release(release->token);
    return {};
}

bool Loop::knows(std::uint64_t token) const {
    return children_.has(token) || (logons_ && logons_->has(token)) ||
           std::any_of(waiting_.begin(), waiting_.end(),
                       [token](const auto& one) { return one.token == token; });
}

// In the order in which they came.
void Loop::begin_waiting() {
    while (!waiting_.empty() && children_.starting() < most_starting && outgoing_.size() < most_unsent) {
        const os::SpawnRequest next = std::move(waiting_.front());
        waiting_.pop_front();
        spawn(next);
    }
}

// Whatever would end it ends the waiting. True where it did.
bool Loop::take_from_waiting(std::uint64_t token) {
    return std::erase_if(waiting_, [token](const auto& one) { return one.token == token; }) != 0;
}

void Loop::spawn(const os::SpawnRequest& request) {
    Refusal refusal{EAGAIN, "count processes"};
    // Of a session that is being closed there is a process as well.
    if (children_.count() + children_.closing() >= os::spawn_processes_limit) {
        log_.warning("refused to start a command: {} are there already", children_.count());
        tell(os::SpawnFailed{request.token, refusal.error, refusal.step});
        return;
    }
    auto person = policy_.person(request.unix_user, refusal);
    if (!person.ok()) {
        log_.warning("refused to start a command: {}", person.error().detail);
        tell(os::SpawnFailed{request.token, refusal.error, refusal.step});
        return;
    }
    // Nobody but root can open a session for somebody.
    const os::PamService* const pam = pam_ && person->change ? &*pam_ : nullptr;
    auto started = start(request, *person, groups_, tickets_, memory_, pam, refusal);
    if (!started.ok()) {
        log_.warning("could not start a command: {}", started.error().detail);
        tell(os::SpawnFailed{request.token, refusal.error, refusal.step});
        return;
    }
    const Children::Session session{request.unix_user, pam != nullptr ? pam->patience : Duration()};
    children_.add(request.token, std::move(started).value(), pam != nullptr ? &session : nullptr,
                  std::chrono::steady_clock::now());
}

Result<void> Loop::log_on(const os::LogonRequest& request) {
    if (knows(request.token)) return broken("a token was used twice");
    // It knows how it was started.
    if (!logons_) return broken("PAM was asked for, and the service was started without --pam");
    if (auto answer = logons_->begin(request, std::chrono::steady_clock::now())) tell(*answer);
    return {};
}

void Loop::tell_logons(MonotonicTime now) {
    if (!logons_) return;
    for (auto& answer : logons_->collect(now)) tell(judged(std::move(answer)));
}

// Whoever PAM lets in, shells may run as from then on; root only where an administrator has said so before.
os::LogonEnded Loop::judged(Logons::Answer answer) {
    os::LogonEnded& told = answer.told;
    if (told.what != os::LogonEnded::What::let_in) return told;
    if (const auto allowed = policy_.let_in_by_pam(told.unix_user, answer.uid); !allowed.ok())
        return {told.token, os::LogonEnded::What::denied, {}, allowed.error().detail};
    return told;
}

void Loop::tell_started(const std::vector<std::pair<std::uint64_t, Children::Decided>>& all) {
    for (const auto& [token, decided] : all) {
        if (decided.failed) {
            if (decided.report.detail[0] != '\0')
                log_.warning("could not start a command: {}: {}", decided.report.step, decided.report.detail);
            tell(os::SpawnFailed{token, decided.report.error, decided.report.step});
        } else {
            tell(os::Spawned{token, static_cast<std::uint32_t>(decided.child->pid)},
                 std::move(decided.child->pipes));
        }
    }
}

void Loop::tell_ended() {
    for (const auto& exited : children_.collect_ended()) tell(exited);
}

void Loop::tell(const os::FromMonitor& message, Pipes pipes) {
    outgoing_.push_back({os::encode(message), std::move(pipes)});
}

Result<bool> Loop::write_messages() {
    while (!outgoing_.empty()) {
        const Outgoing& next = outgoing_.front();
        const std::array<int, 3> pipes{next.pipes.input.get(), next.pipes.output.get(),
                                       next.pipes.error.get()};
        const auto descriptors = next.pipes.input ? std::span<const int>(pipes) : std::span<const int>();
        const auto sent = os::send_packet(socket_, next.bytes, descriptors);
        if (!sent.ok()) return false;  // The network process is gone.
        if (!*sent) return true;
        outgoing_.pop_front();
    }
    return true;
}

}  // namespace mullion::monitor
