#include "channel/client_connection.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "auth/policy.h"
#include "channel/answer_check.h"
#include "channel/client_logon.h"
#include "channel/sealed_body.h"
#include "core/secret.h"
#include "http/encrypted.h"

namespace mullion::channel {

// One TCP connection with all that belongs to it and dies with it.
struct Live {
    Live(std::unique_ptr<net::Stream> connection, const ClientSettings& settings)
        : stream(std::move(connection)), reader(*stream, settings.limits) {}

    std::unique_ptr<net::Stream> stream;
    net::HttpReader reader;
    Logon logon;
    MonotonicTime deadline = MonotonicTime::max();
    unsigned exchanges = 0;
};

struct ClientConnection::State {
    net::Executor executor;
    net::WorkerPool& pool;
    ClientSettings settings;
    MakeInitiator make_initiator;
    std::unique_ptr<Live> live;
    unsigned round_trips = 0;
    bool sent = false;
    bool reused = false;   // The last exchange began on a connection that had carried one before.
    bool busy = false;     // An exchange is in progress: `live` must stay until it has ended.
    bool closing = false;  // close() was called meanwhile.
    bool repeated = false;
    std::optional<auth::Transport> transport = std::nullopt;
    bool sealed = false;
    std::string how = {};
    std::optional<net::TlsFacts> tls_facts = {};
    bool in_clear = false;  // Asked for: nothing is sealed.
    bool utf16 = false;
    bool doubtful = false;  // The last answer was no word of the host's: in clear, to a sealed request.

    [[nodiscard]] LogonContext context() {
        return {*live->stream, live->reader, pool, settings, make_initiator, round_trips, live->deadline};
    }
    [[nodiscard]] bool tls() const { return settings.endpoint.tls != nullptr; }

