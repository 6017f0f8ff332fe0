#include "client/enumeration_walk.h"

#include <fmt/format.h>

#include <utility>

#include "wsman/enumeration.h"

namespace mullion::client {

Error without_progress(std::size_t answers) {
    return {ErrorId::wsman_malformed,
            fmt::format("{} answers, one after the other, brought nothing and were not the end", answers)};
}

Result<std::vector<std::string>> EnumerationWalk::take(const wsman::Message& answer) {
    auto read = begun_ ? wsman::read_pull_response(answer) : wsman::read_enumerate_response(answer);
    if (!read.ok()) return std::move(read).error();
    auto& batch = *read;
    begun_ = true;
    // Where a Pull's answer names none, the one before goes on. WS-Enumeration 3
    if (!batch.context.empty()) context_ = std::move(batch.context);
    items_ += batch.items.size();
    empty_ = batch.items.empty() ? empty_ + 1 : 0;
    ended_ = batch.end;
    if (!ended_ && items_ > limits_.items)
        return Error(ErrorId::wsman_malformed,
                     fmt::format("the enumeration goes on behind {} items, which are too many", items_));
    if (!ended_ && empty_ > limits_.empty_batches) return without_progress(empty_);
    return std::move(batch.items);
}

}  // namespace mullion::client
