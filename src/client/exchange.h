// One WS-Management message and its answer, for who speaks the language itself: what wsman's writers write
// goes out, and what comes back is for its readers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/client.h"
#include "wsman/envelope.h"

namespace mullion::client {

class Conversation;  // conversation.h

struct ExchangeOptions {
    std::string_view step;  // For errors: "get". A literal.
    // Makes the message; called once more, with another id, when a connection was found closed before
    // anything had left. The id is empty for Identify, which has none.
    std::function<Result<std::string>(const wsman::RequestSettings& settings, const std::string& message_id)>
        write;
    bool identify = false;
    // Whether it changes nothing, so that it may go out twice where it is not known what became of it.
    bool repeatable = false;
    // Changes nothing either, though it may not go out twice: a batch that was pulled is not given again.
    bool only_reads = false;
    bool utf16 = false;  // The message is turned into it here.
    std::uint64_t max_envelope_size = 512'000;
    // In the place of one message: what it says and hears counts, and nothing above. There is no answer then.
    std::shared_ptr<Conversation> conversation = {};
};

struct ExchangeOutcome {
    Status status = Status::not_started;
    std::optional<Error> error;
    std::optional<wsman::Message> answer;  // Also a fault, beside the error that it is.
    bool in_doubt = false;                 // What was asked for may have been done all the same.
};

}  // namespace mullion::client
