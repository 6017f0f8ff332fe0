// A WinRM host in memory: speaks the service's side of wsman, one command at a time, and goes wrong where it
// is told to.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "client/link.h"
#include "client/tests/fake_cim.h"
#include "client/tests/fake_config.h"
#include "client/time.h"
#include "wsman/fault.h"
#include "wsman/shell.h"

namespace mullion::client::testing {

// What happens to one request instead of its answer.
struct Trouble {
    enum Kind {
        none,
        refused,      // Nobody listens.
        busy,         // 503
        rejected,     // 401
        forged,       // The host did it; somebody on the way says 401, and the channel asks again.
        forged_away,  // The host did it; somebody on the way says so, and whoever is asked again as well.
        forged_busy,  // The host did it; somebody on the way says 503.
        lost_before,  // The connection ends before the host has read it.
        lost_after,   // The host did it; the answer is lost.
        silent,       // The host does it and says nothing.
        fault,
        other_answer,  // The answer relates to something else.
        web_page,      // The host did it; a proxy answers in its place.
        garbage,
        throws,  // A bug of ours.
    } kind = none;
    std::uint32_t code = 0;  // Of a fault.
};

// What the command does.
struct Script {
    std::vector<std::pair<std::string, std::string>> output;  // Stream and bytes, one Receive's answer each.
    std::uint32_t exit_code = 0;
    bool reads_input = false;    // Ends only after its input has; and then repeats it as output.
    bool runs_for_ever = false;  // Ends by ctrl_c or terminate only.
    bool ignores_ctrl_c = false;
    bool ignores_terminate = false;
    Duration quiet{0};                                       // Before it ends.
    bool hurries = false;                                    // Says "nothing yet" at once instead of waiting.
    std::function<void(wsman::ReceivedOutput&)> spoil = {};  // Each answer to Receive, before it leaves.
};

class FakeHost {
public:
    explicit FakeHost(Time& time) : time_(time) {}

    Script script;
    // By action ("Create", "Receive" …): what happens to the first requests of that kind, in order.
    std::map<std::string, std::deque<Trouble>> troubles;
    std::map<std::string, Trouble> always;  // When no more are listed there.
    bool ignores_our_ids = false;           // As stacks before 2012 do.
    Duration latency{0};                    // Of each answer.
    FakeConfig config;
    FakeCim cim;

    // What came to pass.
    std::vector<std::string>
        seen;  // "1 Create": the connection, in the order they were opened, and the action.
    std::map<std::string, int> executions;  // By CommandId.
    std::set<std::string> shells;           // That exist.
    std::string input;
    bool input_ended = false;
    std::size_t largest_message = 0;
    wsman::CreateShell created;
    wsman::RunCommand ran;
    int links = 0;

    [[nodiscard]] std::shared_ptr<Link> make_link();
    [[nodiscard]] int count(const std::string& action) const;
    // Where no link of ours is between: the fault that `troubles` has for this request; empty without one.
    [[nodiscard]] std::string fault_instead(const std::string& request);

    // The host's side of one message; empty when nothing was to be said by the deadline.
    [[nodiscard]] net::Task<std::string> answer(std::string request, MonotonicTime deadline, Alarm& closed);

private:
    friend class FakeLink;
    [[nodiscard]] Trouble next_trouble(const std::string& action);
    [[nodiscard]] net::Task<std::string> receive(const wsman::Message& request, MonotonicTime deadline,
                                                 Alarm& closed);
    void changed();

    Time& time_;
    std::string command_id_;
    std::string command_shell_;
    std::size_t next_output_ = 0;
    MonotonicTime started_{};
    bool ended_ = false;
    std::uint32_t exit_code_ = 0;
    std::shared_ptr<Alarm> change_ = std::make_shared<Alarm>();
};

}  // namespace mullion::client::testing
