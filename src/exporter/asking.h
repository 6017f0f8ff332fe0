// Asks one host the questions of a plan, over a session that outlives the scrape.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "client/client.h"
#include "exporter/departure.h"
#include "exporter/plan.h"
#include "net/task.h"

namespace mullion::exporter {

struct AskLimits {
    std::size_t rows = 100'000;              // Of one question.
    std::size_t bytes = 64UL * 1024 * 1024;  // Of names and values of all answers together.
};

using PlanAnswers = std::vector<std::optional<checks::Answer>>;

// One question after the other: an old host takes five operations of an account at a time, and all of its
// Pulls are one of them. What is not answered at the deadline is released behind this, and what comes after
// it is not asked. A failure of the way to the host (no log-on, no connection) is the answer to all that
// would follow: a wrong password is tried once a scrape. So it is when `asker` is gone, with run.interrupted.
// `heard` is called with each answer as it comes. `session` lives until this ends.
using Heard = std::function<void(const checks::Answer&)>;
[[nodiscard]] net::Task<PlanAnswers> ask_host(client::Session& session, std::shared_ptr<const Plan> plan,
                                              std::shared_ptr<Departure> asker, Heard heard,
                                              MonotonicTime deadline, AskLimits limits = {});

}  // namespace mullion::exporter
