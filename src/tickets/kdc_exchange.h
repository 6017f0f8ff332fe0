// One question to the KDCs of a realm.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::tickets {

struct KdcReply {
    std::string answer;               // Empty: nobody answered.
    std::string kdc;                  // Who did.
    std::vector<std::string> silent;  // Who had not when its share of the time was over.
    std::string tried;                // "kdc1:88: no answer; kdc2:88: connection refused"
};

// Over TCP, with four bytes of length in front (RFC 4120 7.2.2). `kdcs` ("host:port") are asked in their
// order, each for its share of the time, and no longer than `most` while there is another; one that refuses
// the connection or answers with more than kerberos::max_kdc_message costs no more than that
// took. What was sent is asked of the next: a KDC may answer one question twice (RFC 4120 3.1.2).
[[nodiscard]] net::Task<KdcReply> ask_kdcs(net::Executor executor, net::WorkerPool& workers,
                                           std::vector<std::string> kdcs, std::string message,
                                           MonotonicTime deadline, Duration most = Duration(5'000));

}  // namespace mullion::tickets
