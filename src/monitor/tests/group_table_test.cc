#include "monitor/group_table.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

namespace mullion::monitor {
namespace {

std::vector<pid_t> all(const GroupTable& table) {
    std::vector<pid_t> found;
    table.each([&](pid_t leader) { found.push_back(leader); });
    return found;
}

TEST(GroupTable, ShowsTheParentWhatTheChildEntered) {
    auto table = GroupTable::make(4).value();
    const auto slot = table.take().value();
    const pid_t child = ::fork();
    if (child == 0) {
        slot.enter(::getpid());
        ::_exit(0);
    }
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    EXPECT_TRUE(table.has(child));
    EXPECT_EQ(all(table), std::vector<pid_t>{child});
    slot.clear();
    EXPECT_FALSE(table.has(child));
}

TEST(GroupTable, GivesARowBackWhenItsSlotGoes) {
    auto table = GroupTable::make(2).value();
    {
        const auto first = table.take().value();
        auto second = table.take().value();
        EXPECT_FALSE(table.take().ok());
        first.enter(11);
        second.enter(12);
        const GroupTable::Slot moved = std::move(second);
        EXPECT_EQ(all(table).size(), 2U);
        EXPECT_FALSE(table.take().ok());
    }
    EXPECT_TRUE(all(table).empty());
    for (int i = 0; i < 100; ++i) {
        const auto slot = table.take();
        ASSERT_TRUE(slot.ok());
        slot->enter(13);
    }
    EXPECT_TRUE(all(table).empty());
}

// kill(-1) is everybody, kill(-0) our own group: neither number may ever come out.
TEST(GroupTable, NamesNoGroupThatIsEverybody) {
    auto table = GroupTable::make(3).value();
    const auto first = table.take().value();
    const auto second = table.take().value();
    const auto third = table.take().value();
    first.enter(0);
    second.enter(1);
    third.enter(-5);
    EXPECT_TRUE(all(table).empty());
}

TEST(GroupTable, AnEmptySlotDoesNothing) {
    const GroupTable::Slot none;
    none.enter(5);
    none.clear();
}

}  // namespace
}  // namespace mullion::monitor
