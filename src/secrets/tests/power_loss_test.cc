// Power that goes at each sync, and processes that are killed at each write: the old state or the new one,
// never neither.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "secrets/tests/store_fixture.h"
#include "storage/tests/power_loss.h"

namespace mullion::secrets {
namespace {

using storage::PowerLoss;

// The power is played: nothing here has to wait for a disk.
[[maybe_unused]] const int in_memory =
    ::access("/dev/shm", W_OK | X_OK) == 0 ? ::setenv("TMPDIR", "/dev/shm", 1) : 0;

class PowerLossTest : public testing::Test {
protected:
    // A world of its own, with a store in it that has two values, one of them in two versions.
    struct World : StoreTest {
        void TestBody() override {}
        World() {
            EXPECT_TRUE(add(text_secret("a"), "1").ok());
            EXPECT_TRUE(store->update(who, purpose, text_secret("a"), Secret("2")).ok());
            EXPECT_TRUE(add(text_secret("b", builtin_manager_id, {"o", {}}), "3").ok());
            EXPECT_TRUE(store->backup(who, purpose, folder / "backup").ok());
            EXPECT_TRUE(store->update(who, purpose, text_secret("a"), Secret("later")).ok());
        }
        using StoreTest::add;
        using StoreTest::audit;
        using StoreTest::audit_file;
        using StoreTest::folder;
        using StoreTest::key_file;
        using StoreTest::managers;
        using StoreTest::open;
        using StoreTest::path;
        using StoreTest::purpose;
        using StoreTest::store;
        using StoreTest::text_secret;
        using StoreTest::value;
        using StoreTest::who;
    };
    struct Operation {
        std::function<bool(World&)> act;               // True: it was told to be done.
        std::function<bool(World&, bool done)> state;  // Whether it is as before, or as after.
    };

    static bool others_are_well(World& world) {
        return world.value("b", {"o", {}}) == "3" && world.store->list().ok();
    }

    static Operation adding() {
        return {[](World& world) {
                    return world.add(world.text_secret("fresh", builtin_manager_id, {"o", "p"}), "4").ok();
                },
                [](World& world, bool done) {
                    return world.value("fresh", {"o", "p"}) == (done ? "4" : "! secrets.missing") &&
                           world.value("a") == "later";
                }};
    }
    static Operation changing() {
        return {[](World& world) {
                    return world.store->update(world.who, world.purpose, world.text_secret("a"), Secret("4"))
                        .ok();
                },
                [](World& world, bool done) { return world.value("a") == (done ? "4" : "later"); }};
    }
    static Operation moving() {
        return {[](World& world) {
                    return world.store
                        ->move(world.who, world.purpose, world.text_secret("a").identity, {"o", "p"})
                        .ok();
                },
                [](World& world, bool done) {
                    return world.value("a", {"o", "p"}) == (done ? "later" : "! secrets.missing") &&
                           world.value("a") == (done ? "! secrets.missing" : "later");
                }};
    }
    // What it does in between is as good as before and after.
    static Operation rotating() {
        return {[](World& world) { return world.store->rotate(world.who, world.purpose).ok(); },
                [](World& world, bool) { return world.value("a") == "later"; }};
    }
    static Operation rewrapping() {
        return {[](World& world) {
                    auto own = BuiltinManager::open_file(world.key_file, {});
                    if (!own.ok() || !(*own)->add_key().ok()) return false;
                    world.managers.own = *own;
                    world.open();
                    return world.store->rewrap(world.who, world.purpose).ok() &&
                           world.store->drop_old_keys(**own).ok();
                },
                [](World& world, bool) { return world.value("a") == "later"; }};
    }
    static Operation restoring() {
        return {[](World& world) {
                    world.store.reset();
                    return Store::restore(world.who, world.purpose, world.folder / "backup", world.path, true,
                                          *world.audit)
                        .ok();
                },
                [](World& world, bool done) { return world.value("a") == (done ? "2" : "later"); }};
    }

    static void look(World& world, const Operation& operation, bool told, const std::string& where) {
        world.store.reset();
        world.managers.own = nullptr;
        world.open();
        ASSERT_TRUE(world.store) << where;
        const bool before = operation.state(world, false), after = operation.state(world, true);
        EXPECT_TRUE(before || after) << where << " a: " << world.value("a");
        EXPECT_TRUE(!told || after) << where;  // What was told to be done is done.
        EXPECT_TRUE(others_are_well(world)) << where;
        // And it goes on from there.
        EXPECT_TRUE(world.store->rotate(world.who, world.purpose).ok()) << where;
        EXPECT_TRUE(others_are_well(world)) << where;
    }

    static void cut_everywhere(const Operation& operation) {
        int cuts = 0;
        for (const auto left :
             {PowerLoss::Left::nothing, PowerLoss::Left::everything, PowerLoss::Left::some}) {
            for (int at = 0;; ++at) {
                PowerLoss power;
                World world;
                power.restore_power();
                power.cut_at(at, left, static_cast<unsigned>(at + 1));
                const bool told = operation.act(world);
                const bool off = power.is_off();
                world.store.reset();
                power.restore_power();
                look(world, operation, told,
                     std::to_string(at) + " left " + std::to_string(static_cast<int>(left)));
                if (!off) {
                    EXPECT_TRUE(told);
                    break;
                }
                ++cuts;
            }
        }
        EXPECT_GE(cuts, 6);
    }

