#include "net/worker_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <thread>
#include <vector>

#include "net/tests/loop.h"

namespace mullion::net {
namespace {

std::ptrdiff_t threads_of_this_process() {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
}

std::thread::id somewhere() {
    return std::this_thread::get_id();
}

// A command whose log-on does not block pays for no thread.
TEST(WorkerPool, HasNoThreadBeforeTheFirstJob) {
    const auto before = threads_of_this_process();
    Loop loop;
    EXPECT_EQ(threads_of_this_process(), before);
    EXPECT_NE(loop.run(loop.pool().run(somewhere)), std::this_thread::get_id());
    EXPECT_GT(threads_of_this_process(), before);
}

// Of all threads that ask first, one makes the workers.
TEST(WorkerPool, BeginsOnceForManyThreads) {
    std::array<Loop, 4> loops;  // Until the workers are gone: these tell them last that they are done.
    WorkerPool pool(2);
    std::vector<std::thread> asking;
    std::atomic<int> elsewhere{0};
    for (Loop& loop : loops) {
        asking.emplace_back([&] {
            if (loop.run(pool.run(somewhere)) != std::this_thread::get_id()) ++elsewhere;
        });
    }
    for (auto& thread : asking) thread.join();
    EXPECT_EQ(elsewhere, 4);
}

}  // namespace
}  // namespace mullion::net
