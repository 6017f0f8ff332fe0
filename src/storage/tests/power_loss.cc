#include "storage/tests/power_loss.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <vector>

namespace mullion::storage {
namespace {

struct Change {
    bool truncates = false;
    std::size_t place = 0;  // Or the new size.
    std::string bytes;
};

void put_in(const Change& change, std::string& file) {
    if (change.truncates) {
        file.resize(change.place);
        return;
    }
    file.resize(std::max(file.size(), change.place + change.bytes.size()));
    file.replace(change.place, change.bytes.size(), change.bytes);
}

// What is surely on the disk, and what has come since.
struct Shadow {
    bool there = false;
    std::string synced;
    std::vector<Change> since;
    bool removed = false;  // After that, and not synced.
};

struct World {
    sqlite3_vfs* base = nullptr;
    std::map<std::string, Shadow> files;
    int syncs = 0, operations = 0, cut_at = -1, kill_at = -1;
    PowerLoss::Left left = PowerLoss::Left::nothing;
    unsigned seed = 1;
    bool off = false;

    void count_operation() {
        if (operations++ == kill_at) ::raise(SIGKILL);
    }
    // False: the power went.
    bool count_sync() {
        if (syncs++ == cut_at) off = true;
        return !off;
    }
} world;

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct File {
    sqlite3_file base;
    Shadow* shadow;
    sqlite3_file* real;  // Behind this.
};
File& of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}

int close_file(sqlite3_file* file) {
    return of(file).real->pMethods->xClose(of(file).real);
}
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 place) {
    if (world.off) return SQLITE_IOERR_READ;
    return of(file).real->pMethods->xRead(of(file).real, to, size, place);
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 place) {
    if (world.off) return SQLITE_IOERR_WRITE;
    world.count_operation();
    of(file).shadow->since.push_back(
        {false, static_cast<std::size_t>(place),
         std::string(static_cast<const char*>(from), static_cast<std::size_t>(size))});
    return of(file).real->pMethods->xWrite(of(file).real, from, size, place);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (world.off) return SQLITE_IOERR_TRUNCATE;
    world.count_operation();
    of(file).shadow->since.push_back({true, static_cast<std::size_t>(size), {}});
    return of(file).real->pMethods->xTruncate(of(file).real, size);
}
int sync_file(sqlite3_file* file, int) {
    if (world.off) return SQLITE_IOERR_FSYNC;
    world.count_operation();
    if (!world.count_sync()) return SQLITE_IOERR_FSYNC;
    Shadow& shadow = *of(file).shadow;
    for (const auto& change : shadow.since) put_in(change, shadow.synced);
    shadow.since.clear();
    shadow.there = true;  // unix's own syncs the folder of a new journal with it.
    shadow.removed = false;
    return SQLITE_OK;
}
int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    if (world.off) return SQLITE_IOERR_FSTAT;
    return of(file).real->pMethods->xFileSize(of(file).real, size);
}
int lock_file(sqlite3_file* file, int level) {
    if (world.off) return SQLITE_IOERR_LOCK;
    return of(file).real->pMethods->xLock(of(file).real, level);
}
int unlock_file(sqlite3_file* file, int level) {
    return of(file).real->pMethods->xUnlock(of(file).real, level);
}
int reserved(sqlite3_file* file, int* out) {
    if (world.off) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    return of(file).real->pMethods->xCheckReservedLock(of(file).real, out);
}
int control(sqlite3_file* file, int operation, void* argument) {
    return of(file).real->pMethods->xFileControl(of(file).real, operation, argument);
}
int sector_size(sqlite3_file* file) {
    return of(file).real->pMethods->xSectorSize(of(file).real);
}
int characteristics(sqlite3_file* file) {
    return of(file).real->pMethods->xDeviceCharacteristics(of(file).real) & SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods methods = {1,         close_file,   read_file,       write_file,  truncate_file,
                                    sync_file, size_of_file, lock_file,       unlock_file, reserved,
                                    control,   sector_size,  characteristics, nullptr,     nullptr,
                                    nullptr,   nullptr,      nullptr,         nullptr};

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out) {
    File& opened = of(file);
    opened.base.pMethods = nullptr;
    if (world.off || path == nullptr) return SQLITE_CANTOPEN;
    opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
    auto [shadow, is_new] = world.files.try_emplace(path);
    if (is_new) {
        shadow->second.there = std::filesystem::exists(path);
        shadow->second.synced = content(path);
    }
    opened.shadow = &shadow->second;
    const int code = world.base->xOpen(world.base, path, opened.real, flags, out);
    if (code == SQLITE_OK) opened.base.pMethods = &methods;
    return code;
}

