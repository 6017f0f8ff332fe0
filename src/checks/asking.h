// Carries the questions of a check to a host, and the answers back: by one session, one conversation after
// the other, so that a host of any age stays below its quotas.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "checks/ask.h"
#include "checks/time_servers.h"
#include "client/client.h"
#include "core/clock.h"

namespace mullion::checks {

struct AskLimits {
    std::size_t rows = 1'000'000;
    std::size_t row_bytes = 256 * 1024 * 1024;  // Of one query, in memory: names and values.
    std::size_t output = 4 * 1024 * 1024;       // Of each stream of a command.
    Duration time_server{5000};                 // How long a time server may take.
};

// What comes after an error.
enum class AfterError { stop, go_on };

class Asking {
public:
    // Session and clock outlive it. `timeout` is a wall clock for all that is asked, from now on; none:
    // the connection's own timeouts hold for each step. `time_servers` outlives it too; without, a question
    // to a time server is a bug.
    Asking(client::Session& session, const Clock& clock, std::optional<Duration> timeout = {},
           AskLimits limits = {}, TimeServers* time_servers = nullptr);

    // One answer for each question, in their order. A query that ended in an error, or with more rows than
    // the limits allow, has no rows. After an error the rest is not asked, and has that error; with go_on it
    // is asked where the host said no, and not where it was not reached, refused the log-on, or ran out of
    // time. A shell is deleted behind the answer: Session::finish() waits for it.
    [[nodiscard]] std::vector<Answer> ask(std::vector<Ask> questions, AfterError after = AfterError::stop);
    // `done` is called on the session's I/O thread; at once where there is no question.
    void ask_async(std::vector<Ask> questions, AfterError after,
                   std::function<void(std::vector<Answer>)> done);

    class Round;  // asking.cc

private:
    client::Session& session_;
    const Clock& clock_;
    std::optional<Duration> timeout_;
    MonotonicTime deadline_{};
    AskLimits limits_;
    TimeServers* time_servers_;
};

}  // namespace mullion::checks
