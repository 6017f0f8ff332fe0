#include "service/config/config_keeper.h"

#include <utility>

#include "service/config/config_changes_log.h"

namespace mullion::service {

// One change at a time, from reading to applying: ports that one makes ready are no other's.
class ConfigKeeper::Turn {
public:
    explicit Turn(ConfigKeeper& keeper) : keeper_(keeper) { keeper_.busy_ = true; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        keeper_.busy_ = false;
        keeper_.turns_.notify();
    }

private:
    ConfigKeeper& keeper_;
};

ConfigKeeper::ConfigKeeper(Parts parts, state::ConfigStore store, state::ConfigTree tree)
    : parts_(std::move(parts)),
      store_(std::move(store)),
      turns_(parts_.executor),
      tree_(std::make_shared<const state::ConfigTree>(std::move(tree))) {}

ConfigKeeper::Tree ConfigKeeper::tree() const {
    const std::lock_guard lock(mutex_);
    return tree_;
}

net::Task<Result<ConfigKeeper::Tree>> ConfigKeeper::change(Asker asker, state::ConfigStore::Edit edit) {
    auto running = run(std::move(edit), &asker);
    co_return co_await std::move(running);
}

net::Task<Result<ConfigKeeper::Tree>> ConfigKeeper::reload() {
    auto running = run(nullptr, nullptr);
    co_return co_await std::move(running);
}

// Whoever wakes up takes his turn before he waits for anything else.
net::Task<void> ConfigKeeper::wait_for_turn() {
    while (busy_) co_await turns_.wait_until(std::chrono::steady_clock::now() + std::chrono::hours(1));
}

net::Task<Result<void>> ConfigKeeper::renew() {
    co_await wait_for_turn();
    const Turn turn(*this);
    auto job = [this]() -> Result<Changed> {
        Changed out{*tree(), {}, *tree(), nullptr};
        MULLION_ASSIGN(out.ready, parts_.effect.prepare(out.tree.config()));
        return out;
    };
    auto working = parts_.workers.run(job);
    auto changed = co_await std::move(working);
    if (!changed.ok()) co_return std::move(changed).error();
    apply(std::move(*changed));
    co_return Result<void>{};
}

net::Task<Result<ConfigKeeper::Tree>> ConfigKeeper::run(state::ConfigStore::Edit edit, const Asker* asker) {
    co_await wait_for_turn();
    const Turn turn(*this);
    auto job = [this, &edit] { return work(edit); };
    auto working = parts_.workers.run(job);
    auto changed = co_await std::move(working);
    if (!changed.ok()) co_return std::move(changed).error();
    tell(*changed, asker);
    apply(std::move(*changed));
    co_return tree();
}

// Who asks for a change has nothing to do with what others wrote into the files before.
void ConfigKeeper::tell(const Changed& changed, const Asker* asker) const {
    for (const auto& words : changes_in_words(*tree(), changed.read))
        parts_.log.info("configuration: by hand in {}: {}", changed.by_hand, words);
    if (asker == nullptr) return;
    for (const auto& words : changes_in_words(changed.read, changed.tree))
        parts_.log.info("configuration: {} from {}: {}", asker->user, asker->from, words);
}

// What somebody wrote into the file by hand is in force with the next change, at the latest.
Result<ConfigKeeper::Changed> ConfigKeeper::work(const state::ConfigStore::Edit& edit) {
    Changed out;
    const auto approve = [&](const state::ConfigTree& next) -> Result<void> {
        MULLION_ASSIGN(out.ready, parts_.effect.prepare(next.config()));
        return {};
    };
    if (edit) {
        const auto noting = [&](const state::ConfigTree& read) {
            out.read = read;
            return edit(read);
        };
        MULLION_ASSIGN(out.tree, store_.change(noting, approve));
    } else {
        MULLION_ASSIGN(out.tree, store_.read());
        out.read = out.tree;
    }
    const auto before = tree();
    if (!(out.read == *before)) out.by_hand = store_.different_files(*before, out.read);
    if (!out.ready && !(out.tree == *before)) MULLION_TRY(approve(out.tree));
    return out;
}

void ConfigKeeper::apply(Changed changed) {
    if (!changed.ready) return;
    const auto config = changed.tree.config();
    auto next = std::make_shared<const state::ConfigTree>(std::move(changed.tree));
    {
        const std::lock_guard lock(mutex_);
        tree_ = std::move(next);
    }
    parts_.effect.apply(std::move(changed.ready), config);
}

}  // namespace mullion::service
