// How a connection proves who speaks: the interface that channel drives and that the engines implement.
// An engine takes and gives tokens; base64 and header fields are channel's. One engine serves one connection.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::auth {

// A way to authenticate as options and configuration name it (design 3, --transport). `local` is none to
// choose: over a socket of this machine the kernel says who it is (ADR 33).
enum class Transport { basic, certificate, ntlm, kerberos, negotiate, credssp, local };
[[nodiscard]] std::string_view to_string(Transport transport);
[[nodiscard]] std::optional<Transport> parse_transport(std::string_view name);

// A ticket-granting ticket, as MIT's caches hold it.
struct ForwardedTicket {
    std::string client;  // The principal whose ticket it is, marshalled.
    std::string server;  // "krbtgt/EXAMPLE.TEST@EXAMPLE.TEST"
    Secret credential;   // Marshalled, with the session's key.
    [[nodiscard]] ForwardedTicket clone() const { return {client, server, credential.clone()}; }
};

// What a client hands over with its log-on, for what the host does elsewhere in its name: a password
// (CredSSP), a ticket (Kerberos with delegation), or both.
struct Delegated {
    std::string domain{};  // May be empty.
    std::string user{};    // Empty: no password was handed over.
    Secret password{};
    std::optional<ForwardedTicket> ticket{};
};

// Who a client says it is. The user may be "DOMAIN\user" or "user@realm".
struct Credential {
    std::string user;
    Secret password;
    [[nodiscard]] Credential clone() const { return {user, password.clone()}; }
};

// "tls-server-end-point:" followed by the hash (RFC 5929 4.1); empty without TLS.
struct ChannelBinding {
    std::string application_data;
    [[nodiscard]] bool empty() const { return application_data.empty(); }
};

struct Step {
    std::string token;      // To send; may be empty.
    bool complete = false;  // This side is satisfied. The other may still need the token.
};

// One message after sealing: [MS-WSMV] 2.2.9.1 writes signature and data apart.
struct SealedMessage {
    std::string signature;
    std::string data;
    std::size_t original_length = 0;  // Plaintext plus padding, for Length=.
};

// Seals and opens the messages of a connection whose handshake is done, strictly in order.
class Sealing {
public:
    virtual ~Sealing() = default;
    // The most that one message may carry; what is longer goes in several.
    [[nodiscard]] virtual std::size_t largest() const { return static_cast<std::size_t>(-1); }
    [[nodiscard]] virtual Result<SealedMessage> seal(std::string_view plaintext) = 0;
    // Any failure ends the connection: the cipher's state is lost. Errors: seal.broken
    [[nodiscard]] virtual Result<std::string> unseal(std::string_view signature, std::string_view data) = 0;
    // How many bytes more than the plaintext has Length= may count.
    [[nodiscard]] virtual std::size_t padding() const { return 0; }
};

// A checksum of the list of mechanisms that SPNEGO negotiated (RFC 4178 5). Making or checking one leaves the
// cipher of messages as it was ([MS-SPNG] 3.3.5.1).
class Integrity {
public:
    virtual ~Integrity() = default;
    [[nodiscard]] virtual std::string list_mic(std::string_view list) = 0;
    [[nodiscard]] virtual bool list_mic_is_right(std::string_view list, std::string_view mic) = 0;
};

// The client's engine. start → step… → complete; wrong order is a bug and asserts.
class Initiator {
public:
    virtual ~Initiator() = default;
    [[nodiscard]] virtual std::string_view http_scheme() const = 0;  // "Basic", "Negotiate", "Kerberos" …
    [[nodiscard]] virtual std::string_view name() const = 0;         // For errors: "ntlm", "basic".
    // For people, once complete: what was agreed on, and why nothing better was: "kerberos for
    // HTTP/web01@EXAMPLE.TEST", "ntlm; kerberos: no KDC of EXAMPLE.TEST answers". Empty: name() says it all.
    [[nodiscard]] virtual std::string how() const { return {}; }
    [[nodiscard]] virtual bool may_block() const = 0;  // Then only worker threads call step().
    // True for Basic: the field goes with every request, there is no handshake of empty POSTs.
    [[nodiscard]] virtual bool every_request() const = 0;
    // First call with an empty token. Errors: auth.rejected, auth.protocol
    [[nodiscard]] virtual Result<Step> step(std::string_view token) = 0;
    // Null until complete, or when the mechanism cannot seal.
    [[nodiscard]] virtual Sealing* sealing() = 0;
    [[nodiscard]] virtual Integrity* integrity() { return nullptr; }  // Alike.
    // sealing(), but already when only the host's confirmation is missing: CredSSP sends what it proves along
    // with the last token. Null until then.
    [[nodiscard]] virtual Sealing* sealing_of_proof() { return sealing(); }
    // What a final 401, with this token or none, tells more than that somebody was rejected. Mostly nothing.
    [[nodiscard]] virtual std::optional<Error> refusal(std::string_view /*token*/) { return std::nullopt; }
    [[nodiscard]] virtual std::string_view multipart_protocol() const = 0;  // "application/HTTP-SPNEGO-…"
};

