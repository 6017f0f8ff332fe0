#include "monitor/group_table.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include "os/file.h"

namespace mullion::monitor {

GroupTable::Slot::Slot(Slot&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)), row_(other.row_) {}

GroupTable::Slot& GroupTable::Slot::operator=(Slot&& other) noexcept {
    release();
    table_ = std::exchange(other.table_, nullptr);
    row_ = other.row_;
    return *this;
}

void GroupTable::Slot::enter(pid_t leader) const noexcept {
    if (table_ != nullptr) table_->rows_[row_].store(leader);
}

void GroupTable::Slot::release() noexcept {
    if (table_ == nullptr) return;
    clear();
    table_->free_.push_back(row_);  // Has room: reserved for all rows.
    table_ = nullptr;
}

Result<GroupTable> GroupTable::make(std::size_t rows) {
    void* const memory =
        ::mmap(nullptr, rows * sizeof(Row), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return os::system_error(ErrorId::serve_monitor, "share memory", errno);
    return GroupTable(static_cast<Row*>(memory), rows);  // Fresh pages are zero: no group.
}

GroupTable::GroupTable(Row* rows, std::size_t count) : rows_(rows), count_(count) {
    free_.reserve(count);
    for (std::size_t row = count; row > 0; --row) free_.push_back(row - 1);
}

GroupTable::GroupTable(GroupTable&& other) noexcept
    : rows_(std::exchange(other.rows_, nullptr)), count_(other.count_), free_(std::move(other.free_)) {}

GroupTable::~GroupTable() {
    if (rows_ != nullptr) ::munmap(rows_, count_ * sizeof(Row));
}

Result<GroupTable::Slot> GroupTable::take() {
    if (free_.empty()) return Error(ErrorId::spawn_failed, "no room to note another process group");
    const std::size_t row = free_.back();
    free_.pop_back();
    return Slot(*this, row);
}

bool GroupTable::has(pid_t leader) const {
    const std::span rows(rows_, count_);
    return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.load() == leader; });
}

void GroupTable::each(const std::function<void(pid_t)>& visit) const {
    for (const Row& row : std::span(rows_, count_)) {
        if (const pid_t leader = row.load(); leader > 1) visit(leader);
    }
}

}  // namespace mullion::monitor
