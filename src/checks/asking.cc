#include "checks/asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <string>
#include <utility>
#include <variant>

#include "checks/fault_advice.h"
#include "checks/powershell.h"
#include "client/cim.h"

namespace mullion::checks {
namespace {

constexpr std::size_t shown_text = 200;  // Of a query or a command, in an error.

std::string beginning(const std::string& text) {
    return text.size() <= shown_text ? text : text.substr(0, shown_text) + "…";
}

std::size_t size_of(const wsman::cim::Instance& row) {
    auto size = sizeof row + row.class_name.size() + row.space.size();
    for (const auto& property : row.properties) {
        size += sizeof property + property.name.size();
        for (const auto& value : property.values) size += sizeof value + value.text.size();
    }
    return size;
}

// Whether the host itself said no to this one question: others may be answered all the same.
bool is_the_hosts_word(const Error& error) {
    return error.id == ErrorId::wsman_fault || error.id == ErrorId::wsman_access_denied;
}

class KeptRows final : public client::CimSink {
public:
    explicit KeptRows(const AskLimits& limits) : limits_(limits) {}
    bool on_row(client::CimRow row) override {
        bytes_ += size_of(row.instance);
        too_many_ = rows.size() >= limits_.rows || bytes_ > limits_.row_bytes;
        if (!too_many_) rows.push_back(std::move(row.instance));
        return !too_many_;
    }
    [[nodiscard]] bool too_many() const { return too_many_; }

    Rows rows;

private:
    const AskLimits limits_;
    std::size_t bytes_ = 0;
    bool too_many_ = false;
};

class KeptOutput final : public client::OutputSink {
public:
    KeptOutput(client::Session& session, std::size_t most) : session_(session), most_(most) {}
    void on_output(client::Stream stream, std::string_view bytes) override {
        auto& text = stream == client::Stream::standard_error ? output.err : output.out;
        if (bytes.size() <= most_ - text.size()) {
            text += bytes;
        } else if (!std::exchange(too_much_, true)) {
            session_.interrupt();
        }
    }
    [[nodiscard]] bool too_much() const { return too_much_; }

    CommandOutput output;

private:
    client::Session& session_;
    const std::size_t most_;
    bool too_much_ = false;
};

class GivenInput final : public client::InputSource {
public:
    explicit GivenInput(std::string text) : text_(std::move(text)) {}
    Result<std::string> next(std::size_t at_most) override {
        auto piece = text_.substr(given_, at_most);
        given_ += piece.size();
        return piece;
    }
    void cancel() override {}

private:
    const std::string text_;
    std::size_t given_ = 0;
};

Error too_large(std::string what, const char* advice) {
    Error error(ErrorId::http_too_large, std::move(what));
    error.advice.emplace_back(advice);
    return error;
}

}  // namespace

// The questions of one call. Kept alive by the callback that it waits for.
class Asking::Round : public std::enable_shared_from_this<Asking::Round> {
public:
    Round(const Asking& asking, std::vector<Ask> questions, AfterError after,
          std::function<void(std::vector<Answer>)> done)
        : session_(asking.session_),
          clock_(asking.clock_),
          timeout_(asking.timeout_),
          deadline_(asking.deadline_),
          limits_(asking.limits_),
          time_servers_(asking.time_servers_),
          questions_(std::move(questions)),
          after_(after),
          done_(std::move(done)) {
        answers_.reserve(questions_.size());
    }

    void next() {
        if (answers_.size() == questions_.size()) return done_(std::move(answers_));
        began_ = clock_.now();
        if (timeout_ && began_ >= deadline_)
            return take(Error(ErrorId::run_timeout,
                              fmt::format("{} s", static_cast<double>(timeout_->count()) / 1000)));
        std::visit([this](const auto& question) { send(question); }, questions_[answers_.size()]);
    }

private:
    [[nodiscard]] std::optional<Duration> left() const {
        if (!timeout_) return {};
        // Upwards: what has just begun has all of it, and errors say how long that was.
        return std::max(Duration(1), std::chrono::ceil<Duration>(deadline_ - began_));
    }

    void send(const Query& query) {
        auto sink = std::make_shared<KeptRows>(limits_);
        client::CimVisit visit{client::cim_query(query.wql, query.cim_namespace)};
        visit.timeout = left();
        client::Cim(session_).ask_async(std::move(visit), sink.get(),
                                        [self = shared_from_this(), sink](client::CimOutcome outcome) {
                                            self->took(*sink, std::move(outcome));
                                        });
    }

    void took(KeptRows& sink, client::CimOutcome outcome) {
        if (sink.too_many()) {
            const auto& query = std::get<Query>(questions_[answers_.size()]);
            return take(too_large(fmt::format("more than {} rows or {} MiB: {}", limits_.rows,
                                              limits_.row_bytes / (1024 * 1024), beginning(query.wql)),
                                  "Narrow it down: by an option that filters, or in WHERE."));
        }
        if (outcome.error) return take(explained(std::move(outcome)));
        take(std::move(sink.rows));
    }

