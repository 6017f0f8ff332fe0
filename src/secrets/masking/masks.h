// All that a process was handed of secrets, to be left out of what it says.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/secret.h"
#include "secrets/masking/mask.h"

namespace mullion::secrets {

// Safe from any thread.
class Masks {
public:
    // What they may take together, in bytes of their forms: an automaton of some 200 MB. What comes after
    // half of that is looked for as it is and in UTF-16 alone, and after all of it not at all; notices() says
    // so.
    static constexpr std::size_t most = std::size_t{24} * 1024 * 1024;
    explicit Masks(std::size_t limit = most) : limit_(limit) {}

    // One that is known costs nothing; a new one only when something is masked next.
    void add(const Secret& value);
    void add(std::span<const Secret> values);

    // Null: there are none, and nothing need be done. The first call after an add() makes them anew, which
    // takes time: 0.1 ms for one, a second for ten thousand.
    [[nodiscard]] std::shared_ptr<const Patterns> patterns();
    [[nodiscard]] std::string masked(std::string text);
    [[nodiscard]] bool any() const { return any_.load(std::memory_order_acquire); }

    // What an operator should know, each once, since the last call: a value that is too short, or too long to
    // be looked for as a whole. Never which.
    [[nodiscard]] std::vector<std::string> notices();

private:
    struct Less {
        bool operator()(const Secret& a, const Secret& b) const;
    };
    void build();
    void tell(const char* notice);

    const std::size_t limit_;
    std::atomic<bool> any_ = false;
    std::mutex mutex_;  // Of what follows.
    std::set<Secret, Less> values_;
    bool changed_ = false;
    std::shared_ptr<const Patterns> patterns_;
    std::set<std::string> told_;
    std::vector<std::string> notices_;
};

}  // namespace mullion::secrets
