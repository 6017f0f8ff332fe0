// Who answers about CIM: a process of the caller's (host_backend), or a table of a test or of the simulator.
// Everything here happens on the one executor that shells live on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "cim/messages.h"
#include "net/task.h"
#include "service/requests/item_source.h"
#include "service/requests/outcome.h"

namespace mullion::service {

struct CimQuestion {
    std::string unix_user;
    std::string user;     // The account.
    std::string address;  // Of who asks; empty: he sits at this machine.
    std::string answer_id;
    std::string envelope;         // The request, as UTF-8.
    std::uint32_t memory_mb = 0;  // That answering may use; 0: no limit.
    std::string about = {};       // What is asked, in one line for the log.
    Waiting waiting = {};  // Whoever is not there any more, or has been told that time ran out, is not to
                           // have something done: no answer begins then.
    std::size_t most = cim::item_limit;  // Bytes of one item, or of the answer: what an envelope can hold.
    // Called once where nothing stands in its way any more, before it is done. Null: nobody wants to know.
    std::function<void()> begins = nullptr;
};

// What comes of one question. Destruction ends the work.
class CimAnswer {
public:
    virtual ~CimAnswer() = default;
    // Items, then End; or the Answer; or a Failure. Nothing is asked for after one of those three. Faults: it
    // ended without one.
    [[nodiscard]] virtual net::Task<Outcome<cim::FromHost>> next() = 0;
    // A next() that waits ends with a fault. Whoever never waits there need do nothing.
    virtual void stop() {}
    // What it holds in memory of what is still to be asked for, beside a little.
    [[nodiscard]] virtual std::size_t bytes() const { return 0; }
};

class CimBackend {
public:
    virtual ~CimBackend() = default;
    [[nodiscard]] virtual net::Task<Outcome<std::unique_ptr<CimAnswer>>> ask(CimQuestion question) = 0;
};

}  // namespace mullion::service
