// The same work on many hosts: so many at a time, each with a deadline of its own, exactly one result for
// each.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "auth/mechanism.h"
#include "client/client.h"
#include "core/result.h"
#include "target/target.h"

namespace mullion::fleet {

struct Options {
    unsigned forks = 64;  // Hosts in progress at a time. A host's place is free when its clean-up has ended.
};

// What is needed to reach one host; made when its turn comes, which is when another one has its result, so
// that memory does not grow with the fleet.
struct Work {
    target::Target target;
    auth::Credential credential;
    bool no_profile =
        false;  // Its shells are opened without the account's profile, whatever the command says.
};
// A host that is not spoken to: status skipped, or what its error says.
struct NotRun {
    std::optional<Error> error;  // None: skipped.
    std::string reason;          // Why it is skipped.
};
using Prepared = std::variant<Work, NotRun>;
// Called on the thread that called run(), one host after the other, while others are in progress. May block
// for a moment: no new host begins and no result is told meanwhile. What it throws is internal.failure of
// that host.
using Prepare = std::function<Prepared(std::size_t host)>;

// Hears of everything, on the thread that called run(); only sinks and inputs are used on others. Hosts are
// numbered from 0. Calls for one host are in order; on_result, on_ping and on_config come exactly once for
// each host.
class Observer {
public:
    virtual ~Observer() = default;
    // The host's turn has come: it begins as soon as there is a place. Not called for one that is not spoken
    // to, unless an interruption comes in between. The sink must live until the result.
    [[nodiscard]] virtual client::OutputSink& start(std::size_t host) = 0;
    // Standard input of that host's command; null: none.
    [[nodiscard]] virtual client::InputSource* input(std::size_t) { return nullptr; }
    virtual void on_result(std::size_t host, client::RunOutcome outcome) = 0;
    // What came after the result: a shell left open.
    virtual void on_late(std::size_t host, Error warning) = 0;
};
class PingObserver {
public:
    virtual ~PingObserver() = default;
    virtual void on_ping(std::size_t host, client::PingOutcome outcome) = 0;
};

class ConfigObserver {
public:
    virtual ~ConfigObserver() = default;
    virtual void on_config(std::size_t host, client::ConfigOutcome outcome) = 0;
};

// Work of any other kind on a session, for what the calls below do not know (client/cim.h).
class Visitor {
public:
    virtual ~Visitor() = default;
    // What is to be said of the host, on the thread that called visit(): exactly once.
    using Ended = std::function<void(std::function<void()> tell)>;
    // Begins the work; on any thread. `ended` is called once, on the session's I/O thread.
    using Begin = std::function<void(client::Session& session, Ended ended)>;
    // The host's turn has come.
    [[nodiscard]] virtual Begin start(std::size_t host) = 0;
    // In the place of what would have been told.
    virtual void on_not_run(std::size_t host, NotRun why) = 0;
    // What came after that: a bug.
    virtual void on_late(std::size_t host, Error warning) = 0;
};

class Fleet {
public:
    Fleet(client::Runtime& runtime, Options options);
    ~Fleet();

    // Blocks until every host has its result and every clean-up has ended. `options.input` is not used.
    void run(std::size_t hosts, const Prepare& prepare, const client::RunOptions& options,
             Observer& observer);
    void ping(std::size_t hosts, const Prepare& prepare, const client::PingOptions& options,
              PingObserver& observer);
    // `visit.plan` is asked for each host, on I/O threads: several at a time.
    void configure(std::size_t hosts, const Prepare& prepare, const client::ConfigVisit& visit,
                   ConfigObserver& observer);

    void visit(std::size_t hosts, const Prepare& prepare, Visitor& visitor);

    // From any thread: commands in progress are ended (ctrl_c, terminate, Delete: at most 10 s) and have
    // run.interrupted; hosts whose turn had not come have run.not_started. For good: a later run() starts
    // nothing.
    void interrupt();

private:
    struct State;
    std::shared_ptr<State> state_;  // I/O threads that have just told something hold it too.
};

// Raises the soft limit of open files to the hard one, and gives how many hosts at a time that carries (two
// connections each); at most `forks`.
[[nodiscard]] unsigned forks_that_fit(unsigned forks);

}  // namespace mullion::fleet
