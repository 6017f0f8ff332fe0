// What a taken-over network process might say: names, messages of every kind, and what is none.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "link.h"

namespace mullion::attacks {

// Every user of this machine, and texts that a careless reader could take for one of them.
[[nodiscard]] std::vector<std::string> names_of_others(const Scene& scene);

// A command that leaves a file in the evidence: whose it is says who it ran as, and no command can lie there.
[[nodiscard]] os::SpawnRequest confession(Link& link, const std::string& unix_user);

// Well-formed, whatever it asks for.
class Babble {
public:
    Babble(std::uint64_t seed, const Scene& scene) : random_(seed), names_(names_of_others(scene)) {}
    // The next message of a sequence; requests are noted in the link.
    bool say(Link& link);
    // What is no message at all.
    [[nodiscard]] std::string noise(Link& link);

private:
    [[nodiscard]] std::size_t upto(std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(0, most)(random_);
    }
    [[nodiscard]] std::string text(std::size_t most);
    [[nodiscard]] std::string damaged(std::string bytes);
    [[nodiscard]] os::SpawnRequest request(Link& link);

    std::mt19937_64 random_;
    std::vector<std::string> names_;
};

}  // namespace mullion::attacks
