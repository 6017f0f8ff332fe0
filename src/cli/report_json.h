// Results for programs: one object per host, schema 1 (design 3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "cli/tally.h"
#include "client/client.h"

namespace mullion::cli {

// Collects one stream up to a limit; what is beyond it is dropped, and said.
class Captured {
public:
    explicit Captured(std::size_t limit) : limit_(limit) {}
    void add(std::string_view bytes);
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] std::string take() && { return std::move(bytes_); }
    [[nodiscard]] bool truncated() const { return truncated_; }

private:
    std::size_t limit_;
    std::string bytes_;
    bool truncated_ = false;
};

// One line each, without its end. A host that was skipped has "reason" as well.
[[nodiscard]] std::string run_object(const std::string& host, const client::RunOutcome& outcome,
                                     Captured output, Captured errors);
[[nodiscard]] std::string ping_object(const std::string& host, const client::PingOutcome& outcome);

// {"schema":1,"hosts":[OBJECT,OBJECT],"summary":{…}}: written piece by piece, so that it needs no memory.
class Document {
public:
    // What is to be written for one more object.
    [[nodiscard]] std::string add(std::string object);
    [[nodiscard]] std::string end(const Tally& tally);

private:
    [[nodiscard]] std::string begin();
    bool begun_ = false;
};

}  // namespace mullion::cli
