// What a rule does to a request or to its answer.
#pragma once

#include "channel/server_connection.h"
#include "net/task.h"
#include "service/requests/request_hook.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

// Answers a message as the rule says, with `go_on` where it is to be done all the same.
[[nodiscard]] net::Task<channel::Outgoing> answer_with_fault(const FaultRule& rule,
                                                             service::RequestHook::GoOn go_on);
// The same for an answer of the connection itself.
[[nodiscard]] net::Task<channel::Delivery> handshake_with_fault(const FaultRule& rule,
                                                                http::Response& response);
[[nodiscard]] net::Task<void> wait_for(Duration how_long);

// XML that is none: an element is closed that was never opened.
[[nodiscard]] std::string garbled(std::string xml);
// a:RelatesTo names a message that nobody sent.
[[nodiscard]] std::string with_wrong_relates_to(std::string xml);

}  // namespace mullion::simulate
