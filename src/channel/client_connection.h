// One authenticated, sealing connection to a WinRM service, client side. A connection that authenticated
// belongs to that credential until it closes. Lives on one io_context thread; one exchange at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"
#include "core/clock.h"
#include "net/connect.h"
#include "net/http_io.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::channel {

enum class Encryption { automatic, always, never };  // --message-encryption

struct ClientSettings {
    net::Endpoint endpoint;
    std::string path = "/wsman";
    std::string host_field;                         // Host: field, "web01:5985".
    std::vector<auth::Transport> transports;        // Tried in this order, of those the host offers.
    Encryption encryption = Encryption::automatic;  // automatic: seal over HTTP, not inside TLS.
    bool allow_unencrypted = false;                 // Basic over HTTP, or encryption never over HTTP.
    bool send_binding = true;                       // --send-cbt
    Duration connect_timeout{30'000};
    Duration read_timeout{30'000};  // Without a byte of an answer.
    net::HttpLimits limits;
};

// What an engine is made for.
struct LogonPlan {
    auth::Transport transport = auth::Transport::basic;
    auth::ChannelBinding binding;
    MonotonicTime deadline;
};
// Makes the engine of one log-on, on the connection's thread. It may wait, as for a ticket, but never blocks.
using MakeInitiator = std::function<net::Task<Result<std::unique_ptr<auth::Initiator>>>(LogonPlan)>;

struct Answer {
    int status = 200;
    std::string body;          // Unsealed.
    std::string content_type;  // Of the unsealed message.
};

// Whether a request may go out again when a connection that was good says 401. Without TLS anybody on the way
// can say that, in place of the answer.
enum class Repeat { allowed, never };

class ClientConnection {
public:
    ClientConnection(net::Executor executor, net::WorkerPool& pool, ClientSettings settings,
                     MakeInitiator make_initiator);
    ~ClientConnection();

    // Connects and authenticates when that is not done, seals, sends, waits, unseals. 200 and 500 with a
    // SOAP body are answers; everything else is an Error with http_status, offered schemes and what was
    // tried. Handshake messages are empty POSTs, the first with its token and without waiting for a 401. On
    // any error the connection is closed; the next exchange opens a new one. Effect of an error: nothing_sent
    // while the body had not been written yet (`sent` stays false).
    [[nodiscard]] net::Task<Result<Answer>> exchange(std::string body, MonotonicTime deadline,
                                                     Repeat repeat = Repeat::allowed);

    // True when the body of the last exchange may have been done by the host: it went out, and nobody whose
    // word counts has refused it. What answers a sealed request in clear, without TLS, may be anybody.
    [[nodiscard]] bool sent() const;
    // True when the last exchange went out twice although the host may have had the first one.
    [[nodiscard]] bool repeated() const;
    // True when the last exchange used a connection that had already carried one: an idle connection that the
    // host closed meanwhile may then be tried again on a new one, when nothing was sent.
    [[nodiscard]] bool connected() const;
    // What the last authenticated exchange used; nothing before the first. For ping, and for people.
    [[nodiscard]] std::optional<auth::Transport> transport() const;
    [[nodiscard]] bool sealed() const;
    // The address of the host that was reached: "10.0.0.1". Empty where that is not known: nothing is open,
    // or a proxy is in between.
    [[nodiscard]] std::string peer() const;
    // What TLS came to when that connection was made; null without TLS.
    [[nodiscard]] const net::TlsFacts* tls() const;
    // How that log-on went, for people: auth::Initiator::how(). Empty where there is nothing to tell.
    [[nodiscard]] std::string how() const;
    // Leaves the messages of the exchanges that come unsealed, whatever the settings say, but never a
    // password: for who asks whether a host takes that. Such an exchange logs nobody on: it fails with
    // net.closed where the connection that had logged on is gone.
    void speak_in_clear(bool in_clear);
    // What the bodies of the exchanges that come are in: UTF-16 instead of UTF-8.
    void speak_utf16(bool utf16);
    // Also ends an exchange that is in progress, with net.closed.
    void close();
    // HTTP messages sent so far, the handshake's included.
    [[nodiscard]] unsigned round_trips() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mullion::channel
