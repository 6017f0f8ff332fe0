#include "client/ping.h"

#include <fmt/core.h>

#include "client/ask.h"
#include "encoding/utf16.h"
#include "wsman/identify.h"

namespace mullion::client {
namespace {

constexpr std::size_t longest_name = 200;

}  // namespace

net::Task<PingOutcome> identify(Host& host, Duration timeout, Alarm& stop, bool in_clear) {
    const auto started = host.time.now();
    const auto deadline = later(started, timeout);
    PingOutcome outcome;
    Question question{"identify", {}, wsman::write_identify(), deadline};
    if (in_clear) {
        host.link(Lane::main)->speak_in_clear(true);
        question.repeat = channel::Repeat::never;
    }
    auto answer = co_await ask(host, Lane::main, std::move(question), stop);
    if (in_clear && host.has(Lane::main)) host.link(Lane::main)->speak_in_clear(false);
    auto reply = read_answer(host, "identify", std::move(answer), &wsman::read_identify_response);
    outcome.duration = std::chrono::duration_cast<Duration>(host.time.now() - started);
    if (const auto* identity = std::get_if<wsman::Identity>(&reply)) {
        outcome.status = Status::ok;
        outcome.vendor = encoding::shortened(identity->product_vendor, longest_name);
        outcome.version = encoding::shortened(identity->product_version, longest_name);
        outcome.transport = host.link(Lane::main)->transport();
        outcome.how = host.link(Lane::main)->how();
        outcome.sealed = host.link(Lane::main)->sealed();
        if (const auto* facts = host.link(Lane::main)->tls()) {
            outcome.tls = facts->version;
            outcome.certificate = facts->peer_certificate;
        }
        co_return outcome;
    }
    auto error = std::move(std::get<Failure>(reply).error);
    // Something that speaks no WS-Management answered; Identify leaves nothing that could be in doubt.
    const bool nonsense = error.id == ErrorId::wsman_malformed || error.id == ErrorId::wsman_mismatch;
    if (nonsense) error.id = ErrorId::http_not_winrm;
    const bool overdue = error.id != ErrorId::run_interrupted && host.time.now() >= deadline;
    if (overdue) {
        error.detail =
            fmt::format("{} s{}{}", timeout.count() / 1000.0, error.detail.empty() ? "" : "; ", error.detail);
        error.id = ErrorId::run_timeout;
    }
    outcome.status = error.info().status;
    // Of a host that we were stopped from asking nothing is known.
    const bool asked = error.id != ErrorId::run_interrupted;
    if (asked && outcome.status == Status::unknown) outcome.status = Status::unreachable;
    outcome.error = std::move(error);
    co_return outcome;
}

}  // namespace mullion::client
