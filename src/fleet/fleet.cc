#include "fleet/fleet.h"

#include <utility>

#include "fleet/state.h"

namespace mullion::fleet {
namespace {

template <class Outcome>
Outcome not_run(NotRun why) {
    Outcome outcome;
    outcome.status = why.error ? why.error->info().status : Status::skipped;
    outcome.error = std::move(why.error);
    outcome.reason = std::move(why.reason);
    return outcome;
}

}  // namespace

Fleet::Fleet(client::Runtime& runtime, Options options)
    : state_(std::make_shared<State>(runtime, std::move(options))) {}
Fleet::~Fleet() = default;

void Fleet::run(std::size_t hosts, const Prepare& prepare, const client::RunOptions& options,
                Observer& observer) {
    // Whoever leaves may come last: when it has left, the fleet may be gone.
    const auto shared = state_;
    bool no_profile = false;  // Of the host that was prepared last, whose turn it is.
    const State::Turn turn = [&, shared](std::size_t host) -> State::Begin {
        auto& sink = observer.start(host);
        auto* const input = observer.input(host);
        return [&, shared, host, input, bare = no_profile](client::Session& session) {
            const auto finished = [shared, &observer, host](std::vector<Error> late) {
                State::Errand tell;
                if (!late.empty()) {
                    tell = [&observer, host, late = std::move(late)]() mutable {
                        for (auto& warning : late) observer.on_late(host, std::move(warning));
                    };
                }
                shared->leave(host, std::move(tell));
                shared->begin_next();
            };
            const auto done = [shared, &observer, &session, host, finished](client::RunOutcome outcome) {
                shared->post([&state = *shared, &observer, host, outcome = std::move(outcome)]() mutable {
                    state.answered();
                    observer.on_result(host, std::move(outcome));
                });
                session.finish_async(finished);
            };
            auto own = options;
            own.input = input;
            own.no_profile = own.no_profile || bare;
            session.run_async(std::move(own), sink, done);
        };
    };
    const State::Refuse refuse = [&](std::size_t host, NotRun why) {
        observer.on_result(host, not_run<client::RunOutcome>(std::move(why)));
    };
    const Prepare noting = [&](std::size_t host) {
        auto prepared = prepare(host);
        const auto* const work = std::get_if<Work>(&prepared);
        no_profile = work != nullptr && work->no_profile;
        return prepared;
    };
    shared->work(hosts, noting, turn, refuse);
}

void Fleet::ping(std::size_t hosts, const Prepare& prepare, const client::PingOptions& options,
                 PingObserver& observer) {
    const auto shared = state_;
    const State::Turn turn = [&, shared](std::size_t host) -> State::Begin {
        return [&, shared, host](client::Session& session) {
            session.ping_async(options, [shared, &observer, host](client::PingOutcome outcome) {
                const auto tell = [&state = *shared, &observer, host,
                                   outcome = std::move(outcome)]() mutable {
                    state.answered();
                    observer.on_ping(host, std::move(outcome));
                };
                shared->leave(host, tell);
                shared->begin_next();
            });
        };
    };
    const State::Refuse refuse = [&](std::size_t host, NotRun why) {
        observer.on_ping(host, not_run<client::PingOutcome>(std::move(why)));
    };
    shared->work(hosts, prepare, turn, refuse);
}

void Fleet::configure(std::size_t hosts, const Prepare& prepare, const client::ConfigVisit& visit,
                      ConfigObserver& observer) {
    const auto shared = state_;
    const State::Turn turn = [&, shared](std::size_t host) -> State::Begin {
        return [&, shared, host](client::Session& session) {
            session.configure_async(visit, [shared, &observer, host](client::ConfigOutcome outcome) {
                // An errand can be copied, and what was read of a host cannot.
                const auto told = std::make_shared<client::ConfigOutcome>(std::move(outcome));
                shared->leave(host, [&state = *shared, &observer, host, told] {
                    state.answered();
                    observer.on_config(host, std::move(*told));
                });
                shared->begin_next();
            });
        };
    };
    const State::Refuse refuse = [&](std::size_t host, NotRun why) {
        observer.on_config(host, not_run<client::ConfigOutcome>(std::move(why)));
    };
    shared->work(hosts, prepare, turn, refuse);
}

void Fleet::visit(std::size_t hosts, const Prepare& prepare, Visitor& visitor) {
    const auto shared = state_;
    const State::Turn turn = [&, shared](std::size_t host) -> State::Begin {
        return [&, shared, host, begin = visitor.start(host)](client::Session& session) {
            const auto finished = [shared, &visitor, host](const std::vector<Error>& late) {
                State::Errand tell;
                if (!late.empty())
                    tell = [&visitor, host, late] {
                        for (const auto& warning : late) visitor.on_late(host, warning);
                    };
                shared->leave(host, std::move(tell));
                shared->begin_next();
            };
            begin(session, [shared, &session, finished](std::function<void()> tell) {
                shared->post([&state = *shared, tell = std::move(tell)] {
                    state.answered();
                    tell();
                });
                session.finish_async(finished);
            });
        };
    };
    const State::Refuse refuse = [&](std::size_t host, NotRun why) {
        visitor.on_not_run(host, std::move(why));
    };
    shared->work(hosts, prepare, turn, refuse);
}

void Fleet::interrupt() {
    state_->interrupt();
}

}  // namespace mullion::fleet