int delete_file(sqlite3_vfs*, const char* path, int sync_folder) {
    if (world.off) return SQLITE_IOERR_DELETE;
    world.count_operation();
    Shadow& shadow = world.files[path];
    const int code = world.base->xDelete(world.base, path, 0);
    shadow.removed = true;
    if (sync_folder == 0) return code;
    if (!world.count_sync()) return SQLITE_IOERR_DELETE;
    shadow = {};
    return code;
}
int access_file(sqlite3_vfs*, const char* path, int flags, int* out) {
    if (world.off) return SQLITE_IOERR_ACCESS;
    return world.base->xAccess(world.base, path, flags, out);
}

sqlite3_vfs own;

// What a disk has after the power was gone.
void leave(const std::string& path, const Shadow& shadow, std::minstd_rand& coin) {
    const auto chance = [&](unsigned of) { return coin() % of == 0; };
    const bool all = world.left == PowerLoss::Left::everything, some = world.left == PowerLoss::Left::some;
    if (all) return;  // As it is.
    std::string bytes = shadow.synced;
    const bool gone = shadow.there ? shadow.removed && some && chance(2) : !(some && chance(2));
    for (auto change : shadow.since) {
        if (!some || chance(2)) continue;
        // Only some sectors of it.
        if (chance(4) && change.bytes.size() > 512)
            change.bytes.resize(coin() % (change.bytes.size() / 512) * 512);
        put_in(change, bytes);
    }
    if (gone) {
        ::unlink(path.c_str());
    } else {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
}

}  // namespace

PowerLoss::PowerLoss() {
    world = {};
    world.base = sqlite3_vfs_find("unix");
    own = *world.base;
    own.zName = "power-loss";
    own.szOsFile = static_cast<int>(sizeof(File)) + world.base->szOsFile;
    own.pNext = nullptr;
    own.xOpen = open_file;
    own.xDelete = delete_file;
    own.xAccess = access_file;
    EXPECT_EQ(sqlite3_vfs_register(&own, 1), SQLITE_OK);
}

PowerLoss::~PowerLoss() {
    sqlite3_vfs_unregister(&own);
    EXPECT_EQ(sqlite3_vfs_register(world.base, 1), SQLITE_OK);
}

void PowerLoss::cut_at(int sync, Left left, unsigned seed) {
    world.cut_at = sync;
    world.left = left;
    world.seed = seed;
    world.syncs = 0;
}
void PowerLoss::kill_at(int operation) {
    world.kill_at = operation;
    world.operations = 0;
}
int PowerLoss::syncs() const {
    return world.syncs;
}
int PowerLoss::operations() const {
    return world.operations;
}
bool PowerLoss::is_off() const {
    return world.off;
}

void PowerLoss::restore_power() {
    if (world.off) {
        std::minstd_rand coin(world.seed);
        for (const auto& [path, shadow] : world.files) leave(path, shadow, coin);
    }
    // Files that are open stay known.
    for (auto& [path, shadow] : world.files)
        shadow = {std::filesystem::exists(path), content(path), {}, false};
    world.off = false;
    world.syncs = world.operations = 0;
    world.cut_at = world.kill_at = -1;
}

}  // namespace mullion::storage
