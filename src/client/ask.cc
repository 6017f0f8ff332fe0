#include "client/ask.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

#include "encoding/utf16.h"
#include "wsman/fault.h"

namespace mullion::client {
namespace {

// Windows' longest texts are a few thousand bytes; a hostile host's have no end.
constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_id = 100;

// An exchange that may outlive the one who asked: giving up does not wait for whatever it is blocked in.
struct Pending {
    std::optional<Result<channel::Answer>> answer;
    Alarm done;
};

net::Task<void> carry_out(std::shared_ptr<Link> link, std::shared_ptr<Pending> pending, std::string body,
                          MonotonicTime deadline, channel::Repeat repeat) {
    // Nobody else would hear of an exception here: whoever asked would wait for ever.
    try {
        auto answer = co_await link->exchange(std::move(body), deadline, repeat);
        pending->answer = std::move(answer);
    } catch (const std::exception& trouble) {
        pending->answer = Error(ErrorId::internal_failure, trouble.what());
    }
    pending->done.ring();
}

bool same_id(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (a == b) return true;  // As any host sends it back.
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

Failure refusal(Error error, std::optional<std::uint32_t> fault = std::nullopt) {
    return {std::move(error), true, false, fault};
}

Failure unreadable(Error error, int http_status) {
    error.http_status = http_status;
    return refusal(std::move(error));
}

// Why a message is not the answer to this question: another's, or none. A fault is.
std::optional<Failure> unrelated(const Question& question, const wsman::Message& message) {
    const auto& relates_to = message.header.relates_to;
    // A fault about a message whose headers the host could not read relates to nothing.
    if (question.message_id.empty() || same_id(relates_to, question.message_id) ||
        (relates_to.empty() && wsman::is_fault(message)))
        return std::nullopt;
    const auto other = relates_to.empty() ? "nothing" : encoding::shortened(relates_to, longest_id);
    return refusal({ErrorId::wsman_mismatch, "asked as " + question.message_id + ", answered to " + other});
}

Failure failure_of(wsman::Message fault, const Question& question, int http_status) {
    const auto read = wsman::read_fault(fault);
    if (!read.ok()) return refusal(read.error());
    auto error = wsman::to_error(read.value());
    if (http_status != 500) error.http_status = http_status;
    auto failed = refusal(std::move(error), read.value().code);
    if (question.keep_fault) failed.fault_message = std::make_shared<wsman::Message>(std::move(fault));
    return failed;
}

// The answer as a message, when it is one, is no fault, and answers this question.
Reply<wsman::Message> understand(const Host& host, const Question& question, channel::Answer answer) {
    auto message = wsman::read_message(std::move(answer.body), wsman::wire_limits(host.answer_limit));
    if (!message.ok()) return unreadable(std::move(message).error(), answer.status);
    if (auto failure = unrelated(question, *message)) return std::move(*failure);
    if (wsman::is_fault(*message)) return failure_of(std::move(message).value(), question, answer.status);
    return std::move(message).value();
}

// The same of one that is read bit by bit.
Reply<Batch> understand_batch(const Host& host, const Question& question, channel::Answer answer) {
    auto stream =
        wsman::cim::BatchStream::open(std::move(answer.body), wsman::wire_limits(host.answer_limit));
    if (!stream.ok()) return unreadable(std::move(stream).error(), answer.status);
    if (auto failure = unrelated(question, stream->head())) return std::move(*failure);
    if (wsman::is_fault(stream->head()))
        return failure_of(std::move(*stream).take_head(), question, answer.status);
    return Batch{std::move(stream).value(), answer.status};
}

// `understand` is what is made of what came.
template <class Said>
net::Task<Reply<Said>> exchange(Host& host, Lane lane, Question question, Alarm& stop,
                                Reply<Said> (*understand)(const Host&, const Question&, channel::Answer)) {
    if (stop.rung())
        co_return Failure{
            Error(ErrorId::run_interrupted, "before it was sent").at_step(question.step).on_host(host.name)};
    if (host.time.now() >= question.deadline)
        co_return Failure{
            Error(ErrorId::net_timeout, "no time was left").at_step(question.step).on_host(host.name)};
    const auto link = host.link(lane);
    const auto before = link->round_trips();
    const auto pending = std::make_shared<Pending>();
    boost::asio::co_spawn(
        host.executor, carry_out(link, pending, std::move(question.body), question.deadline, question.repeat),
        boost::asio::detached);
    co_await host.time.sleep(question.deadline, pending->done, stop);
    host.round_trips += link->round_trips() - before;

    const auto describe = [&](Failure failure) {
        if (failure.error.id == ErrorId::http_not_found) failure.error.detail += " at " + host.settings.to;
        // Who shows a certificate is known by what it is mapped to; without a mapping there is nobody.
        if (failure.error.id == ErrorId::wsman_access_denied && link->transport() == "certificate")
            failure.error.id = ErrorId::auth_certificate_unmapped;
        failure.error = told(host, question.step, std::move(failure.error));
        return failure;
    };
    if (!pending->answer) {
        const auto id = stop.rung() ? ErrorId::run_interrupted : ErrorId::net_read_timeout;
        const bool sent = link->sent();
        host.drop(lane);
        co_return describe({Error(id, "given up before the answer came"), sent, false, std::nullopt});
    }
    if (!pending->answer->ok())
        co_return describe(
            {std::move(*pending->answer).error(), link->sent(), link->connected(), std::nullopt});
    auto reply = understand(host, question, std::move(*pending->answer).value());
    if (auto* failure = std::get_if<Failure>(&reply)) {
        // Whatever does not belong here leaves nobody knowing what comes next on that connection.
        if (!failure->fault) host.drop(lane);
        co_return describe(std::move(*failure));
    }
    co_return reply;
}

}  // namespace

Error told(const Host& host, std::string_view step, Error error) {
    error.detail = encoding::shortened(std::move(error.detail), longest_text);
    return std::move(error).at_step(step).on_host(host.name);
}

net::Task<Reply<wsman::Message>> ask(Host& host, Lane lane, Question question, Alarm& stop) {
    return exchange<wsman::Message>(host, lane, std::move(question), stop, understand);
}

net::Task<Reply<Batch>> ask_for_batch(Host& host, Lane lane, Question question, Alarm& stop) {
    return exchange<Batch>(host, lane, std::move(question), stop, understand_batch);
}

}  // namespace mullion::client
