// From a request's bytes to the answer's: who may, who does it, and every fault on the way. Needs no sockets.
#pragma once

#include <string>

#include "channel/server_connection.h"
#include "core/ids.h"
#include "core/log.h"
#include "service/access/access_rules.h"
#include "service/access/audit.h"
#include "service/access/certificate_mapping.h"
#include "service/access/tokens.h"
#include "service/config/settings_holder.h"
#include "service/requests/identify.h"
#include "service/requests/request_hook.h"
#include "service/shells/shell_protocol.h"
#include "service/shells/shells.h"
#include "wsman/wire.h"

namespace mullion::service {

class Dispatcher {
public:
    struct Parts {
        Shells& shells;
        const SettingsHolder& settings;
        Random& random;
        Logger& log;
        std::string machine;                          // In faults.
        Product product;                              // In Identify.
        RequestHook* hook = nullptr;                  // Must outlive the dispatcher.
        CertificateAccounts* certificates = nullptr;  // Alike. Null: certificates mean nobody.
        ResourceHandler* config = nullptr;            // Alike. Null: there is no winrm/config.
        TokenSource& tokens = plain_tokens();         // Alike, as all below.
        const AccessRulesHolder* rules = nullptr;     // Null: Windows' default.
        AuditLog* audit = nullptr;                    // Null: nothing is written of who may.
        ResourceHandler* cim = nullptr;               // Null: there is no CIM.
    };
    explicit Dispatcher(Parts parts) : parts_(std::move(parts)), shell_protocol_(parts_.shells) {}

    // On the connection's thread. The dispatcher must outlive it.
    [[nodiscard]] net::Task<channel::Outgoing> handle(channel::Incoming request);

private:
    // What one request is answered under.
    struct Frame {
        std::shared_ptr<const state::Settings> settings;
        std::string answer_id;
        wsman::Charset charset;
    };
    // Who is meant by the certificate of a request for that. Errors: auth.rejected
    [[nodiscard]] net::Task<Result<auth::Identity>> identify_certificate(const channel::Incoming& request,
                                                                         const state::Settings& settings,
                                                                         std::string resource_uri);
    // Null: nobody, as far as descriptors go.
    [[nodiscard]] net::Task<SharedToken> find_token(const channel::Incoming& request);
    // Nothing when they may.
    [[nodiscard]] std::optional<wsman::Fault> judge(const channel::Incoming& request,
                                                    const rights::Token* token, const wsman::Header& header,
                                                    std::string_view also_known_as,
                                                    const state::Settings& settings) const;
    // Once it is decided who speaks. `message` and `frame` live until the answer is given.
    [[nodiscard]] net::Task<channel::Outgoing> hear(channel::Incoming request,
                                                    const Result<wsman::Message>& message, const Frame& frame,
                                                    bool charset_known);
    // The whole answer to what was understood, or `instead` of it a fault.
    [[nodiscard]] net::Task<channel::Outgoing> reply(const channel::Incoming& request,
                                                     const wsman::Message& message, Frame frame,
                                                     std::optional<wsman::Fault> instead);
    [[nodiscard]] net::Task<Outcome<std::string>> answer(const channel::Incoming& request,
                                                         const wsman::Message& message,
                                                         std::shared_ptr<const state::Settings> settings,
                                                         std::string answer_id);
    // Null: the resource is nobody's.
    [[nodiscard]] ResourceHandler* handler_of(const wsman::Header& header,
                                              std::optional<ResourceHandler::Traits>& traits);
    [[nodiscard]] std::string identify(const channel::Incoming& request,
                                       const state::Settings& settings) const;
    [[nodiscard]] channel::Outgoing fault(const Frame& frame, const wsman::Fault& what,
                                          std::string_view relates_to) const;

    Parts parts_;
    ShellProtocol shell_protocol_;
};

}  // namespace mullion::service
