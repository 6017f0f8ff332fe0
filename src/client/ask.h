// One question to the host and its answer, with everything that can go wrong sorted by what it means.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "client/host.h"
#include "wsman/cim/batch_stream.h"
#include "wsman/envelope.h"

namespace mullion::client {

// Why there is no answer, or not the one that was asked for.
struct Failure {
    Error error;
    // The request may have reached the host: it may have been done, unless `fault` says no.
    bool sent = false;
    // A connection that had served before was found closed.
    bool stale = false;
    // The host itself answered no, with this WSMan code (0: a fault without one).
    std::optional<std::uint32_t> fault = std::nullopt;
    // The fault itself, for who asked to have it.
    std::shared_ptr<wsman::Message> fault_message = nullptr;

    [[nodiscard]] bool is_fault(std::uint32_t code) const { return fault == code; }
    // Sent, and no word from the host about it. What something else answered in its place is none, nor what
    // anybody on the way may have said.
    [[nodiscard]] bool lost() const { return sent && !fault; }
};

template <class T>
using Reply = std::variant<T, Failure>;

struct Question {
    std::string_view step;   // For errors: "create shell". A literal.
    std::string message_id;  // The answer must relate to it; empty for Identify, which has none.
    std::string body;
    MonotonicTime deadline = never;
    channel::Repeat repeat = channel::Repeat::allowed;
    bool keep_fault = false;
};

// What an operator is told of it: where, and of the host's own words no more than can be read.
[[nodiscard]] Error told(const Host& host, std::string_view step, Error error);

// Sends and waits until the answer, the deadline, or `stop`; in the last two cases the connection is given
// up. Errors carry host and step.
[[nodiscard]] net::Task<Reply<wsman::Message>> ask(Host& host, Lane lane, Question question, Alarm& stop);

// An answer of which no more was read than what stands before its items: those are read one by one.
struct Batch {
    wsman::cim::BatchStream stream;
    int http_status = 200;
};
// The same of Enumerate and Pull. Whoever cannot read the rest of it drops the connection.
[[nodiscard]] net::Task<Reply<Batch>> ask_for_batch(Host& host, Lane lane, Question question, Alarm& stop);

// What a reader of wsman makes of an answer; what it cannot read is a Failure that was sent.
template <class T>
[[nodiscard]] Reply<T> read_answer(const Host& host, std::string_view step, Reply<wsman::Message> reply,
                                   Result<T> (*read)(const wsman::Message&)) {
    if (auto* failure = std::get_if<Failure>(&reply)) return std::move(*failure);
    auto value = read(std::get<wsman::Message>(reply));
    if (value.ok()) return std::move(value).value();
    return Failure{told(host, step, std::move(value).error()), true, false, std::nullopt};
}

}  // namespace mullion::client
