#include "storage/wiped_memory.h"

#include <sqlite3.h>

#include <cstring>
#include <mutex>

#include "core/secret.h"

namespace mullion::storage {
namespace {

// SQLite's own, which know how long a block is.
sqlite3_mem_methods plain{};

void wipe_and_free(void* block) {
    if (block == nullptr) return;
    wipe_memory(block, static_cast<std::size_t>(plain.xSize(block)));
    plain.xFree(block);
}

void* move(void* block, int size) {
    void* const moved = plain.xMalloc(size);
    if (moved == nullptr) return nullptr;
    const int had = plain.xSize(block);
    std::memcpy(moved, block, static_cast<std::size_t>(had < size ? had : size));
    wipe_and_free(block);
    return moved;
}

}  // namespace

void wipe_what_sqlite_frees() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK) return;
        sqlite3_mem_methods wiping = plain;
        wiping.xFree = wipe_and_free;
        wiping.xRealloc = move;
        sqlite3_config(SQLITE_CONFIG_MALLOC, &wiping);
        // Small blocks come from a slab of each connection otherwise, and go back there as they are.
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    });
}

}  // namespace mullion::storage
