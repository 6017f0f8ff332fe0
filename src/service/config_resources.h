// winrm/config: reads what is asked, has the keeper do it, and writes the answer. [MS-WSMV] 3.1.4.2 - 3.1.4.8
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "channel/server_connection.h"
#include "core/clock.h"
#include "core/ids.h"
#include "service/config_edits.h"
#include "service/config_keeper.h"
#include "service/enumerations.h"
#include "service/resource_handler.h"
#include "wsman/config.h"

namespace mullion::service {

class ConfigResources final : public ResourceHandler {
public:
    struct Parts {
        ConfigKeeper& keeper;
        channel::BasicVerifier& passwords;  // Of those that mappings are for.
        Random& random;
        const Clock& clock;
        CertificatePlaces places;
    };
    explicit ConfigResources(Parts parts);

    [[nodiscard]] std::optional<Traits> serves(const wsman::Header& header) const override;
    [[nodiscard]] Answer answer(const Call& call) override;
    // Forgets enumerations that nobody pulls from. On the keeper's executor.
    void sweep() { enumerations_.sweep(); }

private:
    using Verb = Answer (ConfigResources::*)(const Call&, const wsman::ConfigTarget&);
    using Edit = std::function<Result<state::ConfigLayer>(const state::ConfigTree&)>;

    Answer get(const Call& call, const wsman::ConfigTarget& target);
    Answer put(const Call& call, const wsman::ConfigTarget& target);
    Answer create(const Call& call, const wsman::ConfigTarget& target);
    Answer remove(const Call& call, const wsman::ConfigTarget& target);
    Answer enumerate(const Call& call, const wsman::ConfigTarget& target);
    Answer pull(const Call& call, const wsman::ConfigTarget& target);
    Answer release(const Call& call, const wsman::ConfigTarget& target);
    Answer restore(const Call& call);

    [[nodiscard]] net::Task<Result<ConfigKeeper::Tree>> change(const Call& call, Edit edit);
    [[nodiscard]] Result<wsman::ConfigDocument> document(const state::ConfigTree& tree,
                                                         const wsman::ConfigTarget& target) const;
    [[nodiscard]] Edit put_edit(const wsman::ConfigTarget& target, const wsman::ConfigDocument& asked) const;
    // Whom a mapping is for, and with which password. Errors: those that a Create or Put is refused with
    [[nodiscard]] net::Task<Result<void>> check_credentials(const Call& call, std::string user,
                                                            const std::optional<Secret>& password);
    [[nodiscard]] net::Task<Result<void>> check_mapping_put(const Call& call,
                                                            const wsman::ConfigTarget& target,
                                                            const wsman::ConfigDocument& asked);
    [[nodiscard]] std::deque<std::string> items(const wsman::ConfigTarget& target, const std::string& mode,
                                                const std::string& to) const;
    [[nodiscard]] net::Task<Outcome<wsman::Batch>> open(Visit visit, std::deque<std::string> items,
                                                        wsman::Enumerate what);
    [[nodiscard]] net::Task<Outcome<wsman::Batch>> next(Visit visit, wsman::Pull what);
    [[nodiscard]] net::Task<Done> close(Visit visit, std::string context);

    Parts parts_;
    Enumerations enumerations_;  // Touched on the keeper's executor only.
};

}  // namespace mullion::service
