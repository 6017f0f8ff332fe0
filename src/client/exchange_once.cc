#include "client/exchange_once.h"

#include <utility>

#include "client/ask.h"
#include "client/conversation.h"
#include "client/in_doubt.h"
#include "wsman/wire.h"

namespace mullion::client {
namespace {

Result<Question> question_of(Host& host, const ExchangeOptions& options) {
    auto settings = host.settings;
    settings.max_envelope_size = options.max_envelope_size;
    Question question;
    question.step = options.step;
    if (!options.identify) question.message_id = host.new_message_id();
    MULLION_ASSIGN(question.body, options.write(settings, question.message_id));
    if (options.utf16) {
        MULLION_ASSIGN(question.body, wsman::to_wire(question.body, wsman::Charset::utf16));
    }
    question.repeat = options.repeatable ? channel::Repeat::allowed : channel::Repeat::never;
    question.keep_fault = true;
    return question;
}

// Nobody but the host knows, and it has not said. A host that ran out of time may still be at it.
bool is_in_doubt(const ExchangeOptions& options, const Failure& failure) {
    if (options.repeatable || options.only_reads) return false;
    return failure.lost() || failure.error.id == ErrorId::wsman_timeout;
}

ExchangeOutcome outcome_of(const ExchangeOptions& options, Failure failure) {
    ExchangeOutcome outcome;
    outcome.status = failure.error.info().status;
    outcome.in_doubt = is_in_doubt(options, failure);
    if (outcome.in_doubt) {
        outcome.status = Status::unknown;
        failure.error = in_doubt(std::move(failure.error));
    }
    outcome.error = std::move(failure.error);
    if (failure.fault_message) outcome.answer = std::move(*failure.fault_message);
    return outcome;
}

}  // namespace

net::Task<ExchangeOutcome> exchange_once(Host& host, ExchangeOptions options, Alarm& stop) {
    if (options.conversation) {
        host.link(Lane::main)->speak_utf16(false);
        co_await options.conversation->converse(host, stop);
        ExchangeOutcome ended;
        ended.status = Status::ok;
        co_return ended;
    }
    for (bool last = false;; last = true) {
        auto question = question_of(host, options);
        if (!question.ok()) {
            Failure failure{told(host, options.step, std::move(question).error())};
            co_return outcome_of(options, std::move(failure));
        }
        host.link(Lane::main)->speak_utf16(options.utf16);
        auto reply = co_await ask(host, Lane::main, std::move(question).value(), stop);
        if (auto* answer = std::get_if<wsman::Message>(&reply)) {
            ExchangeOutcome outcome;
            outcome.status = Status::ok;
            outcome.answer = std::move(*answer);
            co_return outcome;
        }
        auto& failure = std::get<Failure>(reply);
        // An idle connection that the host had closed carried nothing.
        const bool again = failure.stale && !failure.sent && !failure.fault && !stop.rung();
        if (last || !again) co_return outcome_of(options, std::move(failure));
        host.drop(Lane::main);
    }
}

}  // namespace mullion::client
