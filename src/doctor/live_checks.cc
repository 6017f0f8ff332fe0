// The questions of checks, by the session that has logged on. Rows are kept up to a limit: what is looked for
// is whether there are any, not what all of them say.
#include "checks/asking.h"
#include "doctor/live_in_use.h"
#include "doctor/live_probes.h"

#include <utility>

namespace mullion::doctor {
namespace {

constexpr std::size_t many_rows = 20'000, few_rows = 20;
constexpr std::size_t most_values = 400'000;  // Of all rows together.

class FirstRows final : public client::CimSink {
public:
    explicit FirstRows(std::size_t most) : most_(most) {}
    bool on_row(client::CimRow row) override {
        more_ = rows.size() >= most_ || values_ > most_values;
        if (more_) return false;
        values_ += row.instance.properties.size() + 1;
        rows.push_back(std::move(row.instance));
        return true;
    }
    [[nodiscard]] bool more() const { return more_; }

    checks::Rows rows;

private:
    const std::size_t most_;
    std::size_t values_ = 0;
    bool more_ = false;
};

// A log may have millions of events, with their texts.
std::size_t rows_of_interest(const checks::Query& query) {
    return query.wql.find("Win32_NTLogEvent") == std::string::npos ? many_rows : few_rows;
}

}  // namespace

Told LiveProbes::ask_cim(client::Session& session, client::CimVisit visit, std::size_t most_rows) {
    FirstRows sink(most_rows);
    visit.timeout = target_.connect_timeout + target_.read_timeout;
    client::CimOutcome outcome;
    {
        const InUse use(*this, session);
        outcome = client::Cim(session).ask(std::move(visit), &sink);
    }
    (void)session.finish();  // What was left of an enumeration counts against the account's operations.
    Told told;
    told.fault = std::move(outcome.fault);
    told.more = sink.more();
    if (outcome.error && !sink.more())
        told.answer.of = std::move(*outcome.error);
    else if (outcome.method)
        told.answer.of = std::move(*outcome.method);
    else
        told.answer.of = std::move(sink.rows);
    told.answer.took = outcome.duration;
    return told;
}

Told LiveProbes::ask(auth::Transport transport, const checks::Ask& question) {
    auto& session = *sessions_.at(transport);
    if (const auto* query = std::get_if<checks::Query>(&question))
        return ask_cim(session, {client::cim_query(query->wql, query->cim_namespace)},
                       rows_of_interest(*query));
    if (const auto* call = std::get_if<checks::Call>(&question))
        return ask_cim(session, {client::CimInvoke{call->of, call->method, call->arguments}}, 0);
    Told told;
    {
        const InUse use(*this, session);
        checks::Asking asking(session, system_clock(), target_.connect_timeout + target_.read_timeout);
        told.answer = std::move(asking.ask({question}).front());
    }
    (void)session.finish();
    return told;
}

}  // namespace mullion::doctor