// An authenticated account. There is no default identity: where none was proven, there is no Identity.
class Identity {
public:
    Identity(std::string user, Transport transport, bool administrator, std::string unix_user,
             std::shared_ptr<const Delegated> delegated = nullptr)
        : user_(std::move(user)),
          unix_user_(std::move(unix_user)),
          delegated_(std::move(delegated)),
          transport_(transport),
          administrator_(administrator) {}
    [[nodiscard]] const std::string& user() const { return user_; }            // The account's own spelling.
    [[nodiscard]] const std::string& unix_user() const { return unix_user_; }  // Whom its shells run as.
    [[nodiscard]] Transport transport() const { return transport_; }
    [[nodiscard]] bool administrator() const { return administrator_; }
    // Null mostly. Wiped with the last who holds it: the connection, and the shells opened on it.
    [[nodiscard]] const std::shared_ptr<const Delegated>& delegated() const { return delegated_; }

private:
    std::string user_;
    std::string unix_user_;
    std::shared_ptr<const Delegated> delegated_;
    Transport transport_;
    bool administrator_;
};

// What a step of the server's engine came to.
struct AcceptStep {
    std::string token;                 // To send back; may be empty.
    std::optional<Identity> identity;  // Set exactly when the handshake is done.
};

// The server's engine for one connection and one scheme.
class Acceptor {
public:
    virtual ~Acceptor() = default;
    [[nodiscard]] virtual bool may_block() const = 0;  // The next step; then only worker threads call it.
    // Errors: auth.rejected (with the reason for the log, never for the peer), auth.protocol
    [[nodiscard]] virtual Result<AcceptStep> step(std::string_view token) = 0;
    // After a failed step: what the client may still be told (Kerberos: KRB-ERROR; CredSSP: errorCode).
    [[nodiscard]] virtual std::string last_word() const { return {}; }
    // For the log, of a step that ended it: who the client says it is, and which mechanism was at work in the
    // end ("ntlm", "kerberos"). Empty where that did not become known.
    [[nodiscard]] virtual std::string claimed() const { return {}; }
    [[nodiscard]] virtual std::string_view inside() const { return {}; }
    // Who it is, where that has been proven and the handshake goes on all the same (CredSSP). Null otherwise.
    [[nodiscard]] virtual const Identity* proven() const { return nullptr; }
    [[nodiscard]] virtual Sealing* sealing() = 0;
    [[nodiscard]] virtual Integrity* integrity() { return nullptr; }  // Null until done, or when it has none.
    [[nodiscard]] virtual std::string_view multipart_protocol() const = 0;
};

// What an acceptor may know of an account. Implemented by service over its database.
struct AccountRecord {
    std::string user;
    Secret nt_hash;      // 16 bytes.
    std::string argon2;  // libsodium's string form.
    bool administrator = false;
    std::string unix_user;
};
class AccountLookup {
public:
    virtual ~AccountLookup() = default;
    // Names are compared without case. Nothing when there is no such account.
    [[nodiscard]] virtual Result<std::optional<AccountRecord>> find(std::string_view user) = 0;
    [[nodiscard]] virtual bool may_block() const { return true; }  // Then only worker threads call find().
};

// Service/Auth/CbtHardeningLevel.
enum class CbtHardening { none, relaxed, strict };

}  // namespace mullion::auth
