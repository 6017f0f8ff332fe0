// The configuration of the running service: in force, changed one at a time, and told to the log. A change is
// checked, made possible (ports are opened), written, and only then in force; what fails leaves all as it
// was.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/log.h"
#include "net/task.h"
#include "net/worker_pool.h"
#include "service/config/config_documents.h"
#include "service/notifier.h"
#include "state/config_store.h"

namespace mullion::service {

// What a configuration does to the service.
class ConfigEffect {
public:
    // What was made ready for one configuration; forgotten where it is not applied.
    class Ready {
    public:
        virtual ~Ready() = default;
    };
    virtual ~ConfigEffect() = default;
    // On a worker; never two at a time. Errors: serve.listen, tls.files …
    [[nodiscard]] virtual Result<std::unique_ptr<Ready>> prepare(const state::Config& next) = 0;
    // On the keeper's thread. Takes what the last prepare() gave, and cannot fail.
    virtual void apply(std::unique_ptr<Ready> ready, const state::Config& next) = 0;
    // From any thread.
    [[nodiscard]] virtual ListenerFacts facts(const state::ListenerSettings& listener,
                                              const state::Settings& settings) const = 0;
};

// Who asks for a change, for the log.
struct Asker {
    std::string user;
    std::string from;
};

class ConfigKeeper {
public:
    struct Parts {
        net::Executor executor;  // Where changes wait for each other, and are applied.
        net::WorkerPool& workers;
        ConfigEffect& effect;
        Logger& log;
    };
    ConfigKeeper(Parts parts, state::ConfigStore store, state::ConfigTree tree);

    using Tree = std::shared_ptr<const state::ConfigTree>;
    // In force. From any thread.
    [[nodiscard]] Tree tree() const;
    [[nodiscard]] const net::Executor& executor() const { return parts_.executor; }
    // For what reads the disk.
    [[nodiscard]] net::WorkerPool& workers() const { return parts_.workers; }
    [[nodiscard]] ListenerFacts facts(const state::ListenerSettings& listener,
                                      const state::Settings& settings) const {
        return parts_.effect.facts(listener, settings);
    }

    // On the executor. What is in force then. Errors: those of the edit, of ConfigStore and of the effect
    [[nodiscard]] net::Task<Result<Tree>> change(Asker asker, state::ConfigStore::Edit edit);
    // What was changed by hand. On the executor. Errors: those of ConfigStore and of the effect
    [[nodiscard]] net::Task<Result<Tree>> reload();
    // What is in force, made ready once more: something of the machine that it depends on is another now. On
    // the executor. Errors: those of the effect
    [[nodiscard]] net::Task<Result<void>> renew();

private:
    class Turn;
    struct Changed {
        state::ConfigTree read;  // Before the change: what somebody wrote by hand meanwhile is in it.
        std::string by_hand;     // Into which files; empty where nobody did.
        state::ConfigTree tree;
        std::unique_ptr<ConfigEffect::Ready> ready;  // Null: nothing changed.
    };
    [[nodiscard]] Result<Changed> work(const state::ConfigStore::Edit& edit);
    [[nodiscard]] net::Task<Result<Tree>> run(state::ConfigStore::Edit edit, const Asker* asker);
    [[nodiscard]] net::Task<void> wait_for_turn();
    void tell(const Changed& changed, const Asker* asker) const;
    void apply(Changed changed);

    Parts parts_;
    state::ConfigStore store_;
    Notifier turns_;
    bool busy_ = false;
    mutable std::mutex mutex_;
    Tree tree_;
};

}  // namespace mullion::service
