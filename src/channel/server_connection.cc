#include "channel/server_connection.h"

#include <charconv>
#include <optional>
#include <utility>

#include "channel/bad_delivery.h"
#include "channel/request_gate.h"
#include "channel/sealed_body.h"
#include "channel/server_replies.h"
#include "channel/timed_stream.h"
#include "http/encrypted.h"
#include "http/syntax.h"

namespace mullion::channel {
namespace {

constexpr std::size_t stranger_body = 64 * 1024;  // The most that is read from whom nobody knows.

std::optional<std::size_t> announced_length(const http::Request& request) {
    const auto text = request.headers.first("Content-Length");
    if (!text) return std::nullopt;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
    if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
    return length;
}

bool is_chunked(const http::Request& request) {
    return request.headers.has("Transfer-Encoding");
}

class ServedConnection {
public:
    ServedConnection(net::Stream& stream, ServerSettings settings, ServerParts parts)
        : settings_(std::move(settings)),
          parts_(std::move(parts)),
          inner_(stream),
          stream_(stream, settings_.idle_timeout, settings_.packet_timeout),
          reader_(stream_, {64 * 1024, http::largest_encrypted(settings_.max_envelope_bytes)}),
          gate_(settings_, parts_, stream_) {}

    net::Task<void> serve() {
        bool open = true;
        while (open) {
            open = co_await one_request();
            if (parts_.watch == nullptr) continue;
            parts_.watch->answered();
            open = open && parts_.watch->stays();
        }
        if (had_last_word_) co_await net::linger(inner_);
    }

private:
    // False when the connection is over.
    net::Task<bool> one_request() {
        stream_.expect_request();
        auto header = co_await reader_.request_header();
        if (!header.ok()) co_return co_await broken(header.error());
        if (!header->has_value()) co_return false;  // The peer left between requests.
        if (parts_.watch != nullptr) parts_.watch->request();
        look_at_settings();
        http::Request request = std::move(**header);
        if (auto refused = refuse_early(request)) co_return co_await reply(std::move(*refused), false);

        auto verdict = co_await gate_.ask(request);
        request.headers.wipe("Authorization");
        if (!verdict.ok()) {
            parts_.log.error("{}: {}", stream_.peer(), verdict.error().message());
            co_return co_await reply(closing_reply(settings_, 500), false);
        }
        if (auto* away = std::get_if<TurnedAway>(&*verdict)) {
            // What a stranger sends is read over, so that the connection can go on, and never kept.
            auto dropped = co_await reader_.drop_request_body(stranger_body);
            const bool goes_on = dropped.ok() && request.keep_alive;
            co_return co_await reply_to_handshake(std::move(away->response), goes_on);
        }
        const auto& admitted = std::get<LetIn>(*verdict);
        const bool known = admitted.identity.has_value() || admitted.certificate.has_value();
        const auto limit = known ? http::largest_encrypted(settings_.max_envelope_bytes) : stranger_body;
        auto body = co_await reader_.request_body(limit);
        if (!body.ok()) co_return co_await broken(body.error());
        request.body = std::move(*body);
        const bool keep_alive = request.keep_alive;
        co_return co_await heard(std::move(request), std::get<LetIn>(std::move(*verdict)), keep_alive);
    }

    // A connection that was proven by what is no longer offered is nobody's again.
    void look_at_settings() {
        if (!parts_.current) return;
        settings_ = parts_.current();
        stream_.allow(settings_.idle_timeout, settings_.packet_timeout);
        gate_.settings_changed();
    }

    // What the header alone decides, so that no body is read for nothing.
    std::optional<http::Response> refuse_early(const http::Request& request) const {
        if (request.method != "POST") {
            http::Response response = closing_reply(settings_, 405);
            response.headers.set("Allow", "POST");
            return response;
        }
        if (!http::same_without_case(http::path_of(request.target), settings_.path))
            return closing_reply(settings_, 404);
        const auto length = announced_length(request);
        if (length && *length > http::largest_encrypted(settings_.max_envelope_bytes))
            return closing_reply(settings_, 413);
        return std::nullopt;
    }

    net::Task<bool> broken(const Error& error) {
        if (error.id == ErrorId::net_closed || !stream_.in_request()) co_return false;
        int status = 400;
        if (error.id == ErrorId::net_read_timeout) status = 500;  // MaxPacketRetrievalTimeSeconds is over.
        if (error.id == ErrorId::http_too_large) status = 413;
        parts_.log.debug("{}: request refused: {}", stream_.peer(), error.message());
        co_return co_await reply(closing_reply(settings_, status), false);
    }

