// A mechanism of a given number of tokens, both ends, and a handshake of SPNEGO around some of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spnego/spnego.h"

namespace mullion::spnego::testing {

inline constexpr std::string_view first_oid = "\x2a\x03\x01";
inline constexpr std::string_view second_oid = "\x2a\x03\x02";
inline constexpr std::string_view third_oid = "\x2a\x03\x03";

struct Fake {
    std::string_view oid = first_oid;
    int tokens = 3;        // Of both ends together; the client's is the first.
    bool protects = true;  // It can make checksums.
    bool may_block = true;
    bool refuses = false;            // The acceptor's end refuses whoever it is, with a last word.
    std::shared_ptr<int> held = {};  // As long as the mechanism lives.
};

[[nodiscard]] std::unique_ptr<auth::Initiator> fake_initiator(const Fake& fake);
[[nodiscard]] std::unique_ptr<auth::Acceptor> fake_acceptor(const Fake& fake);

// The checksum that the fakes make; `by_client` tells whose.
[[nodiscard]] std::string fake_mic(std::string_view oid, bool by_client, std::string_view list);

// Both ends, and every token as it went, the client's first.
struct Handshake {
    Handshake(const std::vector<Fake>& offered, const std::vector<Fake>& served);

    void run();  // To the end or the first error; each token passes `on_the_way`.
    [[nodiscard]] bool done() const { return identity && client_complete && !error; }

    std::unique_ptr<auth::Initiator> client;
    std::unique_ptr<auth::Acceptor> server;
    virtual std::string on_the_way(std::string token) { return token; }
    virtual ~Handshake() = default;

    std::vector<std::string> tokens;
    bool client_complete = false;
    std::optional<auth::Identity> identity;
    std::optional<Error> error;
    bool error_is_the_clients = false;
};

}  // namespace mullion::spnego::testing