    // With what came before it, since nothing of that is told: half an answer is none.
    Error explained(client::CimOutcome outcome) const {
        auto error = std::move(*outcome.error);
        if (outcome.fault) advise(questions_[answers_.size()], *outcome.fault, error);
        if (outcome.rows > 0)
            error.detail +=
                fmt::format("{}the answer was cut off after {}", error.detail.empty() ? "" : "; ",
                            outcome.rows == 1 ? "1 row, which does not count"
                                              : fmt::format("{} rows, which do not count", outcome.rows));
        return error;
    }

    void send(const Call& call) {
        client::CimVisit visit{client::CimInvoke{call.of, call.method, call.arguments}};
        visit.timeout = left();
        client::Cim(session_).ask_async(
            std::move(visit), nullptr, [self = shared_from_this()](client::CimOutcome outcome) {
                if (outcome.error) return self->take(self->explained(std::move(outcome)));
                if (outcome.method) return self->take(std::move(*outcome.method));
                self->take(Error(ErrorId::wsman_malformed, "an answer without what the method returned"));
            });
    }

    void send(const Command& command) {
        client::RunOptions options;
        options.no_profile = command.no_profile;
        options.timeout = left();
        options.command = command.text;
        input_.reset();
        if (command.powershell) {
            auto line = powershell_line(command.text, command.no_profile);
            options.command = std::move(line.command);
            if (!line.input.empty()) input_ = std::make_unique<GivenInput>(std::move(line.input));
        }
        options.input = input_.get();
        auto sink = std::make_shared<KeptOutput>(session_, limits_.output);
        session_.run_async(std::move(options), *sink,
                           [self = shared_from_this(), sink](client::RunOutcome outcome) {
                               self->took(*sink, std::move(outcome));
                           });
    }

    void took(KeptOutput& sink, client::RunOutcome outcome) {
        if (sink.too_much())
            return take(too_large(fmt::format("more than {} MiB of output", limits_.output / (1024 * 1024)),
                                  "Have the command print less."));
        if (outcome.error) return take(std::move(*outcome.error));
        if (!outcome.output_complete && !outcome.warnings.empty())
            return take(std::move(outcome.warnings.front()));
        if (!outcome.exit_code || !outcome.output_complete)
            return take(
                Error(ErrorId::run_output_incomplete, "the command ended, and not all it printed came"));
        sink.output.exit_code = *outcome.exit_code;
        if (std::get<Command>(questions_[answers_.size()]).powershell)
            sink.output.err = plain_errors(sink.output.err);
        take(std::move(sink.output));
    }

    void send(const Identification&) {
        session_.ping_async({left()}, [self = shared_from_this()](client::PingOutcome outcome) {
            if (outcome.error) return self->take(std::move(*outcome.error));
            Identified who;
            who.identity.product_vendor = std::move(outcome.vendor);
            who.identity.product_version = std::move(outcome.version);
            who.transport = std::move(outcome.transport);
            who.tls = std::move(outcome.tls);
            who.certificate = std::move(outcome.certificate);
            self->take(std::move(who));
        });
    }

    void send(const TimeServer& server) {
        if (time_servers_ == nullptr)
            return take(Error(ErrorId::internal_failure, "nobody is there who asks time servers"));
        const auto most = std::min(limits_.time_server, left().value_or(limits_.time_server));
        time_servers_->ask(server, most, [self = shared_from_this()](Result<ServerTime> time) {
            if (time.ok()) return self->take(*time);
            self->take(std::move(time).error());
        });
    }

    template <class T>
    void take(T what) {
        Answer answer{std::move(what), std::chrono::duration_cast<Duration>(clock_.now() - began_)};
        const auto* const error = answer.error();
        const bool over = error != nullptr && (after_ == AfterError::stop || !is_the_hosts_word(*error));
        answers_.push_back(std::move(answer));
        while (over && answers_.size() < questions_.size()) answers_.push_back(answers_.back());
        next();
    }

    client::Session& session_;
    const Clock& clock_;
    const std::optional<Duration> timeout_;
    const MonotonicTime deadline_;
    const AskLimits limits_;
    TimeServers* const time_servers_;
    const std::vector<Ask> questions_;
    const AfterError after_;
    std::function<void(std::vector<Answer>)> done_;
    std::vector<Answer> answers_;
    MonotonicTime began_{};
    std::unique_ptr<GivenInput> input_;
};

Asking::Asking(client::Session& session, const Clock& clock, std::optional<Duration> timeout,
               AskLimits limits, TimeServers* time_servers)
    : session_(session), clock_(clock), timeout_(timeout), limits_(limits), time_servers_(time_servers) {
    if (timeout_) deadline_ = clock_.now() + *timeout_;
}

std::vector<Answer> Asking::ask(std::vector<Ask> questions, AfterError after) {
    std::promise<std::vector<Answer>> promise;
    auto answers = promise.get_future();
    ask_async(std::move(questions), after,
              [&promise](std::vector<Answer> got) { promise.set_value(std::move(got)); });
    return answers.get();
}

void Asking::ask_async(std::vector<Ask> questions, AfterError after,
                       std::function<void(std::vector<Answer>)> done) {
    std::make_shared<Round>(*this, std::move(questions), after, std::move(done))->next();
}

}  // namespace mullion::checks
