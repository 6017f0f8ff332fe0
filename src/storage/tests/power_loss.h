// A file system below SQLite whose power can be cut: what was not synced by then is gone, or half there.
#pragma once

#include <string>

namespace mullion::storage {

// SQLite's default file system for as long as this lives; files are real ones. One at a time, of one thread.
class PowerLoss {
public:
    // Of what was not synced.
    enum class Left { nothing, everything, some };

    PowerLoss();
    PowerLoss(const PowerLoss&) = delete;
    PowerLoss& operator=(const PowerLoss&) = delete;
    ~PowerLoss();

    // At the sync with this number (from 0), before it has done anything. From then on nothing can be read or
    // written.
    void cut_at(int sync, Left left, unsigned seed = 1);
    // This process is killed at the write, sync, truncation or removal with this number (from 0), before it
    // is done.
    void kill_at(int operation);
    [[nodiscard]] int syncs() const;
    [[nodiscard]] int operations() const;
    [[nodiscard]] bool is_off() const;
    // Puts on the disk what is left, and begins to count anew, without another cut.
    void restore_power();
};

}  // namespace mullion::storage
