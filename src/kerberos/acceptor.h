// The service's side of a log-on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "core/clock.h"

namespace mullion::kerberos {

// Who a ticket's client is here. Given by the service.
class Principals {
public:
    virtual ~Principals() = default;
    // The account of "alice@EXAMPLE.TEST"; nothing: it has none. May block.
    [[nodiscard]] virtual Result<std::optional<auth::AccountRecord>> find(const std::string& principal) = 0;
};

// What the log-ons of a service share: its keys, and what it was shown in the last minutes, so that no token
// counts twice. In memory, so a restart forgets the latter. Thread-safe.
class ServiceKeys {
public:
    struct State;
    // The keytab is read now, and again for each log-on: keys may be added while the service runs. May block.
    // Errors: kerberos.keytab (absent, unreadable, without a key of HTTP/…, host/… or WSMAN/…),
    // kerberos.library
    [[nodiscard]] static Result<std::shared_ptr<ServiceKeys>> open(const std::string& keytab,
                                                                   const Clock& clock = system_clock());
    explicit ServiceKeys(std::unique_ptr<State> state);
    ~ServiceKeys();
    // Those of the keytab when it was opened: whose principals may be known here by their bare names.
    [[nodiscard]] const std::vector<std::string>& realms() const;
    [[nodiscard]] State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

struct AcceptorOptions {
    auth::ChannelBinding binding;  // Of this TLS connection; empty over HTTP.
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
};

// Takes Kerberos' own tokens and nothing else. Steps read the keytab and ask `principals`, so they may block;
// `principals` must outlive it. After a failed step last_word() has KRB-ERROR for what the client can mend.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_acceptor(std::shared_ptr<ServiceKeys> keys,
                                                            Principals& principals,
                                                            const AcceptorOptions& options);

}  // namespace mullion::kerberos