    [[nodiscard]] net::Task<Result<void>> open(MonotonicTime deadline);
    // `body` is as it was afterwards.
    [[nodiscard]] net::Task<Result<Answer>> attempt(std::string& body, MonotonicTime deadline);
    // Leaves Basic or Certificate to hosts that take it; false when no other way is left. The host did
    // nothing yet.
    [[nodiscard]] bool pass_over();
    [[nodiscard]] Result<bool> decide_sealing() const;
    [[nodiscard]] Result<Answer> read_answer(http::Response response, bool sealed);
};

net::Task<Result<void>> ClientConnection::State::open(MonotonicTime deadline) {
    const auto connect_deadline = std::min(deadline, system_clock().now() + settings.connect_timeout);
    auto stream = co_await net::connect(executor, pool, settings.endpoint, connect_deadline);
    if (!stream.ok()) co_return std::move(stream).error().at_step("connect");
    if (closing) co_return Error(ErrorId::net_closed, "given up while connecting").at_step("connect");
    live = std::make_unique<Live>(std::move(stream).value(), settings);
    live->deadline = deadline;
    auto logon = co_await log_on(context());
    if (!logon.ok()) co_return std::move(logon).error().at_step("log on");
    live->logon = std::move(logon).value();
    co_return Result<void>();
}

// Whether this exchange is sealed; an error where it may be neither sealed nor sent in clear.
Result<bool> ClientConnection::State::decide_sealing() const {
    const auto transport = live->logon.transport;
    if (in_clear) {
        MULLION_TRY(auth::check_clear_text({transport, tls(), true}, settings.allow_unencrypted));
        return false;
    }
    const bool can = live->logon.initiator->sealing() != nullptr;
    if (settings.encryption == Encryption::always && !can) {
        return Error(ErrorId::auth_plaintext, fmt::format("{} cannot seal messages, and --message-encryption "
                                                          "always asks for it",
                                                          auth::to_string(transport)));
    }
    // --allow-unencrypted alone does not open what can be sealed: asking for less is `never`.
    const bool wanted =
        settings.encryption == Encryption::always || (settings.encryption == Encryption::automatic && !tls());
    const bool sealed = wanted && can;
    const auth::Carriage carriage{transport, tls(), sealed};
    MULLION_TRY(auth::check_clear_text(carriage, settings.allow_unencrypted));
    return sealed;
}

Result<Answer> ClientConnection::State::read_answer(http::Response response, bool sealed) {
    auto type = std::string(response.headers.first("Content-Type").value_or(""));
    const auto media = http::parse_media_type(type);
    const bool soap_status = response.status == 200 || response.status == 500 || response.status == 400;
    if (soap_status && media && http::is_encrypted(*media)) {
        if (!sealed) return Error(ErrorId::seal_broken, "a sealed answer to a request in clear");
        MULLION_ASSIGN(ClearBody clear, open_body(*live->logon.initiator->sealing(), type, response.body,
                                                  settings.limits.body));
        return Answer{response.status, std::move(clear.bytes), std::move(clear.content_type)};
    }
    if (soap_status && media && is_soap(*media) && !response.body.empty()) {
        if (sealed) {
            Error error(
                ErrorId::seal_broken,
                fmt::format("HTTP {} in clear to a sealed request; it is not trusted", response.status));
            error.http_status = response.status;
            return error;
        }
        return Answer{response.status, std::move(response.body), std::move(type)};
    }
    if (response.status >= 300 && carries_message(response)) return explain_message(response);
    return explain_answer(response, !sealed && !tls(), tls(), settings.path);
}

bool ClientConnection::State::pass_over() {
    if (!live || !live->logon.initiator || !live->logon.initiator->every_request()) return false;
    auto& ways = settings.transports;
    ways.erase(std::remove(ways.begin(), ways.end(), live->logon.transport), ways.end());
    live.reset();
    return !ways.empty();
}

net::Task<Result<Answer>> ClientConnection::State::attempt(std::string& body, MonotonicTime deadline) {
    if (!live && in_clear) co_return Error(ErrorId::net_closed, "the connection that had logged on is gone");
    if (!live) MULLION_CO_TRY(co_await open(deadline));
    live->deadline = deadline;
    MULLION_CO_ASSIGN(const bool sealed, decide_sealing());

    http::Request request = new_request(settings);
    if (!live->logon.authorization.empty())
        request.headers.add("Authorization", live->logon.authorization.expose());
    if (sealed) {
        const auto& initiator = live->logon.initiator;
        MULLION_CO_ASSIGN(SealedBody body_sealed,
                          seal_body(*initiator->sealing(), initiator->multipart_protocol(),
                                    utf16 ? soap_utf16 : soap_utf8, body));
        request.headers.set("Content-Type", body_sealed.content_type);
        request.body = std::move(body_sealed.bytes);
    } else {
        if (utf16) request.headers.set("Content-Type", soap_utf16);
        request.body.swap(body);
    }

    sent = true;  // From here on the host may have all of it.
    auto response = co_await round_trip(context(), request);
    request.headers.wipe("Authorization");
    if (!sealed) request.body.swap(body);
    if (!response.ok()) co_return std::move(response).error();
    ++live->exchanges;
    this->transport = live->logon.transport;
    this->sealed = sealed;
    if (live->exchanges == 1) this->how = how_of(live->logon);
    if (const auto* facts = live->stream->tls()) {
        live->logon.certificate_wanted = facts->asked_for_certificate;
        if (live->exchanges == 1) tls_facts = *facts;
    }
    // Only who has the session key can seal. An answer in clear may be the host's (a service that restarts,
    // http.sys before it) or anybody's, who has taken the host's own away.
    doubtful = sealed && !tls();
    const bool refused = refused_untouched(*response);
    if (refused) sent = doubtful;
    if (response->status == 401) co_return explain_rejection(*response, live->logon, {}).at_step("log on");
    const bool keep_alive = response->keep_alive;
    auto answer = read_answer(std::move(response).value(), sealed);
    if (answer.ok()) doubtful = false;
    // What is no WinRM may be anything on the way, before or behind the host.
    if (!answer.ok() && answer.error().info().effect != Effect::unknown &&
        answer.error().id != ErrorId::http_not_winrm)
        sent = doubtful;
    if (doubtful && !answer.ok() && answer.error().id != ErrorId::seal_broken)
        answer.error().detail += "; it was not sealed, so anybody may have said it";
    if (answer.ok() && !keep_alive) live.reset();
    co_return answer;
}

ClientConnection::ClientConnection(net::Executor executor, net::WorkerPool& pool, ClientSettings settings,
                                   MakeInitiator make_initiator)
    : state_(new State{std::move(executor), pool, std::move(settings), std::move(make_initiator), nullptr, 0,
                       false}) {}

ClientConnection::~ClientConnection() = default;

net::Task<Result<Answer>> ClientConnection::exchange(std::string body, MonotonicTime deadline,
                                                     Repeat repeat) {
    auto& state = *state_;
    state.sent = state.closing = state.repeated = state.doubtful = false;
    if (state.live && state.live->stream->stale())
        state.live.reset();  // The host ended it while it was idle.
    state.reused = state.live != nullptr && state.live->exchanges > 0;
    state.busy = true;
    auto answer = co_await state.attempt(body, deadline);
    // A host that restarted, or whose security context expired, says 401 on a connection that was good
    // before: the log-on is asked for anew. If it was the host, it did nothing with the request. Otherwise
    // the host may have done it, and knows the ids again.
    const bool doubtful = state.doubtful;
    if (!answer.ok() && answer.error().http_status == 401 && !state.closing &&
        ((state.reused && !state.sent) || doubtful)) {
        if (state.tls() || repeat == Repeat::allowed) {
            state.live.reset();
            answer = co_await state.attempt(body, deadline);
            state.repeated = !state.tls();
            state.sent |= doubtful;  // Whatever became of the second one.
        } else {
            state.sent = true;
            answer.error().detail += "; over HTTP anybody may have said so, and it is not sent twice";
        }
    }
    // A certificate that is not taken locks no account, so the next way may be tried after it.
    const auto next_way = [](ErrorId id) {
        return id == ErrorId::auth_not_offered || id == ErrorId::auth_certificate_rejected;
    };
    while (!answer.ok() && next_way(answer.error().id) && !state.closing && state.pass_over()) {
        answer = co_await state.attempt(body, deadline);
    }
    wipe(body);  // It may have a secret in it: a variable of a shell, what a command reads.
    state.busy = false;
    if (!answer.ok() || state.closing) state.live.reset();
    co_return answer;
}

bool ClientConnection::sent() const {
    return state_->sent;
}
bool ClientConnection::repeated() const {
    return state_->repeated;
}
bool ClientConnection::connected() const {
    return state_->reused;
}
std::optional<auth::Transport> ClientConnection::transport() const {
    return state_->transport;
}
bool ClientConnection::sealed() const {
    return state_->sealed;
}
std::string ClientConnection::peer() const {
    const bool direct = state_->live != nullptr && !state_->settings.endpoint.proxy;
    return direct && state_->settings.endpoint.socket.empty() ? state_->live->stream->peer() : std::string();
}
const net::TlsFacts* ClientConnection::tls() const {
    return state_->tls_facts ? &*state_->tls_facts : nullptr;
}
std::string ClientConnection::how() const {
    return state_->how;
}
void ClientConnection::speak_in_clear(bool in_clear) {
    state_->in_clear = in_clear;
}
void ClientConnection::speak_utf16(bool utf16) {
    state_->utf16 = utf16;
}
void ClientConnection::close() {
    if (!state_->busy) {
        state_->live.reset();
        return;
    }
    state_->closing = true;
    if (state_->live) state_->live->stream->close();  // What it waits for fails, and the exchange ends.
}
unsigned ClientConnection::round_trips() const {
    return state_->round_trips;
}

}  // namespace mullion::channel
