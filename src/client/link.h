// What a conversation needs of a connection: channel's in the program, a scripted host in tests.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "channel/client_connection.h"
#include "core/clock.h"
#include "core/result.h"
#include "net/stream.h"
#include "net/task.h"

namespace mullion::client {

class Link {
public:
    virtual ~Link() = default;
    // One request and its answer, as channel::ClientConnection::exchange() has it.
    [[nodiscard]] virtual net::Task<Result<channel::Answer>> exchange(std::string body,
                                                                      MonotonicTime deadline,
                                                                      channel::Repeat repeat) = 0;
    [[nodiscard]] virtual bool sent() const = 0;       // Whether the last request may have reached the host.
    [[nodiscard]] virtual bool repeated() const = 0;   // Whether it may have reached the host twice.
    [[nodiscard]] virtual bool connected() const = 0;  // Whether it used a connection that had served before.
    [[nodiscard]] virtual unsigned round_trips() const = 0;
    [[nodiscard]] virtual std::string transport() const = 0;      // What authenticated; empty before.
    [[nodiscard]] virtual std::string how() const { return {}; }  // More of that, for people.
    [[nodiscard]] virtual bool sealed() const = 0;
    // Whether what comes next is left unsealed, as channel::ClientConnection has it.
    virtual void speak_in_clear(bool /*in_clear*/) {}
    // Whether the bodies of what comes next are UTF-16.
    virtual void speak_utf16(bool /*utf16*/) {}
    virtual void close() = 0;
    // What TLS came to; null without it, and before.
    [[nodiscard]] virtual const net::TlsFacts* tls() const { return nullptr; }
    // The host's address; empty where it is not known.
    [[nodiscard]] virtual std::string peer() const { return {}; }
};

// Makes a connection of the session's credential, not yet opened.
using MakeLink = std::function<std::shared_ptr<Link>()>;
// The same, on the thread that the session came to live on.
using MakeLinkOn = std::function<std::shared_ptr<Link>(net::Executor)>;

}  // namespace mullion::client
