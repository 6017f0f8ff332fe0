// The conversation of a question about CIM: one message, or an enumeration batch by batch. DSP0226 7 and 8.
#pragma once

#include <string>

#include "client/cim.h"
#include "client/conversation.h"

namespace mullion::client {

class CimConversation final : public Conversation {
public:
    // The sink may be null.
    CimConversation(CimVisit visit, CimSink* sink) : visit_(std::move(visit)), sink_(sink) {}

    net::Task<void> converse(Host& host, Alarm& stop) override;
    // Release, where an enumeration was left before its end.
    net::Task<void> tidy(Host& host) override;
    [[nodiscard]] CimOutcome take() { return std::move(outcome_); }

private:
    const CimVisit visit_;
    CimSink* const sink_;
    CimOutcome outcome_;
    std::string left_;  // What the host keeps for an enumeration that nobody goes on with.
};

}  // namespace mullion::client
