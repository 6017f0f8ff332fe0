#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "yaml/events.h"

namespace mullion::yaml {

// Numbers that were seen; one allocation for all of them.
class Seen {
public:
    // False for one that was added before.
    bool add(std::uint64_t number);

private:
    std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(64);  // 0 is an empty one.
    std::size_t count_ = 0;
};

// A document read once from beginning to end, without a tree: as long as there is no anchor, alias, merge key
// or key given twice in it, its events mean what they say. At the first such thing next() gives an error and
// needs_tree() turns true: what was made of the events so far is void, and read() has to do.
class StreamEvents : public Events {
public:
    // `options` outlive it.
    StreamEvents(std::unique_ptr<Events> source, const Options& options)
        : source_(std::move(source)), options_(options) {}

    [[nodiscard]] Result<void> next(Event& event) override;
    [[nodiscard]] bool needs_tree() const { return needs_tree_; }

private:
    struct Open {
        bool is_map;
        bool at_key = true;
        std::size_t keys;              // Where its keys begin in keys_.
        std::unique_ptr<Seen> many{};  // Once they are too many to look through.
    };

    [[nodiscard]] Error give_up();
    [[nodiscard]] bool is_new(Open& map, std::string_view key);
    void end_value();

    std::unique_ptr<Events> source_;
    const Options& options_;
    std::vector<Open> open_;
    std::vector<std::uint64_t> keys_;  // Hashes of the keys of all open maps, the innermost one's last.
    std::size_t nodes_ = 0;
    bool needs_tree_ = false;
};

}  // namespace mullion::yaml