    // A request of somebody known, or an Identify of nobody.
    net::Task<bool> heard(http::Request request, LetIn admitted, bool keep_alive) {
        if (admitted.handshake_ended && request.body.empty()) {
            http::Response response = empty_reply(settings_, 200);
            if (!admitted.authenticate_field.empty())
                response.headers.add("WWW-Authenticate", admitted.authenticate_field);
            co_return co_await reply_to_handshake(std::move(response), keep_alive);
        }
        const auto type = std::string(request.headers.first("Content-Type").value_or(""));
        const bool sealed = http::is_encrypted(type);
        const bool tls = stream_.tls() != nullptr;
        Incoming incoming{std::move(admitted.identity),
                          std::move(admitted.certificate),
                          admitted.identify_only,
                          type,
                          {},
                          stream_.peer(),
                          tls,
                          sealed,
                          is_chunked(request),
                          parts_.local.has_value()};
        if (sealed) {
            auto* sealing = gate_.sealing();
            if (sealing == nullptr) co_return co_await reply(closing_reply(settings_, 400), false);
            auto clear = open_body(*sealing, type, request.body, settings_.max_envelope_bytes);
            if (!clear.ok()) {
                // The cipher's state is lost: nothing more can be said on this connection.
                parts_.log.warning("{}: {}", stream_.peer(), clear.error().message());
                co_return co_await reply(closing_reply(settings_, 400), false);
            }
            incoming.content_type = std::move(clear->content_type);
            incoming.body = std::move(clear->bytes);
        } else {
            if (!tls && !settings_.allow_unencrypted && !incoming.identify_only) {
                co_return co_await reply(empty_reply(settings_, 500), keep_alive);
            }
            if (request.body.size() > settings_.max_envelope_bytes)
                co_return co_await reply(closing_reply(settings_, 413), false);
            incoming.body = std::move(request.body);
        }
        Outgoing outgoing = co_await parts_.handler(std::move(incoming));
        if (outgoing.meant) co_await gate_.certificate_meant(std::move(*outgoing.meant));
        const Delivery delivery = outgoing.delivery;
        auto response = dress(std::move(outgoing), sealed);
        if (!response.ok()) {
            parts_.log.error("{}: {}", stream_.peer(), response.error().message());
            co_return co_await reply(closing_reply(settings_, 500), false);
        }
        if (!admitted.authenticate_field.empty())
            response->headers.add("WWW-Authenticate", admitted.authenticate_field);
        co_return co_await deliver(std::move(*response), keep_alive, delivery);
    }

    // An answer goes out the way its request came, faults included.
    Result<http::Response> dress(Outgoing outgoing, bool sealed) {
        if (outgoing.status == 401) return gate_.unauthorized();
        http::Response response = empty_reply(settings_, outgoing.status);
        if (outgoing.body.empty()) return response;
        if (!sealed) {
            response.headers.set("Content-Type", outgoing.content_type);
            response.body = std::move(outgoing.body);
            return response;
        }
        MULLION_ASSIGN(SealedBody body, seal_body(*gate_.sealing(), gate_.multipart_protocol(),
                                                  outgoing.content_type, outgoing.body));
        response.headers.set("Content-Type", body.content_type);
        response.body = std::move(body.bytes);
        return response;
    }

    net::Task<bool> reply_to_handshake(http::Response response, bool keep_alive) {
        Delivery delivery;
        if (parts_.watch != nullptr) delivery = co_await parts_.watch->handshake(response);
        co_return co_await deliver(std::move(response), keep_alive, delivery);
    }

    net::Task<bool> deliver(http::Response response, bool keep_alive, Delivery delivery) {
        if (delivery.way == Delivery::Way::whole) co_return co_await reply(std::move(response), keep_alive);
        response.keep_alive = response.keep_alive && keep_alive;
        const bool goes_on = response.keep_alive && delivery.way == Delivery::Way::slowly;
        const bool written = co_await write_badly(stream_, std::move(response), delivery);
        co_return written&& goes_on;
    }

    net::Task<bool> reply(http::Response response, bool keep_alive) {
        const bool stays = parts_.watch == nullptr || parts_.watch->stays();
        response.keep_alive = response.keep_alive && keep_alive && stays;
        const bool goes_on = response.keep_alive;
        auto written = co_await net::write_response(stream_, response);
        had_last_word_ = written.ok() && !goes_on;
        co_return written.ok() && goes_on;
    }

    ServerSettings settings_;
    ServerParts parts_;
    net::Stream& inner_;
    PacketTimeoutStream stream_;
    net::HttpReader reader_;
    RequestGate gate_;
    bool had_last_word_ = false;  // We end the connection; the peer may still be writing.
};

}  // namespace

net::Task<void> serve_connection(net::Stream& stream, ServerSettings settings, ServerParts parts) {
    ServedConnection connection(stream, std::move(settings), std::move(parts));
    co_await connection.serve();
}

}  // namespace mullion::channel
