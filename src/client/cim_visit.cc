#include "client/cim_visit.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "client/ask.h"
#include "client/enumeration_walk.h"
#include "client/in_doubt.h"
#include "client/sink_gate.h"
#include "wsman/shell.h"

namespace mullion::client {
namespace {

using wsman::cim::BatchStream;
using wsman::cim::Enumeration;
using wsman::cim::Target;

// What a second message of the kind would do.
enum class Second { nothing, lose_rows, change };

// A row of a few columns has some 300 bytes, of which no host sends more at a time than it may.
constexpr std::uint64_t bytes_of_a_row = 512;
constexpr std::uint32_t fewest_rows = 20;
constexpr std::uint32_t most_rows = 1000;
// One after the other. A host that has no rows yet keeps the Pull for as long as its OperationTimeout is, and
// then says so by a fault, as often as it likes; the enumeration goes on (DSP0226 8.4). So does Windows, and
// an answer without rows comes of services that begin without any or end with an answer of its own.
constexpr unsigned most_empty = 10;
constexpr unsigned most_overdue = 30;
constexpr Duration release_patience{10'000};

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

wsman::cim::Instance instance_of(const Target& target, const CimProperties& properties) {
    wsman::cim::Instance instance;
    instance.class_name = target.of.class_name;
    instance.space = format_class_uri(target.of);
    instance.properties = properties;
    return instance;
}

class CimTalk {
public:
    CimTalk(Host& host, const CimVisit& visit, CimSink* sink, Alarm& stop, CimOutcome& outcome,
            std::string& left)
        : host_(host),
          visit_(visit),
          sink_(sink),
          stop_(stop),
          started_(host.time.now()),
          deadline_(visit.timeout ? later(started_, *visit.timeout) : never),
          settings_(host.settings),
          outcome_(outcome),
          left_(left) {
        settings_.max_envelope_size = visit.max_envelope_size;
    }

    net::Task<void> go() {
        auto answer = std::visit(Overloaded{[this](const Enumeration& asked) { return enumerate(asked); },
                                            [this](const CimGet& asked) { return get(asked); },
                                            [this](const CimSet& asked) { return set(asked); },
                                            [this](const CimCreate& asked) { return create(asked); },
                                            [this](const CimRemove& asked) { return remove(asked); },
                                            [this](const CimInvoke& asked) { return invoke(asked); }},
                                 visit_.question);
        co_await std::move(answer);
        if (!outcome_.error) outcome_.status = Status::ok;
        outcome_.duration = std::chrono::duration_cast<Duration>(host_.time.now() - started_);
    }

private:
    using Answer = Reply<wsman::Message>;

    // One message. What the host cannot have seen is sent once more on a new connection, and what changes
    // nothing also where a connection ended before its answer. docs/adr/0005
    template <class Said = wsman::Message, class Write>
    net::Task<Reply<Said>> say(std::string_view step, Second second, Write write) {
        for (bool last = false;; last = true) {
            auto id = host_.new_message_id();
            Result<std::string> body = write(id);
            if (!body.ok()) {
                auto error = std::move(body).error();
                error.id = ErrorId::usage_invalid;  // It is ours, and was never a message.
                co_return Failure{told(host_, step, std::move(error))};
            }
            Question question{step, std::move(id), std::move(body).value(), deadline_};
            question.repeat = second == Second::nothing ? channel::Repeat::allowed : channel::Repeat::never;
            question.keep_fault = true;
            auto asking = put<Said>(std::move(question));
            auto reply = co_await std::move(asking);
            const auto* failure = std::get_if<Failure>(&reply);
            if (failure == nullptr || last || !once_more(*failure, second)) co_return reply;
            host_.drop(Lane::main);
        }
    }

    template <class Said>
    net::Task<Reply<Said>> put(Question question) {
        if constexpr (std::is_same_v<Said, Batch>)
            return ask_for_batch(host_, Lane::main, std::move(question), stop_);
        else
            return ask(host_, Lane::main, std::move(question), stop_);
    }

    [[nodiscard]] bool once_more(const Failure& failure, Second second) const {
        if (failure.fault || stop_.rung() || overdue()) return false;
        if (!failure.sent) return failure.stale;
        return second == Second::nothing && failure.error.id == ErrorId::net_closed;
    }

    [[nodiscard]] bool overdue() const { return host_.time.now() >= deadline_; }

    // --- enumerations ---

    net::Task<void> enumerate(const Enumeration& asked) {
        auto first = asked;
        if (!first.max_elements) first.max_elements = rows_at_a_time();
        const auto write = [&](const std::string& id) {
            return Result<std::string>(write_enumeration(settings_, id, first));
        };
        auto saying = say<Batch>("enumerate", Second::nothing, write);
        auto reply = co_await std::move(saying);
        if (auto* failure = std::get_if<Failure>(&reply))
            co_return fail(std::move(*failure), Second::nothing);
        take(std::get<Batch>(reply), wsman::action::enumerate, "enumerate", Duration(0));
        while (goes_on()) {
            auto waiting = wait_for_the_sink();
            co_await std::move(waiting);
            if (outcome_.error) break;
            auto pulling = pull(first);
            co_await std::move(pulling);
        }
    }

    [[nodiscard]] std::uint32_t rows_at_a_time() const {
        const auto fit = visit_.max_envelope_size / bytes_of_a_row;
        return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(fit, fewest_rows, most_rows));
    }

    [[nodiscard]] bool goes_on() const { return !outcome_.error && !outcome_.complete && !enough_; }

    net::Task<void> pull(const Enumeration& first) {
        const wsman::Pull next{left_, first.max_elements};
        const auto write = [&](const std::string& id) {
            return Result<std::string>(write_pull(settings_, id, first.of, next));
        };
        const auto asked = host_.time.now();
        auto saying = say<Batch>("pull", Second::lose_rows, write);
        auto reply = co_await std::move(saying);
        if (auto* batch = std::get_if<Batch>(&reply)) {
            const auto waited = std::chrono::duration_cast<Duration>(host_.time.now() - asked);
            co_return take(*batch, wsman::action::pull, "pull", waited);
        }
        auto& failure = std::get<Failure>(reply);
        // It gave none, and still has them all.
        const bool again = failure.is_fault(wsman::code::operation_timed_out) && !overdue() && !stop_.rung();
        if (again && ++overdue_pulls_ < most_overdue) co_return;
        if (again) failure.error.detail += fmt::format("; asked {} times for the same rows", overdue_pulls_);
        if (is_forgotten(failure)) left_.clear();
        fail(std::move(failure), Second::lose_rows);
    }

    // There is nothing to release, or nobody who would hear it.
    [[nodiscard]] bool is_forgotten(const Failure& failure) const {
        if (failure.is_fault(wsman::code::invalid_enumeration_context)) return true;
        const auto id = failure.error.id;
        const bool ours = id == ErrorId::run_interrupted || overdue();
        const bool spoke = failure.fault || id == ErrorId::wsman_malformed || id == ErrorId::wsman_mismatch;
        return !ours && !spoke;
    }

    // `waited` is how long the host kept the question.
    void take(Batch& answer, std::string_view action, std::string_view step, Duration waited) {
        auto& rows = answer.stream;
        if (const auto begun = rows.begin(action); !begun.ok()) return misunderstood(step, begun.error());
        keep_place(rows);
        const auto before = outcome_.rows;
        const auto all = hand_out(rows);
        if (!all.ok()) return cut_off(step, all.error(), answer.http_status);
        keep_place(rows);
        outcome_.complete = all.value() && rows.end();
        if (outcome_.rows != before)
            empty_ = overdue_pulls_ = 0;
        else if (goes_on())
            came_empty(step, waited);
    }

    // One that the host took its time for is as good as the fault that says so.
    void came_empty(std::string_view step, Duration waited) {
        if (waited < settings_.operation_timeout / 2) {
            if (++empty_ > most_empty) misunderstood(step, without_progress(empty_));
        } else if (++overdue_pulls_ >= most_overdue) {
            misunderstood(step, {ErrorId::wsman_timeout,
                                 fmt::format("asked {} times for the same rows", overdue_pulls_)});
        }
    }

    // Behind the last the host keeps nothing; where a Pull names none, its own goes on. WS-Enumeration 3
    void keep_place(const BatchStream& rows) {
        if (rows.end())
            left_.clear();
        else if (!rows.context().empty())
            left_ = rows.context();
    }

    // Whether the sink had all of them. What it does not want is passed over: behind it stands where the
    // enumeration goes on, and so what is to be released.
    Result<bool> hand_out(BatchStream& rows) {
        for (bool all = true;;) {
            MULLION_ASSIGN(const bool more, rows.next_item());
            if (!more) return all;
            all = !enough_;
            if (enough_) continue;
            MULLION_ASSIGN(auto row, row_of(rows));
            ++outcome_.rows;
            enough_ = sink_ != nullptr && !sink_->on_row(std::move(row));
        }
    }

    static Result<CimRow> row_of(BatchStream& rows) {
        CimRow row;
        if (rows.has_object()) {
            MULLION_ASSIGN(row.instance, read_instance(rows));
        }
        row.reference = rows.take_reference();
        return row;
    }

    // What does not belong there came behind rows that did.
    void cut_off(std::string_view step, Error error, int http_status) {
        host_.drop(Lane::main);
        error.http_status = http_status;
        misunderstood(step, std::move(error));
    }

    // A slow taker slows its host down.
    net::Task<void> wait_for_the_sink() {
        if (sink_ == nullptr) co_return;
        const auto gate = std::make_shared<SinkGate>(host_.executor);
        if (!sink_->ready(gate->opener())) co_await host_.time.sleep(deadline_, gate->opened(), stop_);
        gate->abandon();
        if (stop_.rung())
            fail({told(host_, "pull", {ErrorId::run_interrupted, "while the rows before were taken"})},
                 Second::lose_rows);
        else if (overdue())
            fail({told(host_, "pull", {ErrorId::run_timeout, "while the rows before were taken"})},
                 Second::lose_rows);
    }

    // --- one instance, one class ---

    net::Task<Answer> read_one(const Target& of) {
        const auto write = [&](const std::string& id) {
            return Result<std::string>(write_get(settings_, id, of));
        };
        auto saying = say("get", Second::nothing, write);
        co_return co_await std::move(saying);
    }

    net::Task<void> get(const CimGet& asked) {
        auto reading = read_one(asked.of);
        auto reply = co_await std::move(reading);
        take_object(reply, wsman::action::get, "get", Second::nothing);
    }

    // The whole of it goes back, read-only properties included, as Windows' winrm has it.
    net::Task<void> set(const CimSet& asked) {
        auto reading = read_one(asked.of);
        auto reply = co_await std::move(reading);
        take_object(reply, wsman::action::get, "get", Second::nothing);
        if (outcome_.error) co_return;
        auto changed = std::move(*outcome_.instance);
        outcome_.instance.reset();
        for (const auto& property : asked.properties) changed.set(property.name, property.values);
        const auto write = [&](const std::string& id) { return write_put(settings_, id, asked.of, changed); };
        auto saying = say("put", Second::change, write);
        reply = co_await std::move(saying);
        take_put(reply);
    }

    // DSP0226 7.4: the answer may show what came of it, or nothing.
    void take_put(Answer& reply) {
        const auto* message = std::get_if<wsman::Message>(&reply);
        if (message == nullptr || message->body)
            return take_object(reply, wsman::action::put, "put", Second::change);
        const auto read = wsman::read_empty_response(*message, wsman::action::put);
        if (!read.ok()) misunderstood("put", read.error(), Second::change);
    }

    void take_object(Answer& reply, std::string_view action, std::string_view step, Second second) {
        if (auto* failure = std::get_if<Failure>(&reply)) return fail(std::move(*failure), second);
        auto object = wsman::cim::read_object_response(std::get<wsman::Message>(reply), action);
        if (!object.ok()) return misunderstood(step, std::move(object).error(), second);
        outcome_.instance = std::move(object).value();
    }

    net::Task<void> create(const CimCreate& asked) {
        const auto instance = instance_of(asked.of, asked.properties);
        const auto write = [&](const std::string& id) {
            return write_create(settings_, id, asked.of, instance);
        };
        auto saying = say("create", Second::change, write);
        auto reply = co_await std::move(saying);
        if (auto* failure = std::get_if<Failure>(&reply)) co_return fail(std::move(*failure), Second::change);
        auto created = wsman::cim::read_created_response(std::get<wsman::Message>(reply));
        if (!created.ok()) co_return misunderstood("create", std::move(created).error(), Second::change);
        outcome_.created = std::move(created).value();
    }

    net::Task<void> remove(const CimRemove& asked) {
        const auto write = [&](const std::string& id) {
            return Result<std::string>(write_delete(settings_, id, asked.of));
        };
        auto saying = say("delete", Second::change, write);
        auto reply = co_await std::move(saying);
        if (auto* failure = std::get_if<Failure>(&reply)) co_return fail(std::move(*failure), Second::change);
        const auto read = wsman::read_empty_response(std::get<wsman::Message>(reply), wsman::action::remove);
        if (!read.ok()) misunderstood("delete", read.error(), Second::change);
    }

    net::Task<void> invoke(const CimInvoke& asked) {
        wsman::cim::Method method{asked.of, asked.method, {}};
        method.arguments.properties = asked.arguments;
        const auto write = [&](const std::string& id) { return write_method(settings_, id, method); };
        auto saying = say("invoke", Second::change, write);
        auto reply = co_await std::move(saying);
        if (auto* failure = std::get_if<Failure>(&reply)) co_return fail(std::move(*failure), Second::change);
        auto result =
            wsman::cim::read_method_response(std::get<wsman::Message>(reply), asked.of, asked.method);
        if (!result.ok()) co_return misunderstood("invoke", std::move(result).error(), Second::change);
        outcome_.method = std::move(result).value();
    }

    // --- failures ---

    void fail(Failure failure, Second second) {
        auto error = std::move(failure.error);
        if (failure.fault_message) {
            auto fault = wsman::read_fault(*failure.fault_message);
            if (fault.ok()) outcome_.fault = std::move(fault).value();
        }
        // Selectors are those of an instance here.
        if (error.id == ErrorId::wsman_shell_gone) error.id = ErrorId::wsman_fault;
        const bool interrupted = error.id == ErrorId::run_interrupted;
        if (!interrupted && !failure.fault && overdue()) error.id = ErrorId::run_timeout;
        const bool overslept = error.id == ErrorId::wsman_timeout;  // It may still be at it.
        outcome_.status = error.info().status;
        if (second == Second::change && (failure.lost() || overslept)) {
            error = in_doubt(std::move(error));
            outcome_.status = Status::unknown;
        } else if (interrupted) {
            outcome_.status = outcome_.rows == 0 ? Status::not_started : Status::failed;
        } else if (overslept) {
            outcome_.status = Status::timed_out;
        } else if (outcome_.status == Status::unknown) {
            outcome_.status = Status::unreachable;  // Of what changes nothing nothing is in doubt.
        }
        outcome_.error = with_rows(std::move(error));
    }

    // Who was given rows must not take them for all.
    [[nodiscard]] Error with_rows(Error error) const {
        if (outcome_.rows == 0) return error;
        if (!error.detail.empty()) error.detail += "; ";
        error.detail += fmt::format("{} row{} came before it, and they are not all", outcome_.rows,
                                    outcome_.rows == 1 ? "" : "s");
        return error;
    }

    void misunderstood(std::string_view step, Error error, Second second = Second::nothing) {
        fail({told(host_, step, std::move(error)), true, false, std::nullopt}, second);
    }

    Host& host_;
    const CimVisit& visit_;
    CimSink* const sink_;
    Alarm& stop_;
    const MonotonicTime started_;
    const MonotonicTime deadline_;
    wsman::RequestSettings settings_;
    CimOutcome& outcome_;
    std::string& left_;
    bool enough_ = false;
    unsigned empty_ = 0;
    unsigned overdue_pulls_ = 0;
};

}  // namespace

net::Task<void> CimConversation::converse(Host& host, Alarm& stop) {
    CimTalk talk(host, visit_, sink_, stop, outcome_, left_);
    auto going = talk.go();
    co_await std::move(going);
}

net::Task<void> CimConversation::tidy(Host& host) {
    const auto* const asked = std::get_if<Enumeration>(&visit_.question);
    if (asked == nullptr || left_.empty()) co_return;
    Alarm nothing;  // Nobody stops what bounds itself.
    auto id = host.new_message_id();
    auto body = write_release(host.settings, id, asked->of, left_);
    Question question{"release", std::move(id), std::move(body), later(host.time.now(), release_patience)};
    question.repeat = channel::Repeat::never;
    // That it could not be said changes nothing: the host forgets by itself, later.
    (void)co_await ask(host, Lane::main, std::move(question), nothing);
    left_.clear();
}

}  // namespace mullion::client
