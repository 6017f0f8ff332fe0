// The session that is in use, which Ctrl-C is for. Internal to the live probes.
#pragma once

#include <mutex>

#include "doctor/live_probes.h"

namespace mullion::doctor {

class LiveProbes::InUse {
public:
    InUse(LiveProbes& probes, client::Session& session) : probes_(probes) {
        const std::lock_guard lock(probes_.mutex_);
        probes_.in_use_ = &session;
        if (probes_.interrupted_) session.interrupt();
    }
    ~InUse() {
        const std::lock_guard lock(probes_.mutex_);
        probes_.in_use_ = nullptr;
    }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

private:
    LiveProbes& probes_;
};

}  // namespace mullion::doctor
