// Results for programs: one object per host, schema 1 (design 3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "client/client.h"

namespace mullion::cli {

// Collects one stream up to a limit; what is beyond it is dropped, and said.
class Captured {
public:
    explicit Captured(std::size_t limit) : limit_(limit) {}
    void add(std::string_view bytes);
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    [[nodiscard]] bool truncated() const { return truncated_; }

private:
    std::size_t limit_;
    std::string bytes_;
    bool truncated_ = false;
};

// One line each, without its end.
[[nodiscard]] std::string run_object(const std::string& host, const client::RunOutcome& outcome,
                                     const Captured& output, const Captured& errors);
[[nodiscard]] std::string ping_object(const std::string& host, const client::PingOutcome& outcome);
// {"schema":1,"hosts":[OBJECT],"summary":{…}}
[[nodiscard]] std::string document(const std::string& object, Status status);

}  // namespace mullion::cli
