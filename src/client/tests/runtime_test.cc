// Which thread a session comes to live on.
#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

#include <future>

#include "client/client.h"
#include "client/runtime.h"

namespace mullion::client {
namespace {

class RuntimeTest : public ::testing::Test {
protected:
    LoopPlace place() { return runtime.state().place(); }
    // Gives where a session would be that is made on the thread of `loop`.
    IoLoop* placed_from(IoLoop& loop) {
        std::promise<IoLoop*> found;
        boost::asio::post(loop.io(), [&] {
            IoLoop* where = &*place();  // Its place is free again before anyone hears of it.
            found.set_value(where);
        });
        return found.get_future().get();
    }

    Runtime runtime{{.io_threads = 3}};
};

TEST_F(RuntimeTest, SharesSessionsOutEvenly) {
    const auto one = place();
    const auto two = place();
    const auto three = place();
    EXPECT_NE(&*one, &*two);
    EXPECT_NE(&*two, &*three);
    EXPECT_NE(&*three, &*one);
}

TEST_F(RuntimeTest, KeepsASessionOnTheThreadThatMakesIt) {
    const auto one = place();
    const auto two = place();
    const auto three = place();
    for (const auto* here : {&one, &two, &three}) EXPECT_EQ(placed_from(**here), &**here);
}

TEST_F(RuntimeTest, LeavesAThreadThatHasMoreThanAnother) {
    const auto one = place();
    const auto two = place();
    EXPECT_NE(placed_from(*one), &*one);
    EXPECT_EQ(placed_from(*one), placed_from(*two));
}

}  // namespace
}  // namespace mullion::client
