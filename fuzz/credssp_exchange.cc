// What a hostile peer says to either end of CredSSP: in the place of TLS, and inside of it. The first byte
// chooses the end and how far it gets before; each message has its length in two bytes ahead.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exchange.h"

namespace {

using namespace mullion;
using namespace mullion::credssp;
using namespace mullion::credssp::testing;

std::string_view next_message(std::string_view& rest) {
    if (rest.size() < 2) return std::exchange(rest, {});
    const std::size_t length =
        static_cast<unsigned char>(rest[0]) * std::size_t{256} + static_cast<unsigned char>(rest[1]);
    const auto message = rest.substr(2, length);
    rest.remove_prefix(2 + message.size());
    return message;
}

void to_the_client(std::string_view rest, bool inside) {
    static const auto server = test_server_tls(crypto::TlsVersions::modern, crypto::KeyKind::ec);
    Exchange exchange;
    const auto tls = server->begin().value();
    std::string token = exchange.client->step({}).value().token;
    while (inside && !tls->connected()) {
        const std::string said = tls->handshake(token).value();
        auto step = exchange.client->step(said);
        if (!step.ok()) std::abort();
        token = step->token;
    }
    for (int leg = 0; leg < 8 && !rest.empty(); ++leg) {
        const auto message = next_message(rest);
        if (inside && message.empty()) return;
        const auto said =
            inside ? tls->encrypt(message.substr(0, crypto::tls_record_data)).value() : std::string(message);
        const auto step = exchange.client->step(said);
        if (!step.ok()) return;
        // Nobody here knows the password, and so the key that would convince the client.
        if (step->complete) std::abort();
    }
}

void to_the_server(std::string_view rest, bool inside) {
    static const auto client = test_client_tls(crypto::TlsVersions::modern);
    Exchange exchange;
    const auto tls = client->begin().value();
    std::string said;
    for (std::string up; inside && (!tls->connected() || !up.empty());) {
        up = tls->handshake(said).value();
        if (!up.empty()) said = exchange.server->step(up).value().token;
    }
    for (int leg = 0; leg < 8 && !rest.empty(); ++leg) {
        const auto message = next_message(rest);
        if (inside && message.empty()) return;
        const auto token =
            inside ? tls->encrypt(message.substr(0, crypto::tls_record_data)).value() : std::string(message);
        const auto step = exchange.server->step(token);
        if (!step.ok()) return;
        if (step->identity || exchange.server->sealing() != nullptr) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    const bool inside = (data[0] & 2) != 0;
    if ((data[0] & 1) != 0) {
        to_the_client(rest, inside);
    } else {
        to_the_server(rest, inside);
    }
    return 0;
}