    static void kill_everywhere(const Operation& operation) {
        int kills = 0;
        for (int at = 0;; ++at) {
            PowerLoss power;
            World world;
            world.store.reset();
            const pid_t pid = ::fork();
            ASSERT_GE(pid, 0);
            if (pid == 0) {
                world.open();
                power.kill_at(at);
                ::_exit(operation.act(world) ? 0 : 1);
            }
            int status = -1;
            ASSERT_EQ(::waitpid(pid, &status, 0), pid);
            const bool killed = WIFSIGNALED(status);
            power.restore_power();
            look(world, operation, !killed && WEXITSTATUS(status) == 0, "killed at " + std::to_string(at));
            if (!killed) {
                EXPECT_EQ(WEXITSTATUS(status), 0);
                break;
            }
            ++kills;
        }
        EXPECT_GE(kills, 6);
    }
};

// The log says ahead what is done. Where a commit fails and this process lives on, it says that it was not:
// the disk is full, or is taken away.
TEST_F(PowerLossTest, WhatWasNotDoneIsTakenBackInTheLog) {
    const std::vector<std::function<bool(World&)>> changes{
        [](World& world) { return world.add(world.text_secret("fresh"), "4").ok(); },
        [](World& world) {
            return world.store->remove(world.who, world.purpose, world.text_secret("a").identity).ok();
        },
        [](World& world) {
            return world.store->move(world.who, world.purpose, world.text_secret("a").identity, {"o", {}})
                .ok();
        },
        [](World& world) {
            return world.store->make_current(world.who, world.purpose, world.text_secret("a").identity, 1)
                .ok();
        }};
    for (std::size_t which = 0; which < changes.size(); ++which) {
        PowerLoss power;
        World world;
        power.restore_power();
        power.cut_at(0, PowerLoss::Left::nothing);
        EXPECT_FALSE(changes[which](world)) << which;
        EXPECT_TRUE(power.is_off()) << which;
        std::string last;
        const auto verdict =
            verify_audit(world.audit_file, world.audit->head(), [&](std::string_view line) { last = line; });
        ASSERT_TRUE(verdict.ok()) << verdict.error().message();
        EXPECT_NE(last.find("\"kind\":\"refused\""), std::string::npos) << which << last;
        EXPECT_NE(last.find("secrets.store: not done after all"), std::string::npos) << which << last;
        world.store.reset();
        power.restore_power();
        world.open();
        EXPECT_EQ(world.value("a"), "later") << which;
    }
}

TEST_F(PowerLossTest, CutWhileAdding) {
    cut_everywhere(adding());
}
TEST_F(PowerLossTest, CutWhileChanging) {
    cut_everywhere(changing());
}
TEST_F(PowerLossTest, CutWhileMoving) {
    cut_everywhere(moving());
}
TEST_F(PowerLossTest, CutWhileRotating) {
    cut_everywhere(rotating());
}
TEST_F(PowerLossTest, CutWhileRewrapping) {
    cut_everywhere(rewrapping());
}
TEST_F(PowerLossTest, CutWhileRestoring) {
    cut_everywhere(restoring());
}

TEST_F(PowerLossTest, KilledWhileAdding) {
    kill_everywhere(adding());
}
TEST_F(PowerLossTest, KilledWhileRotating) {
    kill_everywhere(rotating());
}
TEST_F(PowerLossTest, KilledWhileRewrapping) {
    kill_everywhere(rewrapping());
}
TEST_F(PowerLossTest, KilledWhileRestoring) {
    kill_everywhere(restoring());
}

// A store that is only being made, and a restore to where nothing was.
TEST_F(PowerLossTest, CutWhileTheFirstStoreIsMadeOrRestored) {
    for (const bool restored : {false, true}) {
        for (int at = 0;; ++at) {
            PowerLoss power;
            World world;
            world.store.reset();
            power.restore_power();
            world.path = world.folder / "other.db";
            power.cut_at(at, at % 2 == 0 ? PowerLoss::Left::nothing : PowerLoss::Left::some,
                         static_cast<unsigned>(at));
            bool told = false;
            if (restored) {
                told = Store::restore(world.who, world.purpose, world.folder / "backup", world.path, false,
                                      *world.audit)
                           .ok();
            } else {
                told = Store::open(world.path, Store::Mode::create, world.managers, *world.audit).ok();
            }
            const bool off = power.is_off();
            power.restore_power();
            // Nothing but the store itself would stand in the way of another try.
            if (restored && !told) {
                const auto again = Store::restore(world.who, world.purpose, world.folder / "backup",
                                                  world.path, false, *world.audit);
                EXPECT_TRUE(again.ok() || again.error().id == ErrorId::secrets_exists)
                    << at << again.error().message();
            }
            world.open();
            ASSERT_TRUE(world.store) << at;
            EXPECT_EQ(world.value("a"), restored ? "2" : "! secrets.missing") << at;
            if (!off) {
                EXPECT_TRUE(told);
                break;
            }
        }
    }
}

}  // namespace
}  // namespace mullion::secrets
