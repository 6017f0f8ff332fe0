// winrm/config: reads what is asked, has the keeper do it, and writes the answer. [MS-WSMV] 3.1.4.2 - 3.1.4.8
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "channel/server_connection.h"
#include "service/access/mapping_passwords.h"
#include "service/config/config_edits.h"
#include "service/config/config_keeper.h"
#include "service/config/remoting.h"
#include "service/requests/operations.h"
#include "service/requests/resource_handler.h"
#include "wsman/config.h"

namespace mullion::service {

class ConfigResources final : public ResourceHandler {
public:
    struct Parts {
        ConfigKeeper& keeper;
        MappingPasswords& passwords;  // Of those that mappings are for.
        Operations& operations;       // Of the accounts, with those of shells.
        CertificatePlaces places;
    };
    explicit ConfigResources(Parts parts);

    [[nodiscard]] std::optional<Traits> serves(const wsman::Header& header) const override;
    [[nodiscard]] Answer answer(const Call& call) override;

private:
    using Verb = Answer (ConfigResources::*)(const Call&, const wsman::ConfigTarget&);
    using Action = Answer (ConfigResources::*)(const Call&);
    using Edit = std::function<Result<state::ConfigLayer>(const state::ConfigTree&)>;

    [[nodiscard]] static Verb verb_of(const Call& call, const wsman::ConfigTarget& target);
    [[nodiscard]] static Action action_of(const wsman::Header& header);
    Answer get(const Call& call, const wsman::ConfigTarget& target);
    Answer put(const Call& call, const wsman::ConfigTarget& target);
    Answer create(const Call& call, const wsman::ConfigTarget& target);
    Answer remove(const Call& call, const wsman::ConfigTarget& target);
    Answer enumerate(const Call& call, const wsman::ConfigTarget& target);
    Answer get_plugin(const Call& call, const wsman::ConfigTarget& target);
    Answer put_plugin(const Call& call, const wsman::ConfigTarget& target);
    Answer get_security(const Call& call, const wsman::ConfigTarget& target);
    Answer put_security(const Call& call, const wsman::ConfigTarget& target);
    Answer restore(const Call& call);
    Answer restore_plugins(const Call& call);
    Answer restored(const Call& call, Edit edit);
    Answer analyze_service(const Call& call);
    Answer enable_service(const Call& call);
    Answer analyze(const Call& call);
    Answer enable_remoting(const Call& call);
    [[nodiscard]] net::Task<Result<RemotingPlan>> planned(bool https) const;
    [[nodiscard]] static std::deque<std::string> plugin_items(const state::ConfigTree& tree,
                                                              std::string_view mode, const std::string& to);
    [[nodiscard]] std::deque<std::string> usable_items(const Call& call) const;

    [[nodiscard]] net::Task<Result<ConfigKeeper::Tree>> change(const Call& call, Edit edit);
    [[nodiscard]] Result<wsman::ConfigDocument> document(const state::ConfigTree& tree,
                                                         const wsman::ConfigTarget& target) const;
    [[nodiscard]] Edit put_edit(const wsman::ConfigTarget& target, const wsman::ConfigDocument& asked) const;
    // Whom a mapping is for, and with which password; nothing where a Put leaves both as they are. Errors:
    // those that a Create or Put is refused with
    using Proven = std::optional<state::AccountKey>;
    [[nodiscard]] net::Task<Result<Proven>> check_credentials(const Call& call, std::string user,
                                                              const std::optional<Secret>& password);
    [[nodiscard]] net::Task<Result<Proven>> check_mapping_put(const Call& call,
                                                              const wsman::ConfigTarget& target,
                                                              const wsman::ConfigDocument& asked);
    [[nodiscard]] static std::string user_of(const wsman::ConfigDocument& mapping);
    // `edit` of a mapping, where what was checked is still so when it is made.
    [[nodiscard]] Edit only_if_still(Edit edit, const wsman::ConfigTarget& target,
                                     const wsman::ConfigDocument& asked, const Proven& proven) const;
    [[nodiscard]] std::deque<std::string> items(const wsman::ConfigTarget& target, const std::string& mode,
                                                const std::string& to) const;

    Parts parts_;
};

}  // namespace mullion::service
