// monitor_attacker MONITOR STATE EVIDENCE NETWORK-USER ALLOWED-USER RANDOM-ROUNDS: as root. Tries what a
// network process could try that somebody has taken over, and prints what came of it as one line of JSON. Who
// the commands ran as is for the test to see, by the files that they left.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "attacks.h"

namespace {

using namespace mullion::attacks;

constexpr unsigned messages_of_a_round = 200;

// In a process of its own, since each gives up root: false when the monitor did not end as it should.
bool carry_out(const Attack& attack, const Scene& scene, Count& count) {
    const pid_t attacker = ::fork();
    if (attacker == 0) {
        Link link(scene, count);
        attack.run(link);
        if (attack.status == broken_rules) link.wait_until_gone();
        const int status = link.end();
        if (status != attack.status)
            std::fprintf(stderr, "%s: the monitor ended with %d, not %d\n", attack.name.c_str(), status,
                         attack.status);
        std::_Exit(status == attack.status ? 0 : 1);
    }
    int status = 0;
    while (::waitpid(attacker, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) std::fprintf(stderr, "%s: failed\n", attack.name.c_str());
    return status == 0;
}

}  // namespace

int main(int count, char** words) {
    if (count != 7 || ::geteuid() != 0) {
        std::fputs("monitor_attacker MONITOR STATE EVIDENCE NETWORK-USER ALLOWED-USER ROUNDS, as root\n",
                   stderr);
        return 5;
    }
    const Scene scene{words[1], words[2], words[3], words[4], words[5]};
    void* const shared =
        ::mmap(nullptr, sizeof(Count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 3;
    Count& sum = *new (shared) Count;
    unsigned monitors = 0;
    unsigned wrong = 0;
    for (const auto& attack : named_attacks(scene)) {
        ++monitors;
        wrong += !carry_out(attack, scene, sum);
    }
    for (unsigned seed = 1; seed <= std::stoul(words[6]); ++seed) {
        ++monitors;
        wrong += !carry_out(random_attack(seed, messages_of_a_round, scene), scene, sum);
    }
    std::printf(
        "{\"monitors\":%u,\"wrong_ends\":%u,\"messages\":%lu,\"spawned\":%lu,\"refused\":%lu,"
        "\"spawned_as_others\":%lu}\n",
        monitors, wrong, sum.messages, sum.spawned, sum.refused, sum.spawned_as_others);
    return 0;
}
