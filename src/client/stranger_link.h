// A connection on which nobody logs on: for Identify, which services answer to strangers as well when asked
// with "WSMANIDENTIFY: unauthenticated" (DSP0226 11). They say what they speak, and not which version they
// are.
#pragma once

#include <memory>
#include <string_view>

#include "channel/client_connection.h"
#include "client/link.h"
#include "net/worker_pool.h"

namespace mullion::client {

// Of Target::transports, alone: nobody logs on. No option says so: parse_transports() does not know it.
inline constexpr std::string_view nobody = "nobody";

// Each exchange has a connection of its own. Errors: those of net::connect and HttpReader, what an answer
// without SOAP means, auth.not_offered (the host tells strangers nothing)
[[nodiscard]] std::shared_ptr<Link> make_stranger_link(net::Executor executor, net::WorkerPool& pool,
                                                       channel::ClientSettings settings);

}  // namespace mullion::client
