// The process groups of the commands, in memory that the monitor, its keeper and a child before its exec
// share: what is written here outlives the monitor, however that ends.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <vector>

#include "core/result.h"

namespace mullion::monitor {

class GroupTable {
public:
    // One row, free again when this goes.
    class Slot {
    public:
        Slot() = default;
        Slot(GroupTable& table, std::size_t row) : table_(&table), row_(row) {}
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        Slot(Slot&& other) noexcept;
        Slot& operator=(Slot&& other) noexcept;
        ~Slot() { release(); }

        // Between fork and exec, by the child itself: before it can start anything. Async-signal-safe.
        void enter(pid_t leader) const noexcept;
        // Before the leader is reaped: from then on its number can be another's.
        void clear() const noexcept { enter(0); }

    private:
        void release() noexcept;
        GroupTable* table_ = nullptr;
        std::size_t row_ = 0;
    };

    // Errors: serve.monitor
    [[nodiscard]] static Result<GroupTable> make(std::size_t rows);
    GroupTable(const GroupTable&) = delete;
    GroupTable& operator=(const GroupTable&) = delete;
    GroupTable(GroupTable&& other) noexcept;
    GroupTable& operator=(GroupTable&&) = delete;
    ~GroupTable();

    // Slots point to the table: it stays where it is from the first call on. Errors: serve.spawn when full.
    [[nodiscard]] Result<Slot> take();

    [[nodiscard]] bool has(pid_t leader) const;
    void each(const std::function<void(pid_t)>& visit) const;

private:
    using Row = std::atomic<pid_t>;
    static_assert(Row::is_always_lock_free);

    GroupTable(Row* rows, std::size_t count);

    Row* rows_;
    std::size_t count_;
    std::vector<std::size_t> free_;  // The monitor's own: the keeper only looks at rows.
};

}  // namespace mullion::monitor
